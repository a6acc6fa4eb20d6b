# make bench       set up what is missing, then run the benchmark; results in results/
#                  TRACE=FILE WINDOW=START:LENGTH K=SPEC REPLY=P SEED=N OUT=FOLDER and SERVER are passed on when they are set
# make test        lint and every test but the long ones
# make test-full   lint and every test
#                  both against another server with SERVER=url=postgresql://USER:PASSWORD@HOST:PORT/DATABASE, or container=IMAGE
# make load        set up what is missing, then every design under Locust's users for 20 s, held against the open-loop instrument
#                  (about 12 minutes); DESIGN USERS RATE RUN_TIME SEED OUT and SERVER are passed on when they are set
# make perf        the benchmarks of tests/perf, compared with the last that passed; ACCEPT=1 takes their figures as they are
# make lint        ruff and mypy
# make clean       remove the virtual environment and all caches; results stay

VENV  := .venv
BIN   := $(VENV)/bin
CACHE := $(CURDIR)/.cache
CODE  := workloads variants bench tests
PIP   := $(BIN)/python -m pip --disable-pip-version-check -q

# What tools would write to a home folder or to the system's temporary folder is kept inside the checkout.
# pip keeps its own cache: it is the one thing that a second checkout profits from.
INSIDE := XDG_CACHE_HOME="$(CACHE)" MPLCONFIGDIR="$(CACHE)/matplotlib" \
          HYPOTHESIS_STORAGE_DIRECTORY="$(CACHE)/hypothesis" PYTEST_DEBUG_TEMPROOT="$(CACHE)/tests"

# Two files of tests at a time, each with a server of its own: while one waits for its server, the other computes.
# Against a server that is not ours one at a time: only one run may change its settings.
TWO := $(if $(filter url=%,$(SERVER) $(STOREBENCH_SERVER)),,-n 2 --dist loadfile)
# Handed on where no list of processes shows it: it may hold a password.
AGAINST := STOREBENCH_SERVER="$${SERVER:-$$STOREBENCH_SERVER}"

# A server in a container needs the libraries of its extra.
CONTAINER := $(if $(filter container container=%,$(SERVER) $(STOREBENCH_SERVER)),container)

MAKEFLAGS += --no-print-directory
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: bench load test test-full perf lint clean

# make exports variables given on its command line, so the shell sees each value as it was typed.
bench: $(VENV)/$(or $(CONTAINER),run).stamp | $(CACHE)/tests
	@$(INSIDE) $(AGAINST) $(BIN)/storebench run \
	    $${TRACE:+"--trace=$$TRACE"} $${WINDOW:+"--window=$$WINDOW"} $${K:+"--agents=$$K"} \
	    $${REPLY:+"--reply=$$REPLY"} $${SEED:+"--seed=$$SEED"} $${OUT:+"--out=$$OUT"}

load: $(VENV)/load.stamp $(CONTAINER:%=$(VENV)/%.stamp) | $(CACHE)/tests
	@$(INSIDE) $(AGAINST) $(BIN)/storebench load --shape=flat --agree "--design=$${DESIGN:-all}" "--rate=$${RATE:-40}" \
	    $${USERS:+"--users=$$USERS"} $${RUN_TIME:+"--run-time=$$RUN_TIME"} $${SEED:+"--seed=$$SEED"} $${OUT:+"--out=$$OUT"}

test: lint
	@$(INSIDE) $(AGAINST) $(BIN)/pytest $(TWO) -m "not full"

test-full: lint
	@$(INSIDE) $(AGAINST) $(BIN)/pytest $(TWO)

# In one process: under pytest-xdist pytest-benchmark measures nothing.
perf: $(VENV)/test.stamp | $(CACHE)/tests
	@mkdir -p .benchmarks
	@$(INSIDE) $(AGAINST) $(BIN)/pytest tests/perf -o "python_files=bench_*.py" -o "python_functions=bench_*" -q \
	    --benchmark-disable-gc --benchmark-json=.benchmarks/new.json --benchmark-quiet
	@$(BIN)/python -m tests.perf .benchmarks $(if $(ACCEPT),--accept)

lint: $(VENV)/test.stamp | $(CACHE)/tests
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/mypy --strict $(CODE)

clean:
	rm -rf $(VENV) .cache build dist
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

$(CACHE)/tests:
	@mkdir -p "$@"

# Each set holds everything of the run set, and the test set everything of all, so one folder serves them all.
$(VENV)/run.stamp $(VENV)/load.stamp $(VENV)/container.stamp $(VENV)/test.stamp: $(VENV)/%.stamp: requirements/%.txt pyproject.toml
	@command -v python3 >/dev/null || { echo "python3 is missing: install Python 3.11 or newer" >&2; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "$$(python3 --version) is too old: Python 3.11 or newer is needed" >&2; exit 1; }
	@python3 -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "python3 has no venv module: install python3-venv" >&2; exit 1; }
	@start=$$(date +%s) && echo "setting up $(VENV) from requirements/$*.txt ..." && \
	    { [ -x $(BIN)/python ] || python3 -m venv $(VENV); } && \
	    $(PIP) install --require-hashes -r requirements/$*.txt && \
	    $(PIP) install --no-deps --no-build-isolation --no-index -e . && \
	    touch $@ && echo "set-up took $$(( $$(date +%s) - start )) s"
