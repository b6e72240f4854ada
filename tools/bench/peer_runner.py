"""Runs the peer in its own environment; knows nothing of Attune.

    python peer_runner.py FOLDER

Reads `frames/*.jpg` (speed) and, where they are there, `faces_*.npy`, (n, 48, 48) uint8 (accuracy),
and writes `peer.json`: milliseconds a frame, class and scores of each face, and what one face
costs.
"""

import json
import sys
import time
from pathlib import Path

import cv2
import fer
import numpy as np
from fer.fer import FER

WARM_UP = 30
TIMED_FACES = 300


def main(folder: Path) -> None:
    """Writes `peer.json`."""
    cv2.setNumThreads(1)
    answers: dict[str, object] = {"frame_ms": _frames(folder)}
    for path in sorted(folder.glob("faces_*.npy")):
        answers["cost"] = _cost(np.load(path)[:TIMED_FACES])
        scores = _faces(np.load(path))
        answers[path.stem] = [max(one, key=one.get) for one in scores]
        answers[path.stem.replace("faces_", "scores_")] = scores
    (folder / "peer.json").write_text(json.dumps(answers))


def _frames(folder: Path) -> list[float]:
    detector = FER()
    took_ms = []
    for path in sorted((folder / "frames").glob("*.jpg")):
        jpeg = np.frombuffer(path.read_bytes(), np.uint8)
        started = time.process_time()
        detector.detect_emotions(cv2.imdecode(jpeg, cv2.IMREAD_COLOR))
        took_ms.append((time.process_time() - started) * 1e3)
    return took_ms[WARM_UP:]


def _cost(faces: np.ndarray) -> dict[str, float]:
    """Returns bytes of the network that the package opens, and processor milliseconds a face."""
    weights = Path(fer.__file__).parent / "data" / "emotion_model_quantized.tflite"
    detector, took_ms = FER(offsets=(0, 0)), []
    for face in faces:
        started = time.process_time()
        _scores(detector, face)
        took_ms.append((time.process_time() - started) * 1e3)
    return {
        "bytes": weights.stat().st_size,
        "milliseconds": float(np.median(took_ms)),
    }


def _faces(faces: np.ndarray) -> list[dict[str, float]]:
    detector = FER(offsets=(0, 0))
    return [_scores(detector, face) for face in faces]


def _scores(detector: FER, face: np.ndarray) -> dict[str, float]:
    # The picture is cut to the face already: the whole of it is the box, without a margin.
    height, width = face.shape
    colour = cv2.cvtColor(face, cv2.COLOR_GRAY2BGR)
    found = detector.detect_emotions(colour, face_rectangles=[[0, 0, width, height]])
    return {name: float(share) for name, share in found[0]["emotions"].items()}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
