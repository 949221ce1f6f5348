# Needs git, make and Python 3.11 or newer; everything else is installed into .venv. `make help` lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PORT ?= 8000
VENV := .venv
PYTHON := $(VENV)/bin/python
INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes
# Stamps live in .venv: delete that and everything is made anew.
RUN_STAMP := $(VENV)/installed
DEV_STAMP := $(VENV)/installed-dev
COLLECTED := staticfiles/staticfiles.json
STATIC_FILES := $(shell find static -type f)
TEMPLATES := $(shell find templates -name '*.html')

.PHONY: help run test test-all test-unit check bench bench-workshop bench-portfolio bench-numbers screenshot lock static install install-dev browser clean

help:  ## this list
	@sed -nE 's/^([a-z-]+):.*  ## (.*)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 21

run: $(RUN_STAMP) $(COLLECTED)  ## install what is missing, and serve at 127.0.0.1:8000 (PORT=9000 changes it)
	@exec $(PYTHON) manage.py serve --port $(PORT)

# One run, so that one line counts everything. Three processes on two cores, since a browser journey waits for much of its time; each takes
# one test at a time (loadgroup without groups), so that none is left with a heap of long ones.
test: $(DEV_STAMP) $(COLLECTED) browser  ## the tests, browser journeys included, but for the walks through every state of every page
	$(PYTHON) -m pytest --numprocesses 3 --dist loadgroup -m "not benchmark and not walk" tests

test-all: $(DEV_STAMP) $(COLLECTED) browser  ## all tests, as CI runs them
	$(PYTHON) -m pytest --numprocesses 3 --dist loadgroup -m "not benchmark" tests

test-unit: $(DEV_STAMP)  ## the tests without a browser
	$(PYTHON) -m pytest --numprocesses 2 -m "not benchmark" --ignore tests/e2e tests

check: export GTM_DATA_DIR := $(abspath $(VENV))/check
check: $(DEV_STAMP)  ## lint, format, architecture, types, templates, settings
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/lint-imports --no-logo
	$(PYTHON) -m tests.tools.htmx_dialect templates advisor static/js
	$(if $(TEMPLATES),$(VENV)/bin/djade --target-version 5.2 --check $(TEMPLATES))
	$(if $(TEMPLATES),$(VENV)/bin/djlint --quiet --lint $(TEMPLATES))
	$(VENV)/bin/mypy
	$(PYTHON) manage.py makemigrations --check --dry-run
	GTM_SITE_URL=https://gtm.example.com $(PYTHON) manage.py check --deploy --fail-level WARNING

bench: $(DEV_STAMP) $(COLLECTED) browser  ## the benchmarks, as a table
	$(PYTHON) -m tests.performance

bench-workshop: $(DEV_STAMP) $(COLLECTED)  ## rooms full of people on the real server: how fast, and nothing lost
	$(PYTHON) -m tests.performance.workshop

bench-portfolio: $(DEV_STAMP) $(COLLECTED) browser  ## a portfolio of 45, 1,000 and 10,000 segments: pages, map, API, statements, memory
	$(PYTHON) -m tests.performance.portfolio

bench-numbers: $(DEV_STAMP)  ## the draws, and the LIR search: how fast, and how often it is right over 200 seeds (half an hour)
	OPENBLAS_NUM_THREADS=1 $(PYTHON) -m tests.performance.numbers

screenshot: $(DEV_STAMP) $(COLLECTED) browser  ## take the README's picture anew
	$(PYTHON) -m tests.tools.screenshot

lock: $(DEV_STAMP)  ## write both locks anew from pyproject.toml
	$(VENV)/bin/uv pip compile $(LOCK_OPTIONS) pyproject.toml --output-file requirements.lock
	$(VENV)/bin/uv pip compile $(LOCK_OPTIONS) --group dev pyproject.toml --output-file requirements-dev.lock
	@! grep -nE '[a-z]+://' requirements.lock requirements-dev.lock

LOCK_OPTIONS := --quiet --universal --generate-hashes --no-header --python-version 3.11 --upgrade

install: $(RUN_STAMP)

install-dev: $(DEV_STAMP)

static: $(COLLECTED)

clean:  ## remove everything made, but not the data in var/
	rm -rf $(VENV) staticfiles .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov test-results

$(PYTHON):
	@.ci/make-venv $(VENV)

$(RUN_STAMP): requirements.lock | $(PYTHON)
	@echo "Installing requirements.lock into $(VENV) ..."
	@$(INSTALL) -r requirements.lock
	@touch $@

$(DEV_STAMP): requirements-dev.lock requirements.lock | $(PYTHON)
	@echo "Installing requirements-dev.lock into $(VENV) ..."
	@$(INSTALL) -r requirements-dev.lock
	@touch $@ $(RUN_STAMP)

$(COLLECTED): $(STATIC_FILES) gtmdesign/settings.py requirements.lock | $(RUN_STAMP)
	@echo "Compressing the static files ..."
	@$(PYTHON) manage.py collectstatic --noinput --clear --verbosity 0
	@touch $@

browser:
	@.ci/install-browser
