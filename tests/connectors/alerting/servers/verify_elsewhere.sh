#!/usr/bin/env bash
# Verifies a webhook with the library of those who wrote the specification, standardwebhooks from npm, which comes into
# build/tools once. Exit 0 good, 1 not, 77 where the library or node cannot be had.
set -euo pipefail
case "${1:---help}" in
  --help | -h) echo "Usage: verify_elsewhere.sh SECRET ID TIMESTAMP SIGNATURE <BODY"; exit 0 ;;
esac
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." && pwd)/build/tools
version=1.1.1
if ! command -v node >/dev/null; then
  echo "node is missing: install nodejs and npm (deploy/install-packages gates)"
  exit 77
fi
if [ ! -d "$tools/node_modules/standardwebhooks" ]; then
  mkdir -p "$tools"
  if ! npm install --prefix "$tools" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error \
    "standardwebhooks@$version" >&2 </dev/null; then
    echo "standardwebhooks $version cannot be fetched from npm"
    exit 77
  fi
fi
cd "$tools"
exec node -e '
  const { Webhook } = require("standardwebhooks");
  const [secret, id, timestamp, signature] = process.argv.slice(1);
  const headers = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
  new Webhook(secret).verify(require("fs").readFileSync(0, "utf8"), headers);
' "$@"
