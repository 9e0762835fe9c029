#!/usr/bin/env python3
"""A receiver of webhooks for tests: checks signatures as standardwebhooks.com says, and misbehaves as the path asks.

  /ok  /fetched  /status/NNN[?retry_after=TEXT]  /redirect  /hang  /half  /slow  /big

Prints "ready PORT". Every request becomes a line of JSON in RECORD before it is answered: path, headers, body, and which
of the secrets its signature is good for. Ends when its standard input does.

Example: http_receiver.py --record /tmp/requests --secret whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX
"""

import argparse
import base64
import hashlib
import hmac
import http.server
import json
import os
import ssl
import sys
import threading
import time
import urllib.parse


def good_for(secrets, headers, body):
    """The places in `secrets` of those that made one of the signatures."""
    content = headers.get("webhook-id", "") + "." + headers.get("webhook-timestamp", "") + "."
    given = [s[3:] for s in headers.get("webhook-signature", "").split(" ") if s.startswith("v1,")]
    good = []
    for place, secret in enumerate(secrets):
        key = base64.b64decode(secret[len("whsec_"):], validate=True)
        wanted = base64.b64encode(hmac.new(key, content.encode() + body, hashlib.sha256).digest()).decode()
        if any(hmac.compare_digest(wanted, one) for one in given):
            good.append(place)
    return good


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.server.lock, open(self.server.record, "a", encoding="utf-8") as record:
            record.write(json.dumps({"path": self.path, "headers": headers, "body": body.decode("utf-8"),
                                     "good_for": good_for(self.server.secrets, headers, body)}) + "\n")
        url = urllib.parse.urlsplit(self.path)
        name, _, argument = url.path.strip("/").partition("/")
        getattr(self, "be_" + name)(argument, urllib.parse.parse_qs(url.query))

    do_GET = do_POST

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def be_ok(self, *_):
        self.answer(202, b"thanks")

    def be_fetched(self, *_):
        self.answer(200, b"what was asked for")

    def be_status(self, argument, query):
        more = {"Retry_After": query["retry_after"][0]} if "retry_after" in query else {}
        self.answer(int(argument), "no: \x07 tr\u00ean\n".encode(), **more)

    def be_redirect(self, *_):
        self.answer(302, Location="/ok")

    def be_hang(self, *_):
        time.sleep(60)

    def be_half(self, *_):
        self.send_response(200)
        self.send_header("Content-Length", "100")
        self.end_headers()
        self.wfile.write(b"half")
        self.close_connection = True

    def be_slow(self, *_):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        for _ in range(600):
            self.wfile.write(b".")
            self.wfile.flush()
            time.sleep(0.1)

    def be_big(self, *_):
        self.answer(200, b"x" * 10_000_000)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # clients that give up are what the tests are about


def end_with_input():
    sys.stdin.read()
    os._exit(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", required=True)
    parser.add_argument("--secret", action="append", default=[])
    parser.add_argument("--certificate", help="PEM; with it and --key the receiver talks TLS")
    parser.add_argument("--key")
    parser.add_argument("--most-tls", choices=["1.1", "1.3"], default="1.3")
    arguments = parser.parse_args()
    server = Server(("127.0.0.1", 0), Receiver)
    server.record, server.secrets, server.lock = arguments.record, arguments.secret, threading.Lock()
    if arguments.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if arguments.most_tls == "1.1":
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.load_cert_chain(arguments.certificate, arguments.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=end_with_input, daemon=True).start()
    print("ready", server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
