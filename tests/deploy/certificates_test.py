#!/usr/bin/env python3
"""`dolen serve` with TLS: programs by certificates of a made-up authority, people by tokens, and who is not let in."""
import json
import ssl
import subprocess
import unittest
import urllib.error
import urllib.request

import program

ACCESS = """
development { person { id: "sian" name: "Sian" agency: "llais_charity" role: "practitioner" } }
tls { certificate_file: "server.pem" key_file: "server.key" client_authority_file: "authority.pem" }
"""
FEED = """
program { certificate: "URI:spiffe://example.wales/feed" id: "feed" agency: "llais_charity" role: "operator" }
"""


class Certificates(program.ProgramTest):
    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def authority(self, name):
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
                     "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.pem")

    def issue(self, name, authority, extensions):
        (self.folder / f"{name}.ext").write_text(extensions + "\n")
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                     "-keyout", f"{name}.key", "-out", f"{name}.csr")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.pem", "-CAkey", f"{authority}.key",
                     "-days", "1", "-extfile", f"{name}.ext", "-out", f"{name}.pem")

    def setUp(self):
        super().setUp()
        for name in ("authority", "stranger"):
            self.authority(name)
        self.issue("server", "authority", "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth")
        said = "subjectAltName=URI:spiffe://example.wales/{}\nextendedKeyUsage=clientAuth"
        self.issue("feed", "authority", said.format("feed"))
        self.issue("other", "authority", said.format("other"))
        self.issue("forged", "stranger", said.format("feed"))
        self.port = program.free_port()
        self.write(FEED)
        self.serve(f"--listen=127.0.0.1:{self.port}", "--access=access.textproto")

    def write(self, programs):
        (self.folder / "access.textproto").write_text(ACCESS + programs)

    def ask(self, path, certificate=None, token=None, body=None):
        """(status, answer); a refused handshake is an error."""
        context = ssl.create_default_context(cafile=self.folder / "authority.pem")
        if certificate:
            context.load_cert_chain(self.folder / f"{certificate}.pem", self.folder / f"{certificate}.key")
        request = urllib.request.Request(f"https://127.0.0.1:{self.port}{path}", data=body and json.dumps(body).encode(),
                                         headers={"content-type": "application/json"})
        if token:
            request.add_header("authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=30, context=context) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def test_who_is_let_in_and_as_whom(self):
        status, me = self.ask("/v1/me", "feed")
        self.assertEqual((status, me["subject"], me["agency"], me["roles"]), (200, "feed", "llais_charity", ["operator"]))
        self.assertEqual(self.ask("/v1/me", "other")[0], 401)
        self.assertEqual(self.ask("/v1/me")[0], 401)
        with self.assertRaises((urllib.error.URLError, ssl.SSLError, ConnectionError)):
            self.ask("/v1/me", "forged")
        token = self.ask("/v1/sign-in/development", body={"id": "sian"})[1]["access_token"]
        self.assertEqual(self.ask("/v1/me", token=token)[1]["subject"], "sian")
        self.assertEqual(self.ask("/v1/me", "feed", token)[1]["subject"], "sian")
        # Taken out of the file, it is believed for ten seconds at most, without a restart.
        self.write("")
        self.until(lambda: self.ask("/v1/me", "feed")[0] == 401, seconds=15)
        self.assertEqual(self.ask("/v1/me", token=token)[0], 200)


if __name__ == "__main__":
    unittest.main()
