# Every target makes what it needs in .venv, from nothing. `make help` lists them.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
LOWEST := $(VENV)-lowest
PYTEST_ARGS ?=

# One thread per process: the matrices are small, and the tests run one process per core.
export OMP_NUM_THREADS ?= 1
export OPENBLAS_NUM_THREADS ?= 1
export MKL_NUM_THREADS ?= 1
export MPLBACKEND ?= Agg
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_ROOT_USER_ACTION := ignore

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.SUFFIXES:
.PHONY: help verify test test-all test-lowest test-browser figures trust docs lint format types layers review check clean distclean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' Makefile | \
	  while IFS='|' read -r target text; do printf '%-12s %s\n' "$$target" "$$text"; done

verify: $(STAMPS)/package ## check the whole ledger; out/report.html and out/ledger.json
	@mkdir -p out
	$(BIN)/scoreproof verify --html out/report.html --json out/ledger.json

test: $(STAMPS)/test ## run the tests and the doctests, without the slow ones
	$(BIN)/python -m pytest $(PYTEST_ARGS)

test-all: $(STAMPS)/test ## run all tests, also the slow ones
	$(BIN)/python -m pytest -m "slow or not slow" $(PYTEST_ARGS)

test-lowest: $(LOWEST)/.stamp ## run the tests with the lowest versions of the dependencies
	$(LOWEST)/bin/python -m pytest $(PYTEST_ARGS)

test-browser: $(STAMPS)/browser ## look at the report and the site in a Chromium, with the network off
	$(BIN)/python -m pytest -n0 -m slow tests/browser $(PYTEST_ARGS)

# The chapter that the README shows.
PICTURED := A.eq3 A.eq4 A.eq6 A.excess A.eq9 A.lem11 A.prop2a A.prop2b A.prop2c A.cor3a A.cor3b A.lem12

figures: $(STAMPS)/package ## draw all figures (out/figures) and the pictures and pages of the documentation
	@mkdir -p docs/images out
	$(BIN)/scoreproof verify $(PICTURED) --quiet --svg docs/images/empirical-score.svg
	$(BIN)/scoreproof figures --store out/results.sqlite --out out/figures --docs docs/figures.md

trust: $(STAMPS)/package ## measure how often the engine is wrong: docs/trust.md, out/trust.csv
	@mkdir -p out
	$(BIN)/scoreproof trust --full --store out/results.sqlite --out docs/trust.md --csv out/trust.csv

docs: $(STAMPS)/docs ## build the site in docs/_build/html; a warning is an error
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/_build/html

lint: $(STAMPS)/dev ## ruff: rules and formatting
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: $(STAMPS)/dev ## let ruff fix and format the code
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: $(STAMPS)/dev ## mypy, strict
	$(BIN)/mypy

layers: $(STAMPS)/dev ## the directions of imports between theory, numerics and proofs_check
	$(BIN)/lint-imports

review: $(STAMPS)/dev ## the scientific-python repository review
	$(BIN)/sp-repo-review .

check: lint types layers review test ## everything that must hold before a commit

clean: ## remove what was generated, but not the environment
	rm -rf out build dist docs/_build docs/reference .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find theory numerics proofs_check tests docs -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean ## remove the environment too
	rm -rf $(VENV) $(LOWEST)

# The environment. A stamp is newer than pyproject.toml if what it names is installed.

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "error: PYTHON was $(PYTHON) ($$($(PYTHON) --version 2>&1 | head -n 1)); Python >= 3.11 is needed:" \
	    "make PYTHON=/path/to/python3.11" >&2; exit 2; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
	  echo "error: '$(PYTHON) -m venv' failed; its venv module is needed:" \
	    "on Debian, apt install python3-venv" >&2; exit 2; }

# Dependency groups need pip >= 25.1.
$(STAMPS)/pip: | $(BIN)/python
	@$(BIN)/python -c 'import pip, sys; sys.exit([*map(int, pip.__version__.split(".")[:2])] < [25, 1])' \
	  || $(BIN)/python -m pip install -q --upgrade 'pip>=25.1'
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/package: pyproject.toml $(STAMPS)/pip
	$(BIN)/python -m pip install -q --editable .
	@touch $@

$(STAMPS)/test $(STAMPS)/docs $(STAMPS)/dev $(STAMPS)/browser: $(STAMPS)/%: $(STAMPS)/package
	$(BIN)/python -m pip install -q --group $*
	@touch $@

# `>=` becomes `==` in the package's own dependencies.
$(LOWEST)/.stamp: $(STAMPS)/pip pyproject.toml
	$(BIN)/python -m venv --clear $(LOWEST)
	$(LOWEST)/bin/python -m pip install -q --upgrade 'pip>=25.1'
	$(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["dependencies"], sep="\n")' \
	  | sed 's/>=/==/' > $(LOWEST)/constraints.txt
	$(LOWEST)/bin/python -m pip install -q --constraint $(LOWEST)/constraints.txt --editable . --group test
	@touch $@
