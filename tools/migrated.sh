#!/usr/bin/env bash
# Models and migrations say the same, and landed migrations are as they were (decision 0015): compare hashes, let the open
# migration be written again and see no difference (CHECK constraints too), then build a new database by all of them.
set -euo pipefail
cd "$(dirname "$0")/.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export RECTIFY_DATA=$place RECTIFY_DATABASE_URL="sqlite:///$place/check.db"
.venv/bin/python tools/migration.py --check
.venv/bin/flask --app app db upgrade
.venv/bin/flask --app app db check
