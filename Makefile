# GNU make 3.81 or newer (macOS ships 3.81). Every target works from a bare checkout.
SHELL = /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo install test lint bench lock secrets

# The first suitable Python on PATH; where there is none, the bootstrap says so in a sentence.
SUITABLE = import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(SUITABLE)' >/dev/null 2>&1 && echo $$p && exit; done; echo python3)
VENV_PYTHON = .venv/bin/python
PYTEST_ARGS ?=

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' Makefile

demo: ## Start Beatline with a demo hospital (PORT=8123 to choose the port)
	@command -v $(PYTHON) >/dev/null || { echo "Beatline needs Python 3.11, 3.12 or 3.13 (python3 was not found)." >&2; exit 1; }
	@exec $(PYTHON) portal/ops/bootstrap.py worker
	@exec $(VENV_PYTHON) -m portal.ops.launcher

install: ## Make .venv with everything: the product, tests, checks
	@command -v $(PYTHON) >/dev/null || { echo "Beatline needs Python 3.11, 3.12 or 3.13 (python3 was not found)." >&2; exit 1; }
	@exec $(PYTHON) portal/ops/bootstrap.py dev

test: install ## Run all tests (PYTEST_ARGS="-k upload"; REQUIRE_REAL=1 fails where a service is missing)
	@exec $(VENV_PYTHON) -m pytest $(PYTEST_ARGS)

lint: install ## Style, types, import directions, templates, migrations, deployment checks
	@exec $(VENV_PYTHON) -m portal.ops.lint

bench: install ## Run the benchmarks in tests/bench
	@exec $(VENV_PYTHON) -m portal.ops.bench

COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command 'make lock'

lock: install ## Lock the requirements again after a change of requirements/*.in (UPGRADE=--upgrade for newer ones)
	@$(COMPILE) $(UPGRADE) requirements/dev.in --output-file requirements.txt
	@for set in web worker gpu; do \
		$(COMPILE) --constraint requirements.txt requirements/$$set.in --output-file requirements/$$set.txt || exit 1; \
	done

secrets: ## Make the secrets that docker-compose.yml reads, where they are missing
	@sh deploy/make_secrets.sh
