# Two commands on a fresh machine with Python 3.11+ and make: `make demo`, `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test check bench docs schemas clean help

help:            ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/'

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else \
	    "Python 3.11 or later is needed, this is " + sys.version.split()[0] + ": make PYTHON=python3.12 …")'
	@echo "setting up $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test,check]'
	@touch $@

demo: $(STAMP)   ## validate the example messages and show the findings
	@$(BIN)/python examples/demo.py

test: $(STAMP)   ## run the tests
	@$(BIN)/python -m pytest

check: $(STAMP)  ## lint, format, types, layer contracts, packs
	@$(BIN)/ruff check src tests tools examples
	@$(BIN)/ruff format --check src tests tools examples
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python -m casrules.testing rulesets

bench: $(STAMP)  ## stage times side by side, import times, memory: as ratios
	@$(BIN)/python -m tools.bench

docs: $(STAMP)   ## refresh command output and reference tables in the documentation
	@$(BIN)/python -m tools.docs

schemas: $(STAMP) ## regenerate the XSDs and JSON Schemas from their one source
	@$(BIN)/python -m casrules.messages.schema_writer
	@$(BIN)/python -m casrules.findings.schema
	@$(BIN)/python -m casrules.messages.json_form
	@$(BIN)/python -m casrules.packs.schema
	@$(BIN)/python -m casrules.alerts.schema

clean:           ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis
