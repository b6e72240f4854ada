"""Messages of a client, and what they are converted to."""

import pytest

from attune.errors import InputError
from attune.session.inbound import input_from_message
from attune.v1 import geometry_pb2, session_pb2, story_pb2, video_pb2

OFFSET = -5_000
NOW = 77_000_000


def convert(message: session_pb2.ClientMessage) -> object:
    return input_from_message(message, lambda ns: ns + OFFSET, NOW)


def refusal(message: session_pb2.ClientMessage) -> InputError:
    with pytest.raises(InputError) as caught:
        convert(message)
    return caught.value


def a_frame(**changes: object) -> session_pb2.ClientMessage:
    fields: dict[str, object] = {
        "sequence": 3,
        "capture_time_ns": 10_000,
        "capture_time_source": video_pb2.CAPTURE_TIME_SOURCE_SENSOR,
        "encoding": video_pb2.FRAME_ENCODING_JPEG,
        "width_px": 640,
        "height_px": 480,
        "role": video_pb2.FRAME_ROLE_WEARER,
        "data": b"\xff\xd8",
    }
    return session_pb2.ClientMessage(video_frame=video_pb2.VideoFrame(**{**fields, **changes}))


def a_pose(
    position: tuple[float, float, float] = (0, 1.6, 0),
    orientation: tuple[float, float, float, float] = (0, 0, 0, 1),
    **changes: object,
) -> session_pb2.ClientMessage:
    x, y, z, w = orientation
    return session_pb2.ClientMessage(
        headset_pose=geometry_pb2.HeadsetPose(
            time_ns=10_000,
            pose=geometry_pb2.Pose(
                position_m=geometry_pb2.Vector3(x=position[0], y=position[1], z=position[2]),
                orientation=geometry_pb2.Quaternion(x=x, y=y, z=z, w=w),
            ),
            **changes,
        )
    )


def weights(**changes: object) -> session_pb2.ClientMessage:
    fields: dict[str, object] = {
        "time_ns": 10_000,
        "schema": session_pb2.FACE_WEIGHTS_SCHEMA_ARKIT_52,
        "weights": [0.5] * 52,
        "valid": True,
        "source": session_pb2.FACE_WEIGHTS_SOURCE_VISUAL,
        "confidence": 0.25,
    }
    return session_pb2.ClientMessage(face_weights=session_pb2.FaceWeights(**{**fields, **changes}))


def an_event(**event: object) -> session_pb2.ClientMessage:
    return session_pb2.ClientMessage(
        scenario_event=story_pb2.ScenarioEvent(time_ns=10_000, **event)
    )


def an_order(**changes: object) -> session_pb2.ClientMessage:
    fields: dict[str, object] = {"choice_id": "way", "occurrence": 1, "branch_id": "left"}
    return session_pb2.ClientMessage(
        operator_choice=story_pb2.OperatorChoice(**{**fields, **changes})
    )
