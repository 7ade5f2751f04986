# `make help` explains each target.
STACK ?=
ENGINE ?= auto
DJANGO ?= 4.2
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# A file's tests in one process, in the order in which they were collected: what one makes, the
# next ones use. On all cores; the Django package's tests wait for servers most of the time.
BY_FILE := --dist loadfile --no-loadscope-reorder
PARALLEL := -n auto $(BY_FILE)
WAITING := -n 4 $(BY_FILE)

.DEFAULT_GOAL := help
.PHONY: help docs venv lock locked stacks pulumi-version dist sandbox preview check export example review engine languages quick mutation test test-program test-package test-django compiled style lint benchmark clean

# The stacks that `make check` tries: STACK, or all that have a file.
STACKS = $(or $(STACK),$(patsubst Pulumi.%.yaml,%,$(wildcard Pulumi.*.yaml)))

help: ## Show this help
	@echo "make TARGET [STACK=prod] [ENGINE=auto|pulumi|process] [DJANGO=4.2] [PYTHON=python3]"
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1\t\2/' | expand -t 17

venv: $(VENV)/.installed ## Make the virtual environment with everything that is needed

$(VENV)/.installed: requirements.txt requirements-django.txt requirements-dev.txt components/pyproject.toml django_monitoring/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name one with PYTHON=python3.11"; exit 1; }
	@echo "Installing into $(VENV) (about half a minute, once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check "$$(grep '^uv' requirements-dev.txt)"
	@# A tenth of pip's time. It knows nothing of pip's own settings, such as a mirror.
	@$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements-dev.txt || \
		$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

LOCK := uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-build --custom-compile-command "make lock"

lock: venv ## Renew the lock files: what `pulumi up` needs, and what builds the packages
	@$(BIN)/$(LOCK) --output-file requirements.lock components/pyproject.toml
	@echo "setuptools>=77" | $(BIN)/$(LOCK) --output-file requirements-build.lock -
	@grep -c '==' requirements.lock requirements-build.lock

locked: ## Install only what `pulumi up` needs, exactly as requirements.lock has it
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: \
		-r requirements.lock -r requirements-build.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-index --no-deps \
		--no-build-isolation ./components

stacks: ## Print the stacks that have a file, as JSON (for the workflows, which try each)
	@$(PYTHON) -c 'import glob, json; \
		print(json.dumps(sorted(p[len("Pulumi."):-len(".yaml")] for p in glob.glob("Pulumi.*.yaml"))))'

pulumi-version: ## Print the version that `make engine` builds, which is a release's number, too
	@sed -n 's|.*github.com/pulumi/pulumi/pkg/v3 v\([0-9.]*\).*|\1|p' tools/pulumi-cli/go.mod

dist: ## Build the wheels of both packages into dist/ (or of the one that TAG names)
	@$(PYTHON) tools/build_wheels.py $(TAG)

sandbox: venv ## Deploy STACK (staging) to an embedded AWS, simulate incidents, check notifications
	@$(BIN)/python -m sandbox $(or $(STACK),staging) --engine $(ENGINE)

preview: venv ## Show what a deployment of STACK (prod) would put into AWS
	@$(BIN)/python -m ops preview $(or $(STACK),prod)

check: venv ## Try your stacks, all or STACK: preview, what is left out, sandbox with its scenarios
	@failed=; for stack in $(STACKS); do \
		$(BIN)/python -m ops preview $$stack && $(BIN)/python -m sandbox $$stack --engine $(ENGINE) \
			|| failed="$$failed $$stack"; \
	done; \
	if [ -n "$$failed" ]; then echo "not as they should be:$$failed"; exit 1; fi; \
	echo "as they should be: $(or $(STACKS),no stack; write Pulumi.prod.yaml, as README.md says)"

# The uid of Grafana's CloudWatch data source: with it, alert rules are written, too.
DATA_SOURCE ?=
ALERTS := $(if $(DATA_SOURCE),--alerts --data-source $(DATA_SOURCE))

