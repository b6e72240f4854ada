"""A connection to one server, and the sessions that run over it."""

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

import grpc.aio

from attune.client.channel import ClientSecurity, open_channel
from attune.client.request import SessionRequest
from attune.client.session import ClientSession, Observer
from attune.v1 import attune_pb2, attune_pb2_grpc


class AttuneClient:
    """Use as an async context manager; leaving it closes the channel and what runs over it.

    `target` is ``host:port``. Calls raise `grpc.aio.AioRpcError`; sessions raise `SessionError`.
    """

    def __init__(self, target: str, security: ClientSecurity | None = None) -> None:
        self.target = target
        self._security = security or ClientSecurity()
        self._channel: grpc.aio.Channel | None = None
        self._sessions: list[ClientSession] = []

    async def __aenter__(self) -> Self:
        self._channel = open_channel(self.target, self._security)
        self._stub = attune_pb2_grpc.AttuneServiceStub(self._channel)  # type: ignore[no-untyped-call]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for session in self._sessions:
            await session.abandon()
        if self._channel is not None:
            await self._channel.close()

    async def start(
        self, request: SessionRequest, observer: Observer | None = None
    ) -> ClientSession:
        """Starts a session and relates the clocks; see `ClientSession`."""
        over = [session for session in self._sessions if session.over]
        self._sessions = [session for session in self._sessions if session not in over]
        for session in over:
            await session.abandon()
        session = ClientSession(
            lambda: self._stub.Attune(metadata=self._security.metadata), request, observer
        )
        self._sessions.append(session)
        await session.open()
        return session

    async def models(self) -> attune_pb2.ListModelsResponse:
        """The models in the server's store."""
        answer: attune_pb2.ListModelsResponse = await self._stub.ListModels(
            attune_pb2.ListModelsRequest(), metadata=self._security.metadata
        )
        return answer

    async def scenarios(self) -> attune_pb2.ListScenariosResponse:
        """The stories that the server knows."""
        answer: attune_pb2.ListScenariosResponse = await self._stub.ListScenarios(
            attune_pb2.ListScenariosRequest(), metadata=self._security.metadata
        )
        return answer

    async def validate_scenario(self, yaml: str) -> attune_pb2.ValidateScenarioResponse:
        """What is wrong with a story; no findings: it can be played."""
        answer: attune_pb2.ValidateScenarioResponse = await self._stub.ValidateScenario(
            attune_pb2.ValidateScenarioRequest(yaml=yaml), metadata=self._security.metadata
        )
        return answer

    async def stored_sessions(self) -> attune_pb2.ListSessionsResponse:
        """The stored sessions, oldest first."""
        answer: attune_pb2.ListSessionsResponse = await self._stub.ListSessions(
            attune_pb2.ListSessionsRequest(), metadata=self._security.metadata
        )
        return answer

    async def export_session(self, session_id: str) -> AsyncIterator[bytes]:
        """The pieces of a stored session's file."""
        chunks = self._stub.ExportSession(
            attune_pb2.ExportSessionRequest(session_id=session_id), metadata=self._security.metadata
        )
        async for chunk in chunks:
            yield chunk.data

    async def delete_session(self, session_id: str) -> attune_pb2.DeletionReceipt:
        """Deletes a stored session; the receipt says what was deleted."""
        answer: attune_pb2.DeletionReceipt = await self._stub.DeleteSession(
            attune_pb2.DeleteSessionRequest(session_id=session_id), metadata=self._security.metadata
        )
        return answer
