PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready

.PHONY: demo test golden lint bench bench-store compare fuzz kills lock clean

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $(READY)

demo: $(READY)
	$(BIN)/fengong parse raw -o output

test: $(READY) lint
	$(BIN)/python -m pytest

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

golden: demo
	$(BIN)/fengong schema > docs/record.schema.json
	git diff --stat output docs/record.schema.json

bench: $(READY)
	$(BIN)/python benchmarks/speed.py
	$(BIN)/python benchmarks/adversarial.py
	$(BIN)/python -m benchmarks.names
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.comparing
	$(BIN)/python -m benchmarks.reading_office
	$(BIN)/python -m benchmarks.updating
	$(BIN)/python -m benchmarks.formats
	$(BIN)/python -m benchmarks.ledger

# Loading and searching, minutes long: make bench-store ITEMS=1000000
ITEMS ?= 100000
bench-store: $(READY)
	$(BIN)/python -m benchmarks.store --items $(ITEMS) --postgres

compare: $(READY)
	$(BIN)/python benchmarks/compare.py $(if $(REF),--ref $(REF))

# Damaged files of every kind: make fuzz N=1000000 SEED=7
N ?= 100000
SEED ?= 1
fuzz: $(READY)
	$(BIN)/python -m tests.read.fuzz $(N) --seed $(SEED) --jobs 2

KILLS ?= 200
# Runs killed at random moments: make kills KILLS=200
kills: $(READY)
	$(BIN)/python -m tests.kills $(KILLS) --seed $(SEED)

lock: $(READY)
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-emit-index-url --no-emit-find-links --all-extras pyproject.toml -o requirements.lock

clean:
	rm -rf .venv