export: venv ## Write alarms and graphs of STACK (prod) for other systems; DATA_SOURCE adds Grafana's alert rules
	@stack=$(or $(STACK),prod); \
	for system in $$($(BIN)/python -c 'from exports.systems import SYSTEMS; print(*(s.name for s in SYSTEMS))'); do \
		$(BIN)/python -m ops export $$system $$stack --out exported/$$stack/$$system \
			$$(test $$system != grafana || echo "$(ALERTS)") || exit 1; \
		echo; \
	done

example: venv ## Run the example Django project and see its metrics fire an alarm
	@PYTHONPATH=. $(BIN)/python examples/django/run.py

review: venv ## Review the alarms of an example's stack over a made-up quarter
	@PYTHONPATH=. $(BIN)/python examples/review/run.py

engine: venv ## Find a Pulumi CLI, or install or build one into .tools
	@$(BIN)/python -m sandbox.engine

quick: venv ## Run the tests that find nearly every fault, in a minute
	@$(BIN)/python -m pytest -q $(PARALLEL) -m "not slow"

mutation: venv ## Change the program in SAMPLE places (100), see whether the tests notice
	@$(BIN)/python -m tools.mutation --sample $(or $(SAMPLE),100) --seed "$(SEED)"

test: venv ## Run all tests (those of the Pulumi engine only where there is a CLI: make engine)
	@$(MAKE) --no-print-directory --jobs 2 test-program test-package
	@cd django_monitoring && ../$(BIN)/python -m pytest -q -m timed

test-program: venv ## Run the tests of the program alone
	@$(BIN)/python -m pytest -q $(PARALLEL)

# What it prints comes at its end, not between the lines of the program's tests.
test-package: venv ## Run the tests of the Django package alone, less the timed ones
	@printed=$$(mktemp); \
	(cd django_monitoring && ../$(BIN)/python -m pytest -q $(WAITING) -m "not timed") >$$printed 2>&1; \
	code=$$?; cat $$printed; rm -f $$printed; exit $$code

test-django: ## Run the Django package's tests on DJANGO (4.2), in a virtual environment of its own
	@$(PYTHON) -m venv $(VENV)-django-$(DJANGO)
	@$(VENV)-django-$(DJANGO)/bin/pip install --quiet --disable-pip-version-check \
		-r requirements-django.txt "Django~=$(DJANGO).0"
	@$(VENV)-django-$(DJANGO)/bin/pip install --quiet --disable-pip-version-check \
		-r requirements-compiled.txt || echo "no mysqlclient: its tests are skipped"
	@cd django_monitoring && ../$(VENV)-django-$(DJANGO)/bin/python -m pytest -q

compiled: venv ## Install what needs a compiler; without it, tests of mysqlclient are skipped
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-compiled.txt

style: venv ## Check style alone, in a second
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

lint: style ## Check style, types, import rules, GitHub workflows, and what the docs have from code
	@$(BIN)/mypy --num-workers 2
	@cd django_monitoring && ../$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@$(BIN)/check-jsonschema --builtin-schema vendor.dependabot .github/dependabot.yml
	@$(BIN)/zizmor --offline --quiet .github
	@$(BIN)/python -m tools.docs --check

languages: venv ## Deploy the components' examples in TypeScript and Go (or LANGUAGE alone) to the embedded AWS
	@$(BIN)/python -m tools.languages $(LANGUAGE)

docs: venv ## Write the tables and default lines of the docs from models and rules
	@$(BIN)/python -m tools.docs

benchmark: venv ## Measure the program, the Django middleware and the replay against their floors
	@$(BIN)/python -m benchmarks.program
	@$(BIN)/python -m benchmarks.django_middleware
	@$(BIN)/python -m benchmarks.django_queries
	@$(BIN)/python -m benchmarks.replay

clean: ## Remove the virtual environment, the engine and all caches
	rm -rf $(VENV) $(VENV)-django-* .tools .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
