#!/usr/bin/env bash
# Compile requirements*.in into exact versions with hashes; a release younger than seven days is left out,
# because a stolen package is usually noticed within that time.
set -euo pipefail
cd "$(dirname "$0")/.."
youngest=$(date --utc --date='7 days ago' +%F)
for name in requirements requirements-dev; do
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --exclude-newer "$youngest" "$@" "$name.in" --output-file "$name.txt"
done
echo "locked, without releases since $youngest"
