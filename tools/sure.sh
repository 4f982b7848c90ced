#!/usr/bin/env bash
# Every check but the tests. A green check is one line with its name; a red one shows what it found, and the rest
# still run, so that one call tells everything. Names given as arguments run only those checks.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH" PYTHONWARNINGS=ignore
wanted=" $* "
red=0
found=$(mktemp)
trap 'rm -f "$found"' EXIT

check() {
    local name=$1
    shift
    [[ $wanted == "  " || $wanted == *" $name "* ]] || return 0
    if "$@" >"$found" 2>&1; then
        echo "  ok   $name"
    else
        echo "  RED  $name: $*"
        cat "$found"
        red=1
    fi
}

python tools/messages.py compile
check format ruff format --check .
check lint ruff check .
check types mypy
check imports lint-imports
check templates djlint templates --lint --quiet
check words python tools/messages.py check
check migrations tools/migrated.sh
check spelling codespell
exit $red
