"""Runs the protocol compiler that the lock pins."""

import tempfile
import warnings
from importlib.resources import as_file, files
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorSet


def protoc(*arguments: str) -> None:
    """Runs protoc; raises RuntimeError when it refuses (it has printed why)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # grpc_tools imports pkg_resources
        from grpc_tools import protoc as compiler
    with as_file(files("grpc_tools") / "_proto") as well_known:
        status = compiler.main(["protoc", f"-I{well_known}", *arguments])
    if status:
        raise RuntimeError(f"protoc ended with {status}: {' '.join(arguments)}")


def sources(protos: Path) -> list[str]:
    """The files of the contract, relative to `protos`, in the order of their names."""
    return sorted(path.relative_to(protos).as_posix() for path in protos.rglob("*.proto"))


def compile_contract(protos: Path) -> FileDescriptorSet:
    """Descriptors of every file under `protos`, with comments."""
    with tempfile.TemporaryDirectory() as scratch:
        output = Path(scratch) / "contract.binpb"
        protoc(
            f"-I{protos}",
            "--include_source_info",
            f"--descriptor_set_out={output}",
            *sources(protos),
        )
        return FileDescriptorSet.FromString(output.read_bytes())
