#!/bin/sh
# Prints the first Python that is new enough; says so in one sentence when there is none.
set -eu
for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        if ! "$name" -c 'import ensurepip, venv' 2>/dev/null; then
            echo "This Python cannot make virtual environments: install its venv package (on Debian: apt install python3-venv)." >&2
            exit 1
        fi
        echo "$name"
        exit 0
    fi
done
found=$(python3 --version 2>&1) || found="no Python at all"
echo "Mingtang needs Python 3.11 or newer, and here is $found: install one, or name it with PYTHON=/path/to/python3.11." >&2
exit 1
