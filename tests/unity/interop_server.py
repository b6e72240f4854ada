"""A grpcio server with one method for each of gRPC's interoperability cases.

Every message is a google.protobuf.BytesValue, so that neither side needs a contract for it. Prints
one JSON line with its port, then obeys lines on standard input: `stop` ends every stream and the
listener at once. It exits when standard input closes, so that it never outlives its test.
"""

import argparse
import json
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent import futures
from pathlib import Path

import grpc
from google.protobuf.wrappers_pb2 import BytesValue

SERVICE = "attune.interop.Interop"


class Interop:
    """The methods; `cancelled` counts the calls of `Hang` whose end was noticed."""

    def __init__(self) -> None:
        self.cancelled = threading.Semaphore(0)

    def echo(
        self, requests: Iterator[BytesValue], context: grpc.ServicerContext
    ) -> Iterator[BytesValue]:
        """Every message comes back; nothing is sent for none."""
        yield from requests

    def collect(self, requests: Iterator[BytesValue], context: grpc.ServicerContext) -> BytesValue:
        """The number of bytes of all messages, after the client's half-close."""
        return BytesValue(value=str(sum(len(request.value) for request in requests)).encode())

    def produce(self, request: BytesValue, context: grpc.ServicerContext) -> Iterator[BytesValue]:
        """Messages of the sizes that the request lists."""
        for size in request.value.decode().split():
            yield BytesValue(value=b"\x5a" * int(size))

    def hang(
        self, requests: Iterator[BytesValue], context: grpc.ServicerContext
    ) -> Iterator[BytesValue]:
        """One message, then silence until the call is over."""
        over = threading.Event()
        context.add_callback(over.set)
        yield BytesValue(value=b"begun")
        over.wait(30)
        self.cancelled.release()

    def sleep(
        self, requests: Iterator[BytesValue], context: grpc.ServicerContext
    ) -> Iterator[BytesValue]:
        """Nothing at all until the call is over."""
        over = threading.Event()
        context.add_callback(over.set)
        over.wait(30)
        self.cancelled.release()
        yield from ()

    def await_cancelled(self, request: BytesValue, context: grpc.ServicerContext) -> BytesValue:
        """Whether one more `hang` or `sleep` saw its end within five seconds."""
        return BytesValue(value=b"yes" if self.cancelled.acquire(timeout=5) else b"no")

    def fail(self, request: BytesValue, context: grpc.ServicerContext) -> BytesValue:
        """No message, only a status: a trailers-only reply."""
        code, _, detail = request.value.decode().partition(" ")
        context.set_trailing_metadata((("x-why-bin", b"\x00\xff"),))
        context.abort(next(c for c in grpc.StatusCode if c.name == code), detail)
        raise AssertionError("abort raises")

    def fail_after_one(
        self, requests: Iterator[BytesValue], context: grpc.ServicerContext
    ) -> Iterator[BytesValue]:
        """One message, then a status in the trailers."""
        yield BytesValue(value=b"one")
        context.abort(grpc.StatusCode.FAILED_PRECONDITION, "ein Satz mit Ümläuten und 100 % ☺")

    def metadata(self, request: BytesValue, context: grpc.ServicerContext) -> BytesValue:
        """`x-echo` comes back before the message, `x-echo-bin` after it."""
        sent = dict(context.invocation_metadata())
        context.send_initial_metadata((("x-echo", sent["x-echo"]),))
        context.set_trailing_metadata((("x-echo-bin", sent["x-echo-bin"]),))
        return BytesValue(value=sent["user-agent"].encode())

    def gzip(self, request: BytesValue, context: grpc.ServicerContext) -> BytesValue:
        """An answer for which the server would rather use gzip."""
        context.set_compression(grpc.Compression.Gzip)
        return BytesValue(value=b"a" * 10_000)


def _handlers(interop: Interop) -> grpc.GenericRpcHandler:
    kinds: dict[str, tuple[Callable[..., grpc.RpcMethodHandler], Callable[..., object]]] = {
        "Echo": (grpc.stream_stream_rpc_method_handler, interop.echo),
        "Collect": (grpc.stream_unary_rpc_method_handler, interop.collect),
        "Produce": (grpc.unary_stream_rpc_method_handler, interop.produce),
        "Hang": (grpc.stream_stream_rpc_method_handler, interop.hang),
        "Sleep": (grpc.stream_stream_rpc_method_handler, interop.sleep),
        "AwaitCancelled": (grpc.unary_unary_rpc_method_handler, interop.await_cancelled),
        "Fail": (grpc.unary_unary_rpc_method_handler, interop.fail),
        "FailAfterOne": (grpc.stream_stream_rpc_method_handler, interop.fail_after_one),
        "Metadata": (grpc.unary_unary_rpc_method_handler, interop.metadata),
        "Gzip": (grpc.unary_unary_rpc_method_handler, interop.gzip),
    }
    return grpc.method_handlers_generic_handler(
        SERVICE,
        {
            name: kind(method, BytesValue.FromString, BytesValue.SerializeToString)
            for name, (kind, method) in kinds.items()
        },
    )


def _credentials(certificates: Path, mutual: bool) -> grpc.ServerCredentials:
    pair = ((certificates / "server.key").read_bytes(), (certificates / "server.crt").read_bytes())
    authority = (certificates / "ca.crt").read_bytes() if mutual else None
    return grpc.ssl_server_credentials([pair], authority, mutual)


def main() -> None:
    """Serve until standard input closes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--certificates", type=Path, help="server.crt, server.key, ca.crt")
    parser.add_argument("--mutual", action="store_true", help="ask for a client certificate")
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()

    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=16),
        options=[
            ("grpc.max_receive_message_length", 8 << 20),
            ("grpc.max_send_message_length", 8 << 20),
        ],
    )
    server.add_generic_rpc_handlers((_handlers(Interop()),))
    address = f"127.0.0.1:{arguments.port}"
    if arguments.certificates:
        credentials = _credentials(arguments.certificates, arguments.mutual)
        port = server.add_secure_port(address, credentials)
    else:
        port = server.add_insecure_port(address)
    server.start()
    print(json.dumps({"grpc_port": port}), flush=True)
    for line in sys.stdin:
        if line.strip() == "stop":
            server.stop(grace=0).wait()
            print(json.dumps({"stopped": True}), flush=True)
    server.stop(grace=0).wait()


if __name__ == "__main__":
    main()
