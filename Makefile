# Two commands do all the set-up: `make run` and `make test`. Both are safe to run again.

PORT ?= 8000
export PORT

# The first of these that is Python 3.11 or newer; only it and make are needed on a fresh machine.
CANDIDATES = python3 python3.11 python3.12 python3.13 python3.14
PYTHON ?= $(shell for p in $(CANDIDATES); do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)

STEPS = @test -n "$(PYTHON)" || { \
	echo "Wrenchtime needs Python 3.11 or newer: install it (Debian, Ubuntu: apt-get install python3 python3-venv) and run again." >&2; \
	exit 1; }; "$(PYTHON)" .ci/steps.py

.DEFAULT_GOAL := help
.PHONY: help run test test-postgresql test-lowest audit bench bench-quick bench-life lint format clean

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run:  ## set everything up, plan today in the sample city and serve it at http://127.0.0.1:8000 (PORT=8001 changes it)
	$(STEPS) run

test:  ## set everything up, check the code and run every test, the browser's too
	$(STEPS) test

test-postgresql:  ## run every test of dispatch and web on PostgreSQL; `make test` runs those on it that are most about databases
	$(STEPS) test-postgresql

test-lowest:  ## run the tests without a browser on the oldest packages that setup.cfg allows
	$(STEPS) test-lowest

audit:  ## look up known weaknesses of every package that is pinned; needs the internet, and fails without it
	$(STEPS) audit

bench:  ## measure the engine side by side with four others (many hours; goes on where it stopped; ONLY="--set field-200" chooses)
	$(STEPS) bench $(ONLY)

bench-quick:  ## the same on a few small instances with short limits (under 10 minutes)
	$(STEPS) bench --quick

bench-life:  ## kill processes, act at once, load and repair big days at length on both databases
	$(STEPS) bench-life

lint:  ## ruff, mypy and the TypeScript compiler
	$(STEPS) lint

format:  ## let ruff order imports and lay out the code
	$(STEPS) format

clean:  ## remove what set-up and tests made; the database in var/ stays
	rm -rf .venv .venv-audit .venv-lowest web/frontend/node_modules web/static/dist build wrenchtime.egg-info
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
