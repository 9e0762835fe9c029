#!/usr/bin/env bash
# Judges the message contracts in proto/ with buf. See --help.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
root=$here
version=1.75.0
tools=$here/build/tools
# What others write or read by these contracts: a released one may only grow. The private contracts (dolen.ledger,
# dolen.store) and dolen.pathway join when the first version is released.
released_packages=(dolen/event/v1 dolen/alert/v1)

usage() {
  cat <<TXT
Usage: tests/gates/buf.sh [--release] [--root DIR]

  1. buf lint: the standard rules and a comment on every message, field, enum and value (proto/buf.yaml).
  2. buf breaking, rule set FILE: against proto/released.binpb, the contracts as they were last released.

buf $version comes from npm into build/tools once; afterwards no network is used.

  --release   make proto/released.binpb anew from ${released_packages[*]}
              (before a release, or when a contract that nobody uses yet was changed on purpose)
  --root DIR  another tree than this repository

Example: tests/gates/buf.sh --release
TXT
}

release=no
while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h) usage; exit 0 ;;
    --release) release=yes ;;
    --root) root=$(cd "$2" && pwd); shift ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

find_buf() { # prints the program of the npm package for this kind of machine
  local path
  for path in "$tools"/node_modules/@bufbuild/buf-linux-*/bin/buf; do
    [ -x "$path" ] && "$path" --version 2>/dev/null | grep -qx "$version" && echo "$path" && return 0
  done
  return 1
}

if ! buf=$(find_buf); then
  echo "buf: fetching @bufbuild/buf $version from npm into build/tools"
  mkdir -p "$tools"
  # The platform's own package holds the whole program; no install script is needed.
  npm install --prefix "$tools" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error \
    "@bufbuild/buf@$version"
  buf=$(find_buf) || { echo "buf: the npm package holds no program for this machine" >&2; exit 1; }
fi
export BUF_CACHE_DIR=$tools/buf-cache

cd "$root"
set_file=proto/released.binpb
if [ "$release" = yes ]; then
  paths=()
  for package in "${released_packages[@]}"; do paths+=(--path "proto/$package"); done
  "$buf" build proto "${paths[@]}" --exclude-source-info -o "$set_file"
  echo "buf: wrote $set_file"
  exit 0
fi
if [ ! -s "$set_file" ]; then
  echo "buf: $set_file is missing; make it with tests/gates/buf.sh --release and commit it" >&2
  exit 1
fi
rc=0
"$buf" lint proto || rc=1
"$buf" breaking proto --against "$set_file" || rc=1
[ "$rc" = 0 ] && echo "buf: $(find proto -name '*.proto' | wc -l) contracts"
exit "$rc"
