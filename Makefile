# Sankofa: two commands. `make run` serves the library, `make test` passes all tests.
# Both set up what they need in .venv first; nothing else has to be installed.

PYTHON ?= python3
VENV   ?= .venv
PORT   ?= 8000
BIN     = $(VENV)/bin

.PHONY: run install test test-database check docs soak clean
.DEFAULT_GOAL := run

run: $(VENV)/.installed          ## serve the library at http://127.0.0.1:$(PORT)
	@PORT=$(PORT) $(BIN)/kb serve

install: $(VENV)/.installed      ## set up .venv without starting anything

test: $(VENV)/.tested            ## set up and run all checks and tests
	@$(MAKE) --no-print-directory check
	@$(BIN)/pytest

test-database: $(VENV)/.tested   ## the tests of the database once more, at TEST_DATABASE_URL
	@$(BIN)/pytest tests/kb/desk $(patsubst %,tests/kb/test_%.py,people migrations jobs work \
	    notices searches events links office outside_pages)

check: $(VENV)/.tested           ## lint, types and the contracts between the parts
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet indexer kb tests tools
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/kb check

docs: $(VENV)/.tested            ## write the reference pages anew
	@$(BIN)/python -m kb.reference

soak: $(VENV)/.tested            ## what is too long for every run: kill, load, large benches
	@$(BIN)/pytest -m soak --override-ini addopts="-ra"
	@$(BIN)/kb bench --http
	@$(BIN)/kb bench --cases 10000
	@$(BIN)/kb bench --cases 100000

clean:                           ## remove what can be made again, content and data never
	rm -rf $(VENV) var build *.egg-info

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Sankofa needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another with: make run PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	@echo "Setting up in $(VENV) (once, about a minute) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python setup.cfg constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[pdf]'
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@
