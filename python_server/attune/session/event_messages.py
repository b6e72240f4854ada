"""Scene events as messages of the contract: what a client sends and what a recording holds."""

from typing import assert_never

from attune.scenario.events import (
    BeatEntered,
    ChoiceDue,
    ChoiceResolved,
    SceneEvent,
    StimulusOffset,
    StimulusOnset,
)
from attune.session.vocabulary import RESOLVERS
from attune.v1 import story_pb2


def event_message(event: SceneEvent) -> story_pb2.ScenarioEvent:
    """The message for one event, with its times as they are: on the client's clock where a client
    sends it, on the session timeline where it is recorded."""
    message = story_pb2.ScenarioEvent(time_ns=event.time_ns)
    match event:
        case StimulusOnset(stimulus_id=stimulus_id):
            message.stimulus_onset.stimulus_id = stimulus_id
        case StimulusOffset(stimulus_id=stimulus_id):
            message.stimulus_offset.stimulus_id = stimulus_id
        case BeatEntered(beat_id=beat_id):
            message.beat_entered.beat_id = beat_id
        case ChoiceDue():
            message.choice_due.choice_id = event.choice_id
            message.choice_due.occurrence = event.occurrence
            message.choice_due.deadline_ns = event.deadline_ns
        case ChoiceResolved():
            message.choice_resolved.choice_id = event.choice_id
            message.choice_resolved.occurrence = event.occurrence
            message.choice_resolved.branch_id = event.branch_id
            message.choice_resolved.decision_id = event.decision_id
            message.choice_resolved.by = RESOLVERS.number(event.by)
        case _:
            assert_never(event)
    return message
