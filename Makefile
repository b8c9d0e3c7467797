# make report: a trained CNN and a readable report   make lab: JupyterLab   make app: the drawing pad
# make check: lint, types and the fast tests, within a minute   make test: all checks, about ten minutes
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
INSTALLED := .venv/installed

.PHONY: setup report lint check test lab app handout notebooks pretrained

setup: $(INSTALLED)

# --compile, because without bytecode importing TensorFlow takes up to 20 s instead of 3 to 8.
$(INSTALLED): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "mnistlab needs Python 3.11 to 3.13: install one, or name it: make PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Setting up .venv: about two minutes"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --compile --constraint constraints.txt --editable '.[test]'
	@touch $@

report: setup
	@$(BIN)/mnistlab train

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# Without browsers, clusters, servers and notebooks: tests/conftest.py says which tests are slow.
check: lint
	$(BIN)/pytest -m "not slow" tests

test: lint
	$(BIN)/pytest

lab: setup
	$(BIN)/jupyter lab --ip 127.0.0.1 notebooks/00_start.ipynb

app: setup
	@$(BIN)/mnistlab app

# The notebooks for a class, without solutions and outputs: mnistlab-handout.zip.
handout: setup
	@$(BIN)/mnistlab handout

# Train the model that ships with the package anew, some minutes, and put it with its card and report into their places.
pretrained: setup
	@$(BIN)/mnistlab train --preset drawn
	@$(BIN)/mnistlab ship

# Run all notebooks at their defaults and keep what came out, as they are committed.
notebooks: setup
	$(BIN)/python tests/notebooks/refresh.py
