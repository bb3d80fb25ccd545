# GNU make 3.81 or newer (macOS ships 3.81). Every target works from a bare checkout.
SHELL = /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo install test lint bench lock secrets

# The first suitable Python on PATH; where there is none, the bootstrap says so in a sentence.
SUITABLE = import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(SUITABLE)' >/dev/null 2>&1 && echo $$p && exit; done; echo python3)
HAS_PYTHON = command -v $(PYTHON) >/dev/null || { \
	echo 'Beatline needs Python 3.11, 3.12 or 3.13, and found no python3.' >&2; exit 1; }
VENV_PYTHON = .venv/bin/python
PYTEST_ARGS ?=

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' Makefile

demo: ## Start Beatline with a demo hospital (PORT=8123 to choose the port)
	@$(HAS_PYTHON)
	@exec $(PYTHON) portal/ops/bootstrap.py worker
	@exec $(VENV_PYTHON) -m portal.ops.launcher

install: ## Make .venv with everything: the product, tests, checks
	@$(HAS_PYTHON)
	@exec $(PYTHON) portal/ops/bootstrap.py dev

test: install ## Run all tests, a file on each core (PYTEST_ARGS="-k upload"; REQUIRE_REAL=1 fails where a service is missing)
	@exec $(VENV_PYTHON) -m pytest -n auto --maxprocesses 4 --dist loadfile $(PYTEST_ARGS)

# Values of the right shape, so that the production settings can be looked at on any machine.
PRODUCTION = BEATLINE_PROFILE=production SECRET_KEY=$$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
	ALLOWED_HOSTS=beatline.example DATABASE_URL=sqlite:///$${TMPDIR:-/tmp}/none REDIS_URL=redis://127.0.0.1:1/0

lint: install ## Style, types, import directions, templates, migrations, deployment checks
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/djlint templates --lint --quiet
	@echo 'manage.py makemigrations --check; check --deploy'
	@$(PRODUCTION) $(VENV_PYTHON) manage.py makemigrations --check --dry-run
	@$(PRODUCTION) $(VENV_PYTHON) manage.py check --deploy --fail-level WARNING

bench: install ## Run the benchmarks in tests/bench
	@for script in tests/bench/bench_*.py; do \
		echo "== $$script"; PYTHONPATH=. $(VENV_PYTHON) $$script || exit 1; \
	done

COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --custom-compile-command 'make lock'

lock: install ## Lock the requirements again after a change of requirements/*.in (UPGRADE=--upgrade for newer ones)
	@$(COMPILE) $(UPGRADE) requirements/dev.in --output-file requirements.txt
	@for set in web worker gpu; do \
		$(COMPILE) --constraint requirements.txt requirements/$$set.in --output-file requirements/$$set.txt || exit 1; \
	done

secrets: ## Make the secrets that docker-compose.yml reads, where they are missing
	@sh deploy/make_secrets.sh
