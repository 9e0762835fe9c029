#!/usr/bin/env bash
# Fails where a source is not formatted as .clang-format says. See --help.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
fix=no

usage() {
  cat <<'TXT'
Usage: tests/gates/format.sh [--fix] [--root DIR]

Checks every .h and .cc of the rooms with clang-format 14, the version of Debian 12; each version formats
differently, so where that one is not installed the gate is skipped (exit 77) and says so.

  --fix       format the files in place
  --root DIR  another tree than this repository

Example: tests/gates/format.sh --fix
TXT
}

while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h) usage; exit 0 ;;
    --fix) fix=yes ;;
    --root) root=$(cd "$2" && pwd); shift ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

tool=
for name in clang-format-14 clang-format; do
  version=$("$name" --version 2>/dev/null || true)
  [[ "$version" == *"version 14."* ]] && tool=$name && break
done
if [ -z "$tool" ]; then
  echo "format: skipped, clang-format 14 is not installed here"
  exit 77
fi

cd "$root"
mapfile -t files < <(find engine projections connectors deploy tests benchmarks \
  -name node_modules -prune -o \( -name '*.h' -o -name '*.cc' \) -type f -print 2>/dev/null | sort)
if [ ${#files[@]} = 0 ]; then
  echo "format: found no source under $root" >&2
  exit 2
fi
if [ "$fix" = yes ]; then
  "$tool" -i "${files[@]}"
else
  "$tool" --dry-run -Werror "${files[@]}" 2>&1 || { echo "format: mend with tests/gates/format.sh --fix"; exit 1; }
fi
echo "format: ${#files[@]} files"
