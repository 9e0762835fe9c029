#!/usr/bin/env python3
"""A mail server for tests, made of aiosmtpd (Debian: python3-aiosmtpd).

Receivers that begin with "unknown" are refused for good, with "full" for now. Each mail that is taken becomes a line of
JSON in RECORD: how it came, and what Python's email package reads in it. Prints "ready PORT". Ends when its standard
input does.

Example: smtp_server.py --record /tmp/mails --tls starttls --certificate cert.pem --key key.pem --login dolen:secret
"""

import argparse
import asyncio
import email
import email.policy
import json
import os
import ssl
import sys
import threading

try:
    from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
except ImportError:
    SMTP = None


def read(mail):
    """What a mail program sees."""
    message = email.message_from_bytes(mail, policy=email.policy.default)
    parts = [{"type": part.get_content_type(), "charset": part.get_content_charset(), "text": part.get_content().replace("\r\n", "\n"),
              "defects": [str(d) for d in part.defects]}
             for part in message.walk() if not part.is_multipart()]
    return {"headers": {name.lower(): str(value) for name, value in message.items()},
            "to": [address.addr_spec for address in message["to"].addresses],
            "unix": message["date"].datetime.timestamp(),
            "type": message.get_content_type(),
            "defects": [str(d) for d in message.defects],
            "header_defects": [str(d) for value in message.values() for d in value.defects],
            "longest_line": max(len(line) for line in mail.split(b"\r\n")),
            "parts": parts}


class Handler:
    def __init__(self, record, hang):
        self.record, self.hang = record, hang

    async def pause_at(self, command):
        if self.hang == command:
            await asyncio.sleep(60)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("unknown"):
            return "550 5.1.1 no such mailbox"
        if address.startswith("full"):
            return "452 4.2.2 mailbox is full"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server, session, envelope):
        await self.pause_at("data")
        one = {"from": envelope.mail_from, "receivers": envelope.rcpt_tos, "tls": session.ssl is not None,
               "login": bool(session.authenticated), "mail": read(envelope.content)}
        with open(self.record, "a", encoding="utf-8") as record:
            record.write(json.dumps(one) + "\n")
        return "250 2.0.0 kept"

    async def handle_QUIT(self, server, session, envelope):
        await self.pause_at("quit")
        return "221 2.0.0 bye"


def authenticator(login):
    def check(server, session, envelope, mechanism, data):
        good = isinstance(data, LoginPassword) and (data.login + b":" + data.password).decode() == login
        return AuthResult(success=good, handled=False if not good else True)
    return check


async def serve(arguments):
    context = None
    if arguments.tls != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(arguments.certificate, arguments.key)
    handler = Handler(arguments.record, arguments.hang)

    def connection():
        return SMTP(handler, hostname="test.invalid", tls_context=context if arguments.tls == "starttls" else None,
                    authenticator=authenticator(arguments.login) if arguments.login else None,
                    auth_required=bool(arguments.login), auth_require_tls=arguments.tls == "starttls")
    server = await asyncio.get_running_loop().create_server(
        connection, "127.0.0.1", 0, ssl=context if arguments.tls == "smtps" else None)
    print("ready", server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


def end_with_input():
    sys.stdin.read()
    os._exit(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", required=True)
    parser.add_argument("--tls", choices=["none", "starttls", "smtps"], default="none")
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    parser.add_argument("--login", help="user:password that clients must give")
    parser.add_argument("--hang", choices=["data", "quit"], help="where the server stops answering")
    arguments = parser.parse_args()
    if SMTP is None:
        sys.exit("aiosmtpd is missing: install python3-aiosmtpd (deploy/install-packages test)")
    threading.Thread(target=end_with_input, daemon=True).start()
    asyncio.run(serve(arguments))


if __name__ == "__main__":
    main()
