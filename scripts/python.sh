#!/usr/bin/env bash
# Finds a Python that is new enough and runs one of the scripts with it: python.sh dev --check
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
for candidate in python3 python3.13 python3.12 python3.11 python; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
    script=$1
    shift
    exec "$candidate" -m "scripts.$script" "$@"
  fi
done
cat >&2 <<'TEXT'
Python 3.11 or newer is needed and was not found. Get it with
  Debian 12, Ubuntu 24.04:  sudo apt install python3 python3-venv
  macOS:                    brew install python@3.13
  others:                   https://www.python.org/downloads/
and run this again.
TEXT
exit 1
