# `make help` explains each target.
STACK ?=
ENGINE ?= auto
DJANGO ?= 4.2
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help venv sandbox preview example review engine test test-django compiled wheel lint benchmark clean

help: ## Show this help
	@echo "make TARGET [STACK=prod] [ENGINE=auto|pulumi|process] [DJANGO=4.2]"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 15

venv: $(VENV)/.installed ## Make the virtual environment with everything that is needed

$(VENV)/.installed: requirements.txt requirements-django.txt requirements-dev.txt components/pyproject.toml django_monitoring/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with PYTHON=python3.11"; exit 1; }
	@echo "Installing into $(VENV) (about half a minute, once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

sandbox: venv ## Deploy STACK (staging) to an embedded AWS, break things, see who is told
	@$(BIN)/python -m sandbox $(or $(STACK),staging) --engine $(ENGINE)

preview: venv ## Show what a deployment of STACK (prod) would put into AWS
	@$(BIN)/python -m ops preview $(or $(STACK),prod)

example: venv ## Run the example Django project and see its metrics fire an alarm
	@PYTHONPATH=. $(BIN)/python examples/django/run.py

review: venv ## Review the alarms of the production stack over a made-up quarter
	@PYTHONPATH=. $(BIN)/python examples/review/run.py

engine: venv ## Find a Pulumi CLI, or install or build one into .tools
	@$(BIN)/python -m sandbox.engine

test: venv ## Run all tests (those of the Pulumi engine only where there is a CLI: make engine)
	@$(BIN)/python -m pytest -q
	@cd django_monitoring && ../$(BIN)/python -m pytest -q

test-django: ## Run the Django package's tests on DJANGO (4.2), in a virtual environment of its own
	@$(PYTHON) -m venv $(VENV)-django-$(DJANGO)
	@$(VENV)-django-$(DJANGO)/bin/pip install --quiet --disable-pip-version-check \
		-r requirements-django.txt "Django~=$(DJANGO).0"
	@$(VENV)-django-$(DJANGO)/bin/pip install --quiet --disable-pip-version-check \
		-r requirements-compiled.txt || echo "no mysqlclient: its tests are skipped"
	@cd django_monitoring && ../$(VENV)-django-$(DJANGO)/bin/python -m pytest -q

compiled: venv ## Install what needs a compiler; without it, tests of mysqlclient are skipped
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-compiled.txt

wheel: venv ## Build the Django package's wheel into dist/
	@$(BIN)/python -m build --quiet --wheel --outdir dist django_monitoring

lint: venv ## Check style, types, the import rules and the GitHub workflows
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@cd django_monitoring && ../$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(BIN)/zizmor --offline --quiet .github

benchmark: venv ## Measure the program, the Django middleware and the replay against their floors
	@$(BIN)/python -m benchmarks.program
	@$(BIN)/python -m benchmarks.django_middleware
	@$(BIN)/python -m benchmarks.replay

clean: ## Remove the virtual environment, the engine and all caches
	rm -rf $(VENV) $(VENV)-django-* dist .tools .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
