.DEFAULT_GOAL := help
.PHONY: help run demo test check format bench lock clean

PYTHON ?= python3
BIN := .venv/bin

help:            ## what can be done here
	@grep -hE '^[a-z-]+: .*##|^[a-z]+:  *##' Makefile | sed 's/:.*##/ -/'

.venv/installed: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: .venv/installed            ## start the program on config.toml
	$(BIN)/motcua run

demo: .venv/installed           ## a filled, clearly marked example on http://127.0.0.1:8081, in data-demo/
	$(BIN)/motcua demo

test: .venv/installed-dev       ## run all tests
	$(BIN)/python -m pytest

check: .venv/installed-dev      ## format, lint, types, import rules, knowledge
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/motcua knowledge check

format: .venv/installed-dev     ## write the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: .venv/installed-dev      ## measure speed and memory, as docs/benchmarks.md records
	$(BIN)/python -m tests.bench

lock: .venv/installed-dev       ## renew the locked dependencies
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-emit-index-url --no-header --extra test --extra check --extra learn pyproject.toml -o requirements-dev.lock

clean:           ## remove what was built (data stays)
	rm -rf .venv build *.egg-info
