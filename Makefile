# The interpreter: python3 where it is new enough, else a newer one by its own name.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
  "$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && \
  { echo "$$p"; break; }; done)
VENV ?= .venv
BIN := $(VENV)/bin
# Nothing resolves while installing: every package is in a lock file, with its hashes, and so is what
# builds those that come as source. Python compiles a module when it is first imported.
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --no-deps --no-compile --require-hashes --no-build-isolation

# Modules stay compiled whatever the environment says: tests start hundreds of Pythons.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo messages test unit same golden lint bench bench-scale bench-store compare fuzz kills cluster-kills crawl-kills races failures full-disk mutants lock clean peers desk-kills figures

$(VENV)/.created:
	@test -n "$(PYTHON)" || { echo "fengong needs Python 3.11 to 3.13: make $(MAKECMDGOALS) PYTHON=/path/to/python3.12" >&2; exit 1; }
	@echo "[1/4] making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/.run: requirements-build.lock requirements.lock pyproject.toml | $(VENV)/.created
	@echo "[2/4] installing what builds packages ($$(grep -c '^[a-z].*==' requirements-build.lock) locked)"
	@$(INSTALL) -r requirements-build.lock
	@echo "[3/4] installing what fengong runs on ($$(grep -c '^[a-z].*==' requirements.lock) locked)"
	@$(INSTALL) -r requirements.lock
	@echo "[4/4] installing fengong itself"
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(PIP) check
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	@echo "[dev] installing what tests and checks need ($$(grep -c '^[a-z].*==' requirements-dev.lock) locked)"
	@$(INSTALL) -r requirements-dev.lock
	@$(PIP) check
	@touch $@

demo: $(VENV)/.run
	$(BIN)/fengong parse raw -o output --take-over

# From Python 3.12 on the interpreter itself tells which lines run, which costs the tests next to nothing;
# before, a tracer does, and they take twice as long.
test: lint
	COVERAGE_CORE=$$($(BIN)/python -c 'import sys; print("sysmon" if sys.version_info >= (3, 12) else "ctrace")') \
	  $(BIN)/python -m pytest --numprocesses auto --dist worksteal --cov=pipeline --cov-report=term:skip-covered

# The tests alone, without the coverage floor: what another Python is tried with.
unit: $(VENV)/.dev
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(PYTEST)

# Whether records and tables are what an earlier commit makes: make same REF=HEAD~3
same: $(VENV)/.dev
	$(BIN)/python -m tests.same $(if $(REF),--ref $(REF))

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

golden: demo $(VENV)/.dev
	$(BIN)/fengong schema > docs/record.schema.json
	$(BIN)/python -m tests.golden
	$(BIN)/python -m tests.data_dictionary
	git diff --stat output docs tests/golden

# Message catalogues with exactly the messages of the code; prints those that lack a translation.
messages: $(VENV)/.dev
	$(BIN)/python -m tests.messages

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks.speed
	$(BIN)/python -m benchmarks.patterns
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
bench-store: $(VENV)/.dev
	$(BIN)/python -m benchmarks.store --items $(ITEMS) --postgres

# The dated figures of README.md and README.zh.md: make figures PARTS="speed reading"
figures: $(VENV)/.dev .venv-peers/.installed
	$(BIN)/python -m benchmarks.figures $(PARTS)

# Other libraries on the same documents, in an environment of their own.
.venv-peers/.installed: requirements-peers.lock | $(VENV)/.created
	@echo "[peers] installing $$(grep -c '^[a-z].*==' $<) locked packages into .venv-peers"
	@$(BIN)/python -m venv --clear .venv-peers
	@.venv-peers/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --require-hashes --only-binary :all: -r $<
	@touch $@

peers: $(VENV)/.dev .venv-peers/.installed
	$(BIN)/python -m benchmarks.peers

compare: $(VENV)/.dev
	$(BIN)/python benchmarks/compare.py $(if $(REF),--ref $(REF))

# Damaged files of every kind: make fuzz N=1000000 SEED=7
N ?= 100000
SEED ?= 1
fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.read.fuzz $(N) --seed $(SEED) --jobs 2

# Small planted faults in parse, names and compare that no test finds: make mutants MUTANTS=200
MUTANTS ?= 200
mutants: $(VENV)/.dev
	$(BIN)/python -m tests.mutate $(MUTANTS) --seed $(SEED)

KILLS ?= 200
# Runs killed at random moments: make kills KILLS=200
kills: $(VENV)/.dev
	$(BIN)/python -m tests.kills $(KILLS) --seed $(SEED)

# A run on a cluster whose workers, scheduler and client are killed, for SECONDS.
SECONDS ?= 120
NOTICES ?= 20000
cluster-kills: $(VENV)/.dev
	$(BIN)/python -m tests.batch.cluster_kills --notices $(NOTICES) --seconds $(SECONDS) --seed $(SEED)

# Two workers of a cluster beside two processes of one command: make bench-scale NOTICES=100000
bench-scale: $(VENV)/.dev
	$(BIN)/python -m benchmarks.scale --notices $(NOTICES)

# The desk, killed in the middle of corrections: make desk-kills KILLS=10
desk-kills: $(VENV)/.dev
	$(BIN)/python -m tests.web.kills $(KILLS) --seed $(SEED)

# A watch of a planted site of 2,000 pages, killed at random moments: make crawl-kills KILLS=50
crawl-kills: $(VENV)/.dev
	$(BIN)/python -m tests.crawl.kills $(KILLS) --seed $(SEED)

# Two runs at once, started at random moments apart: make races ROUNDS=50
ROUNDS ?= 50
races: $(VENV)/.dev
	$(BIN)/python -m tests.races $(ROUNDS) --seed $(SEED)

# Every call that writes fails once in every command that writes.
failures: $(VENV)/.dev
	$(BIN)/python -m tests.failures

# A small disk in memory that gets full; mounting it needs root.
full-disk: $(VENV)/.dev
	unshare -m $(BIN)/python -m tests.full_disk

# Each lock keeps the versions that it has; make lock UPGRADE=--upgrade takes the newest.
UPGRADE ?=
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-annotate --no-emit-index-url --no-emit-find-links $(UPGRADE)
lock: $(VENV)/.dev
	$(COMPILE) pyproject.toml --all-extras --group dev --output-file requirements-dev.lock
	$(COMPILE) pyproject.toml --extra office --extra pdf --constraints requirements-dev.lock --output-file requirements.lock
	$(COMPILE) --group build --constraints requirements-dev.lock --output-file requirements-build.lock
	$(COMPILE) --group peers --output-file requirements-peers.lock

clean:
	rm -rf $(VENV) .venv-peers
