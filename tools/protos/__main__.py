"""`python -m tools.protos generate | check | lint`, from the root of the checkout."""

import sys
from pathlib import Path

from tools.protos.compiler import compile_contract
from tools.protos.generation import drift, generate
from tools.protos.lint import findings
from tools.protos.surface import lost, surface, write_surface

ROOT = Path(__file__).resolve().parents[2]


def main(command: str) -> int:
    """Runs one command; 0 when nothing is wrong."""
    descriptors = compile_contract(ROOT / "protos")
    problems = findings(descriptors)
    recorded = ROOT / "protos" / "surface.txt"
    problems += [
        f"{line}: was removed or changed, and clients rely on it"
        for line in lost(recorded, descriptors)
    ]
    if command == "generate" and not problems:
        generate(ROOT / "protos", ROOT / "python_server")
        write_surface(recorded, descriptors)
        print(f"protos: {len(surface(descriptors))} names of the contract generated and recorded")
    elif command == "check":
        problems = drift(ROOT / "protos", ROOT / "python_server", recorded, descriptors)
    elif command not in {"generate", "lint"}:
        problems = [f"unknown command {command!r}; known: generate, check, lint"]
    for problem in problems:
        print(f"protos: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) == 2 else ""))
