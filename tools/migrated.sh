#!/usr/bin/env bash
# Models and migrations say the same: build a new database by the migrations, then ask Alembic for differences.
set -euo pipefail
cd "$(dirname "$0")/.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
export RECTIFY_DATA=$place RECTIFY_DATABASE_URL="sqlite:///$place/check.db"
.venv/bin/flask --app app db upgrade
.venv/bin/flask --app app db check
