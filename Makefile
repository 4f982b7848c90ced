# The commands of 整改通 (Rectify); `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PY := .venv/bin/python

.PHONY: help run test sure bench lock format lint messages fonts clean set-up set-up-dev

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: set-up  ## install what is missing, then serve the demo on PORT (8000); data in RECTIFY_DATA (instance/)
	@$(PY) tools/messages.py compile
	@exec .venv/bin/flask --app app serve

test: set-up-dev  ## run every test; the last line is pytest's own summary
	@$(PY) tools/messages.py compile
	@$(PY) -m pytest -n auto $(ARGS)

sure: set-up-dev  ## everything that must be green before a change goes in: the checks of `lint`, then the tests
	@tools/sure.sh
	@$(MAKE) test

lint: set-up-dev  ## format, lint, types, import contracts, templates, words, migrations, spelling: all checks but the tests
	@tools/sure.sh

format: set-up-dev  ## put code into its form and repair what the linter can
	@$(PY) -m ruff check --quiet --fix --exit-zero . && $(PY) -m ruff format .

bench: set-up-dev  ## the performance figures, each beside its budget
	@$(PY) tools/messages.py compile
	@.venv/bin/flask --app app bench

messages: set-up-dev  ## compile the Chinese words and list those that are missing or idle
	@$(PY) tools/messages.py compile && $(PY) tools/messages.py check --idle

fonts: set-up  ## build the papers' type again
	@$(PY) tools/build_fonts.py --force

lock: set-up-dev  ## compile requirements*.in to exact versions with hashes, leaving out releases of the last 7 days
	@tools/lock.sh

clean:  ## remove caches and what was built from sources (not the data, not .venv, not the fonts)
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* htmlcov
	@find translations -name '*.mo' -delete -o -name '*.lock' -delete
	@find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

set-up:
	@python3 tools/setup.py

set-up-dev:
	@python3 tools/setup.py --dev
