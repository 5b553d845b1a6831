# Everything a newcomer types. Needs Python 3.11 or later, pip and make; the rest is set up by the first target used.
# `make help` lists the targets; CONTRIBUTING.md says more about each.

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

PYTHON ?= $(firstword $(shell .ci/pythons | cut -d' ' -f2) python3)
VENV := .venv
BIN := $(VENV)/bin
PACKAGES := shared/milepost client/milepost_client server/milepost_server

# Two workers, not "auto": the suite starts servers of its own, and a laptop should stay usable meanwhile.
WORKERS ?= 2
SEEDS ?= 5000

# Some environments set it, and then every command of the installed package would compile itself again.
export PYTHONDONTWRITEBYTECODE :=
# A variable of the caller's shell must not change where packages are looked for inside the environments made here.
unexport PYTHONPATH PYTHONHOME

##@ Use it
.PHONY: demo
demo: $(VENV)/ready ## Set up, then show the main job on this machine: two devices, a pod, a server
	@$(BIN)/milepost demo

##@ Work on it
.PHONY: setup
setup: $(VENV)/ready ## Make .venv from requirements.lock and install Milepost in it, editable

.PHONY: test
test: $(VENV)/ready ## The test suite; needs nothing that pip cannot bring
	@$(BIN)/python -m pytest -n $(WORKERS) $(PYTEST_ARGS)

.PHONY: check
check: $(VENV)/ready ## ruff (rules and format), mypy strict, the import rule, declared dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

.PHONY: format
format: $(VENV)/ready ## Let ruff lay out the code and mend what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: docs
docs: $(VENV)/ready ## Write the reference pages and the screens again from the code; a test fails while one is stale
	$(BIN)/python -m docs.generate
	$(BIN)/python -m docs.screens

##@ Test it harder
.PHONY: test-outside
test-outside: $(VENV)/ready ## Judges pip cannot bring (Node, Taskwarrior, Chromium, shells); installs what it may, fails if one is missing
	sh .ci/outside-programs
	@$(BIN)/python -m pytest tests/outside -n $(WORKERS) $(PYTEST_ARGS)

# The version of .venv is left out: `make test` has run the whole suite there.
OTHER_PYTHONS = $(filter-out $(shell $(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])'),\
	$(shell .ci/pythons | cut -d' ' -f1))

# What says nothing about a Python version, or takes long: whole processes, the pages, the frame, the benchmarks.
OTHER_PYTHONS_SKIP = $(addprefix --ignore=tests/,e2e docs repo benchmarks planted disclosure \
	$(patsubst %,server/test_%.py,described dashboard dashboard_authorisation drawn_pages operating process))

.PHONY: test-all-pythons
test-all-pythons: $(VENV)/ready ## The suite without whole processes and pages on every other Python from 3.11 to 3.14 present
	@$(if $(OTHER_PYTHONS),$(MAKE) $(addprefix test-python-,$(OTHER_PYTHONS)),echo "no other Python from 3.11 to 3.14 here")

.PHONY: test-newest-python
test-newest-python: $(VENV)/ready ## The same on the newest other Python alone: what .ci/run does beside the oldest
	@$(if $(OTHER_PYTHONS),$(MAKE) test-python-$(lastword $(OTHER_PYTHONS)),echo "no other Python from 3.11 to 3.14 here")

test-python-%: .venvs/%/ready
	@echo "Python $*"
	@SIMULATION_SEEDS=100 .venvs/$*/bin/python -m pytest -n $(WORKERS) $(OTHER_PYTHONS_SKIP) $(PYTEST_ARGS)

.PHONY: bench
bench: $(VENV)/ready ## Each speed and size figure beside its floor, from tests/benchmarks
	$(BIN)/python -m tests.benchmarks

.PHONY: simulate
simulate: $(VENV)/ready ## The whole system under faults, from seeds: make simulate SEEDS=100000
	$(BIN)/python -m tests.simulation --seeds $(SEEDS)

.PHONY: plant
plant: $(VENV)/ready ## Plant each known bug in a copy of the code, and count those that the tests find
	$(BIN)/python -m tests.planted

##@ Keep it
# uv because pip cannot resolve for every Python and platform at once. No index address: each machine has its own.
RESOLVE = .venvs/lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml

.PHONY: lock
lock: ## Resolve pyproject.toml again into the two lock files: make lock UPGRADE=--upgrade takes newer versions
	@$(PYTHON) -m venv --without-pip .venvs/lock
	@$(PYTHON) -m pip --python .venvs/lock/bin/python install --quiet uv
	$(RESOLVE) --all-extras $(UPGRADE) --output-file requirements.lock > /dev/null
	$(RESOLVE) --extra server --constraint requirements.lock --output-file server/requirements.lock > /dev/null

.PHONY: clean
clean: ## Remove the environments and caches
	rm -rf .venv .venvs .mypy_cache .ruff_cache .import_linter_cache .pytest_cache .hypothesis build dist
	find $(PACKAGES) tests -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help
help: ## This list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# An environment is made in two steps, so that a new entry point does not install eighty packages again.
# The outer pip fills it: `venv --without-pip` works even where a distribution has split ensurepip off.
# $(call locked,ENVIRONMENT,PYTHON)
define locked
@$(2) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Milepost needs Python 3.11 or later: make PYTHON=/path/to/python3.11")'
@$(2) -m venv --clear --without-pip $(1)
@$(call quietly,$(1),$(2) -m pip --python $(1)/bin/python --disable-pip-version-check install --require-hashes -r requirements.lock)
@touch $@
endef

# Byte code is made here, not on first use: the start of the command line is timed, and the tree may be read-only later.
# $(call ready,ENVIRONMENT)
define ready
@$(call quietly,$(1),$(1)/bin/python -m pip --disable-pip-version-check install --root-user-action=ignore --no-deps --no-build-isolation -e .)
@$(1)/bin/python -m compileall -q $(PACKAGES)
@touch $@
@echo "$(1) is ready: Milepost on $$($(1)/bin/python --version), from requirements.lock"
endef

# pip talks a lot when all is well; what it said matters when it is not.
# $(call quietly,ENVIRONMENT,COMMAND)
quietly = $(2) > $(1)/setup.log 2>&1 || { cat $(1)/setup.log; exit 1; }

$(VENV)/locked: requirements.lock
	$(call locked,$(VENV),$(PYTHON))

$(VENV)/ready: $(VENV)/locked pyproject.toml
	$(call ready,$(VENV))

.PRECIOUS: .venvs/%/locked .venvs/%/ready
.venvs/%/locked: requirements.lock
	$(call locked,.venvs/$*,$(shell .ci/pythons | sed -n 's/^$* //p'))

.venvs/%/ready: .venvs/%/locked pyproject.toml
	$(call ready,.venvs/$*)
