# The C# side. `dotnet` and `protoc` come from PATH or from the toolchain beside the repository.
DOTNET_ENV = if ! command -v dotnet >/dev/null || ! command -v protoc >/dev/null; then \
	test -x ../shared/toolchain/install.sh || { echo "needs the .NET 10 SDK and protoc 35.1 on PATH" >&2; exit 1; }; \
	eval "$$(../shared/toolchain/install.sh)"; fi
CSHARP_MESSAGES = unity_client/Packages/com.attune.xr/Runtime/Protocol/Generated
DOTNET_TEST = dotnet test -m:1 --nologo -v quiet --logger "console;verbosity=minimal"

# What was compiled stays here, so that only changed assemblies are compiled again.
UNITY_MATRIX = $(or $(TMPDIR),/tmp)/attune-unity-matrix-$(shell id -u)

.PHONY: protos-csharp protos-csharp-if-possible test-unity test-unity-quick test-unity-if-possible unity-matrix mlagents

protos-csharp: environment-dev ## Generate the C# messages and the shared vectors from protos/
	@$(DOTNET_ENV); mkdir -p $(CSHARP_MESSAGES) && \
	protoc -I protos --csharp_out=$(CSHARP_MESSAGES) $$(find protos/attune -name '*.proto' | sort)
	@python3 unity_client/tools/write_metas.py
	@PYTHONPATH=python_server .venv/bin/python tests/unity/message_vectors.py
	@PYTHONPATH=python_server .venv/bin/python tests/unity/visitor_vectors.py
	@PYTHONPATH=python_server:. .venv/bin/python tests/unity/replay_table.py

# What `make protos` does for C#: where there is no protoc, the tests still tell when the messages are old.
protos-csharp-if-possible:
	@if { command -v protoc && command -v dotnet; } >/dev/null || \
		{ [ "$$(uname -sm)" = "Linux x86_64" ] && [ -x ../shared/toolchain/install.sh ]; }; then $(MAKE) --no-print-directory protos-csharp; \
	else echo "protos: the C# messages were left as they are: it needs protoc 35.1 and the .NET 10 SDK on PATH"; fi

unity-matrix: ## Compile the Unity package for every editor, platform and set of optional packages
	@$(DOTNET_ENV); dotnet restore --nologo -v quiet unity_client/headless/Attune.Tests && \
	python3 unity_client/tools/matrix.py --out $(UNITY_MATRIX) $(MATRIX)

test-unity: environment-dev unity-matrix ## Build the Unity package without Unity and run its tests
	@$(DOTNET_ENV); cd unity_client/headless && \
	dotnet build -m:1 --nologo -v quiet Visitor && \
	$(DOTNET_TEST) Attune.Tests && $(DOTNET_TEST) Attune.Interop

# The part of `make test`: all optional packages and none, and no sessions against a real server.
test-unity-quick: MATRIX = --ends
test-unity-quick: unity-matrix ## Build the Unity package without Unity and run the tests that need no server
	@$(DOTNET_ENV); cd unity_client/headless && $(DOTNET_TEST) Attune.Tests

test-unity-if-possible:
	@if command -v dotnet >/dev/null; then \
		case $$(dotnet --list-sdks | tail -1) in 1[0-9].*) why= ;; *) why="dotnet has no SDK 10 or later" ;; esac; \
	elif [ "$$(uname -sm)" = "Linux x86_64" ] && [ -x ../shared/toolchain/install.sh ]; then why=; \
	else why="there is no dotnet on PATH (it needs the .NET 10 SDK)"; fi; \
	if [ -n "$$why" ]; then echo "test: the Unity package was skipped: $$why"; \
	else echo "test: the Unity package, without Unity (make test-unity also runs its sessions with a server)"; \
		$(MAKE) --no-print-directory test-unity-quick; fi

MLAGENTS = .tools/mlagents

mlagents: environment ## Sweep simulated visitors through a built Unity scene. ARGS="build/Memorial.x86_64" or "--help"
	@if [ "$$(cat $(MLAGENTS)/.lock 2>/dev/null)" != "$$(cat requirements/mlagents.lock)" ]; then \
		echo "mlagents: installing mlagents-envs in $(MLAGENTS), apart from the server"; \
		rm -rf $(MLAGENTS) && .venv/bin/python -m venv $(MLAGENTS) && \
		$(MLAGENTS)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes \
			-r requirements/mlagents.lock && \
		cat requirements/mlagents.lock > $(MLAGENTS)/.lock; fi
	@$(MLAGENTS)/bin/python -m tools.mlagents $(ARGS)
