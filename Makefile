# Wiredesk: what people type. `make` alone prints this list.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCK_IMAGE = $(BIN)/uv pip compile --quiet --python-version 3.11 --python-platform linux --generate-hashes --no-emit-index-url --constraints requirements.txt

.DEFAULT_GOAL := help
.PHONY: help setup run kafka prism test check lexicon bench lock wheel docs clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

setup: $(READY) ## install everything into .venv (Python 3.11 or later)

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "wiredesk needs Python 3.11 or later: make setup PYTHON=python3.11")'
	@echo "installing everything into $(VENV): about two minutes the first time"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

run: setup ## the main job on one machine: the seed article through Kafka and Beam to Avro
	@$(BIN)/wiredesk demo

kafka: setup ## Apache Kafka on this machine (PORT=9092) until Ctrl-C; needs Java 17 and Maven
	@$(BIN)/python tests/integration/kafka_cluster.py --port=$(or $(PORT),9092)

prism: bin/prism ## Beam's streaming runner for one machine, into bin/ (for --runner=PrismRunner); needs Go

bin/prism:
	@command -v go >/dev/null || { echo "make prism needs Go: see https://go.dev/doc/install"; exit 1; }
	@echo "building Prism: about two minutes the first time"
	GOBIN=$(CURDIR)/bin go install github.com/apache/beam/sdks/v2/go/cmd/prism@v2.77.0

test: check ## all checks and all tests
	$(BIN)/python -m pytest

check: setup ## format, lint, types, architecture, docstrings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/wiredesk schemas check

lexicon: setup ## look through the event lexicon; STORIES=wire.jsonl: which of its lines do these articles take
	@$(BIN)/python tests/eval/lint_lexicon.py $(STORIES)

bench: setup ## throughput, overhead, memory and idle CPU, as ratios against a peer in the same run
	$(BIN)/python -m bench

lock: ## pin every dependency anew, with hashes; the images get the same versions, without our tools
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra dev pyproject.toml -o requirements.txt
	$(LOCK_IMAGE) pyproject.toml -o deploy/requirements.txt
	$(LOCK_IMAGE) --extra gcp pyproject.toml -o deploy/dataflow/requirements.txt

wheel: setup ## the wheel, into dist/, for the image of deploy/Dockerfile
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation

docs: setup ## rewrite what is generated in docs/ and deploy/
	$(BIN)/python docs/generate.py

clean: ## remove .venv and everything generated
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
