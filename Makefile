# The timebank's habits, one command each. All that a machine needs is Python 3.11 or newer, and make.

PYTHON ?= python3
PORT   ?= 8000
FRESH  ?=
SEED   ?=
ARGS   ?=

BIN := .venv/bin
RUNS := .venv/runs
DEVELOPS := .venv/develops
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard timebank/web/translations/*/LC_MESSAGES/*.po))

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-browser test-faults check bench guards translations lock vendor wheel clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

demo: $(RUNS) $(CATALOGUES) ## A timebank full of life on http://127.0.0.1:8000 (FRESH=1 starts over, PORT=8001 moves it)
	@$(BIN)/timebank demo --port $(PORT) $(if $(FRESH),--fresh) $(ARGS)

test: $(DEVELOPS) $(CATALOGUES) ## Every test but the browser's, on SQLite and PostgreSQL (ARGS="-k reverse")
	$(BIN)/pytest -n auto --dist loadgroup -m "not browser and not faults" $(ARGS)

test-browser: $(DEVELOPS) $(CATALOGUES) ## The walks through a real Chromium
	$(BIN)/pytest -n 2 -m browser $(ARGS)

test-faults: $(DEVELOPS) $(CATALOGUES) ## Writers killed, disks filled, many at once, on servers of their own (SEED=1 draws the same again)
	$(if $(SEED),TIMEBANK_TEST_SEED=$(SEED)) $(BIN)/pytest -n 2 -m faults tests/faults $(ARGS)

check: $(DEVELOPS) $(CATALOGUES) ## Lint, format, types, import contracts, translations, house rules
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/pytest --noconftest tests/test_house.py tests/test_translations.py

bench: $(RUNS) ## Measure what is said to be fast, as ratios to its limit
	$(BIN)/python benchmarks/commands.py
	$(BIN)/python -m benchmarks.sheets
	$(BIN)/python -m benchmarks.names
	$(BIN)/python benchmarks/ledger.py $(ARGS)

guards: $(DEVELOPS) ## Write docs/guards.md again: which guard stops which attack on the ledger
	TIMEBANK_TEST_WRITES_PAGES=1 $(BIN)/pytest -n 0 tests/ledger/test_guards.py

translations: $(DEVELOPS) ## Bring the Welsh catalogue up to date with the sentences in code and templates
	@mkdir -p build
	$(BIN)/pybabel --quiet extract --mapping-file pyproject.toml --keywords N_ --no-location --sort-output \
	    --project timebank --output-file build/messages.pot .
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 100 \
	    --input-file build/messages.pot --output-dir timebank/web/translations --locale cy

lock: .venv/locks ## Pin every dependency again, with hashes, from pyproject.toml
	$(LOCK) --output-file requirements.lock pyproject.toml
	$(LOCK) --output-file requirements-dev.lock --constraint requirements.lock --extra test --extra check pyproject.toml

vendor: ## Build fonts, styles and scripts of others again from their pinned versions (needs Node)
	node timebank/web/assets/build.mjs

wheel: $(DEVELOPS) ## A wheel in dist/, with templates, translations and migrations inside
	$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

clean: ## Remove what was installed, built and cached; what the demo keeps in var/ stays
	rm -rf .venv build dist .*_cache .hypothesis $(CATALOGUES)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +


# What stands on what. The stamps in .venv spare an install that has nothing to do.

INSTALL := $(BIN)/pip install --quiet --disable-pip-version-check

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv
	@touch $@

$(RUNS): .venv/made requirements.lock pyproject.toml hatch_build.py
	@echo "Installing what the timebank needs; this takes a minute, once."
	$(INSTALL) --require-hashes --requirement requirements.lock
	$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPS): $(RUNS) requirements-dev.lock
	@echo "Installing what tests and checks need."
	$(INSTALL) --require-hashes --requirement requirements-dev.lock
	@touch $@

.venv/locks: .venv/made
	$(INSTALL) pip-tools==7.6.2
	@touch $@

LOCK = CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
    --build-deps-for=editable --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

%.mo: %.po
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
