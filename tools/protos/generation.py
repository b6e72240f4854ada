"""Generates the Python code of the contract, and says where the committed code has drifted."""

import tempfile
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorSet

from tools.protos.compiler import compile_contract, protoc, sources
from tools.protos.surface import surface

SUFFIXES = ("_pb2.py", "_pb2.pyi", "_pb2_grpc.py")


def generate(protos: Path, package_root: Path) -> list[Path]:
    """Writes messages, stubs of their types, and gRPC code where a file has a service.

    Returns the files written, relative to `package_root`; generated files without a source go.
    """
    with tempfile.TemporaryDirectory() as scratch:
        protoc(
            f"-I{protos}",
            *(f"--{kind}_out={scratch}" for kind in ("python", "pyi", "grpc_python")),
            *sources(protos),
        )
        with_service = {file.name for file in compile_contract(protos).file if file.service}
        wanted = {
            path.relative_to(scratch): path.read_bytes()
            for path in sorted(Path(scratch).rglob("*_pb2*"))
            if not path.name.endswith("_grpc.py") or _source_of(path, Path(scratch)) in with_service
        }
    for folder in {path.parent for path in wanted}:
        for old in (package_root / folder).glob("*_pb2*"):
            if old.relative_to(package_root) not in wanted:
                old.unlink()
    for path, content in wanted.items():
        target = package_root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return list(wanted)


def _source_of(generated: Path, root: Path) -> str:
    return generated.relative_to(root).as_posix().removesuffix("_pb2_grpc.py") + ".proto"


def drift(
    protos: Path, package_root: Path, recorded: Path, descriptors: FileDescriptorSet
) -> list[str]:
    """One sentence for each committed file that `generate` would write otherwise."""
    problems = []
    with tempfile.TemporaryDirectory() as scratch:
        for path in generate(protos, Path(scratch)):
            committed = package_root / path
            if not committed.exists() or committed.read_bytes() != (scratch / path).read_bytes():
                problems.append(f"{committed} is not what its source says; run `make protos`")
    if not recorded.exists() or recorded.read_text().splitlines() != surface(descriptors):
        problems.append(f"{recorded} does not list the contract; run `make protos`")
    return problems
