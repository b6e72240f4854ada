"""The report's strip of faces: the aligned crops that the model saw, where video may be kept."""

from base64 import b64encode
from dataclasses import dataclass

import cv2
import numpy as np

from attune.config import Settings
from attune.errors import InputError
from attune.session.consent import ConsentScope
from attune.session.header import camera_region
from attune.session.recorded import Recording, read_pictures
from attune.timeline import UntimedStages, seconds
from attune.vision.decode import decode
from attune.vision.observer import FaceObserver

COUNT = 12


@dataclass(frozen=True, slots=True)
class FacePicture:
    """One crop: when, and as a PNG in a data address."""

    time_s: float
    address: str


def may_show_faces(recording: Recording) -> bool:
    """Whether video was allowed to be kept, from the start or later, and not withdrawn since."""
    scopes = recording.scopes_at_end
    return ConsentScope.STORE_VIDEO in scopes


def face_strip(recording: Recording, settings: Settings) -> list[FacePicture]:
    """Crops of up to `COUNT` frames, evenly from the first recorded one to the last, without those
    in which no face is found; none without consent to video."""
    if not may_show_faces(recording) or not recording.pictures:
        return []
    observer = FaceObserver(
        settings.vision,
        region=camera_region(recording.header),
        declared_headset=recording.header.start.headset_model or None,
    )
    try:
        return _crops(recording, observer, settings)
    finally:
        observer.close()


def _crops(recording: Recording, observer: FaceObserver, settings: Settings) -> list[FacePicture]:
    limits = settings.limits
    chosen = set(np.linspace(0, recording.pictures - 1, COUNT).round().astype(int).tolist())
    found = []
    for number, frame in enumerate(read_pictures(recording.path)):
        if number not in chosen:
            continue
        try:
            image = decode(frame.frame, limits.max_frame_pixels, limits.max_message_bytes)
        except InputError:
            continue
        seen = observer.observe(image, frame.time_ns, None, None, UntimedStages())
        if seen.crop is not None:
            png = cv2.imencode(".png", seen.crop.gray)[1].tobytes()
            address = "data:image/png;base64," + b64encode(png).decode()
            found.append(FacePicture(seconds(frame.time_ns), address))
    return found
