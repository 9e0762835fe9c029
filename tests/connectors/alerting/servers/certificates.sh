#!/usr/bin/env bash
# Makes a certificate authority and a server's certificate for loopback, valid for a day, in a folder.
set -euo pipefail
case "${1:---help}" in
  --help | -h) echo "Usage: certificates.sh FOLDER: writes ca.pem, server.pem and server-key.pem"; exit 0 ;;
esac
cd "$1"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj "/CN=test authority" \
  -keyout ca-key.pem -out ca.pem 2>openssl.log
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=test server" \
  -addext "subjectAltName=IP:127.0.0.1" -keyout server-key.pem -out server.csr 2>>openssl.log
openssl x509 -req -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 1 -copy_extensions copy \
  -out server.pem 2>>openssl.log
