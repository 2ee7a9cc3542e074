# Every target sets up what it needs; `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
# One more than there are cores: some tests wait for the pace that they are about.
JOBS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

.PHONY: run test check bench format help
.DEFAULT_GOAL := help

run: $(VENV)/run.stamp ## Answer questions: on Telegram with STORYDESK_TOKEN set, else in this terminal
	@$(BIN)/storydesk start

test: $(VENV)/dev.stamp ## Run the tests
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

check: $(VENV)/dev.stamp ## Format check, lint, strict types, tests
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

format: $(VENV)/dev.stamp ## Format the sources and mend what lint can mend
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: $(VENV)/bench.stamp ## Measure accuracy and speed beside the peers, in one run
	@$(BIN)/python -m tests.benchmarks $(FILES)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else f"Storydesk needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}. Name another with: make PYTHON=python3.12")'
	@echo "Setting up $(VENV) (once, about a minute)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) --editable .
	@$(BIN)/storydesk prepare
	@touch $@

$(VENV)/dev.stamp: pyproject.toml constraints.txt | $(BIN)/python
	@$(PIP) --editable '.[dev]'
	@$(BIN)/storydesk prepare
	@touch $@ $(VENV)/run.stamp

$(VENV)/bench.stamp: $(VENV)/dev.stamp
	@$(PIP) --editable '.[dev,bench]'
	@touch $@
