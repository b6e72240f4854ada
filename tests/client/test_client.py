"""Unary calls over a real socket."""

import grpc
import grpc.aio

from attune.client import AttuneClient
from attune.v1 import attune_pb2, attune_pb2_grpc


class Museum(attune_pb2_grpc.AttuneServiceServicer):
    """A server with some years' stored sessions."""

    async def ListSessions(self, request: object, context: object) -> object:
        one = attune_pb2.StoredSession(session_id="0a" * 16, started_unix_ns=2**60)
        return attune_pb2.ListSessionsResponse(sessions=[one] * 120_000)


async def test_a_year_of_stored_sessions_can_be_listed() -> None:
    server = grpc.aio.server()
    attune_pb2_grpc.add_AttuneServiceServicer_to_server(Museum(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        async with AttuneClient(f"127.0.0.1:{port}") as client:
            listed = await client.stored_sessions()
    finally:
        await server.stop(0)

    assert len(listed.sessions) == 120_000
