"""One visitor walks through a story: frames, events, decisions, until the end or until stopped."""

import asyncio
from collections.abc import Callable

from attune.client.feed import VideoFeed
from attune.client.inbox import Message
from attune.client.session import ClientSession
from attune.client.story import StoryPlayback
from attune.scenario.events import ChoiceResolved
from attune.scenario.schema import Beat, Scenario
from attune.session.inputs import EndReason
from attune.v1 import session_pb2, story_pb2


class Visit:
    """Streams `source` into `session` while `scenario` plays, and follows the server's proposals.

    The story starts with the first frame. `watch` is handed every message of the server.
    """

    def __init__(
        self,
        session: ClientSession,
        scenario: Scenario,
        source: str,
        watch: Callable[[Message], None],
    ) -> None:
        self._session = session
        self._scenario = scenario
        self._watch = watch
        self._feed = VideoFeed(session, source)
        self._story: StoryPlayback | None = None

    @property
    def beat(self) -> Beat | None:
        """The beat that is playing; None before the first frame."""
        return self._story.beat if self._story is not None else None

    @property
    def taken(self) -> list[ChoiceResolved]:
        """The branches that were played so far."""
        return self._story.taken if self._story is not None else []

    async def run(self, stop: asyncio.Event) -> session_pb2.SessionSummary:
        """Runs to the end of the story, or until `stop`, and ends the session.

        Raises `CameraError` when the source is lost and `SessionError` when the server is.
        """
        running = [
            asyncio.create_task(self._feed.run(), name="frames"),
            asyncio.create_task(self._play(), name="story"),
            asyncio.create_task(self._listen(), name="messages"),
            asyncio.create_task(stop.wait(), name="stop"),
        ]
        try:
            over, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in over:
                task.result()
            reason = EndReason.VISITOR if stop.is_set() else EndReason.FINISHED
            return await self._session.end(reason)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)

    async def _play(self) -> None:
        start_ns = await self._feed.first_capture_ns
        self._story = StoryPlayback(self._session, self._scenario, start_ns)
        await self._story.play()

    async def _listen(self) -> None:
        async for message in self._session.messages():
            self._watch(message)
            if isinstance(message, story_pb2.BranchDecision) and self._story is not None:
                self._story.follow(message)
