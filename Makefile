# The commands of this repository. Each makes the environment it needs by itself, once.
#   PYTHON=/path/to/python3.12   the interpreter to build the environment from
#   ARGS="--camera 0"            passed on to demo, serve, bench, lock and mlagents

PYTHON ?=
export PYTHON
ARGS ?=
RUN = .venv/bin/python -m
.DEFAULT_GOAL := help
.PHONY: help demo test check serve bench protos lock environment environment-dev environment-train

help: ## List the commands.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-17s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: environment ## Show the whole loop: server, simulated visitor, story. ARGS="--camera 0", "--video FILE", …
	@$(RUN) attune demo $(ARGS)

test: check ## Check style, types, rooms and contract, then run every test.
	@echo "test: pytest"
	@$(RUN) pytest -q --numprocesses auto --maxprocesses 4 --dist loadfile
	@$(MAKE) --no-print-directory test-unity-if-possible

check: environment-dev ## Everything that `test` checks without running a test.
	@echo "test: ruff check"
	@$(RUN) ruff check --quiet .
	@echo "test: ruff format"
	@$(RUN) ruff format --quiet --check .
	@echo "test: mypy"
	@$(RUN) mypy
	@echo "test: import-linter (a room imports only from rooms below it)"
	@.venv/bin/lint-imports --no-logo
	@echo "test: the contract is documented, additive and generated"
	@$(RUN) tools.protos lint
	@$(RUN) tools.protos check

serve: environment ## Run the server. ARGS="--help" lists its settings.
	@$(RUN) attune serve $(ARGS)

bench: environment ## Measure the budgets on this machine; results in bench-out/.
	@$(RUN) tools.bench $(ARGS)

protos: environment-dev ## Generate the Python and C# code of the contract from protos/.
	@$(RUN) tools.protos generate
	@$(MAKE) --no-print-directory protos-csharp-if-possible

lock: ## Resolve the dependencies of pyproject.toml anew into requirements/*.lock.
	@tools/environment lock
	@tools/lock $(ARGS)

environment: ## Make .venv with what server and demo need.
	@tools/environment run

environment-dev: ## Make .venv with what tests need too.
	@tools/environment dev

environment-train: ## Make .venv with what training needs too.
	@tools/environment train

include unity_client/unity.mk
