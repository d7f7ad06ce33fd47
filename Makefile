SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

ARGS ?=
PYTEST_ARGS ?= -n auto
BIN := .venv/bin
READY := .venv/ready
LOCK := uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
	--python-version 3.11 pyproject.toml

# The test servers come as wheels for 3.11 and 3.12, so these go first; python3 may be any of them.
PYTHON := $(shell for name in python3.11 python3.12 python3.13 python3; do \
	"$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done)

.PHONY: help demo test gates format lint types imports schema settings lock faults faults-kill

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## play the main job against the sandbox; ARGS=--once plays one day and ends
	@$(BIN)/hub demo $(ARGS)

test: $(READY) ## run every test on SQLite, PostgreSQL and Redis
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

gates: format lint types imports test schema settings ## everything CI asks for, in its order

format: $(READY) ## is the code formatted?
	@$(BIN)/ruff format --check

lint: $(READY) ## does it follow the rules?
	@$(BIN)/ruff check

types: $(READY) ## do the types fit?
	@$(BIN)/mypy --strict

imports: $(READY) ## do imports point inwards?
	@$(BIN)/lint-imports

schema: $(READY) ## do the migrations make the tables the code expects?
	@folder=$$(mktemp -d); trap 'rm -rf "$$folder"' EXIT; \
	export HUB_DATABASE_URL="sqlite+aiosqlite:///$$folder/hub.db"; \
	$(BIN)/alembic upgrade head && $(BIN)/alembic check

settings: $(READY) ## does hub check pass with the sandbox's settings?
	@$(BIN)/hub check --example

faults: $(READY) ## play 1,000 days with faults at every place there is, and write CERTIFICATE.md
	@$(BIN)/python -m tests.faults.simulated --write CERTIFICATE.md $(ARGS)

faults-kill: $(READY) ## kill the hub at random moments of a day and count what is lost or doubled
	@$(BIN)/python -m tests.faults.kill9 $(ARGS)

lock: ## resolve the dependencies anew (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: install it with 'pipx install uv'." >&2; exit 1; }
	$(LOCK) --upgrade --output-file requirements.lock
	$(LOCK) --upgrade --group dev --constraint requirements.lock --output-file requirements-dev.lock

$(READY): requirements-dev.lock pyproject.toml
	@if [ -z "$(PYTHON)" ]; then \
		echo "Simpul Aduan needs Python 3.11 or newer: install it (on Debian 12 or Ubuntu 24.04: 'sudo apt-get install python3 python3-venv') and run make again." >&2; exit 1; fi
	@if ! "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "Python has no venv module here: run 'sudo apt-get install python3-venv' and then make again." >&2; exit 1; fi
	@echo "Installing the locked dependencies into .venv (only after they changed; about a minute)."
	@"$(BIN)/python" -c 'import pip' 2>/dev/null || "$(PYTHON)" -m venv --clear .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@
