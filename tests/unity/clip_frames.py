"""Write the frames of a clip as JPEG files, for a client that has no video decoder.

python tests/unity/clip_frames.py CLIP FOLDER [COUNT]
"""

import sys
from pathlib import Path

import cv2


def main() -> None:
    """Write at most COUNT frames, named in their order."""
    clip, folder = Path(sys.argv[1]), Path(sys.argv[2])
    most = int(sys.argv[3]) if len(sys.argv) > 3 else sys.maxsize
    folder.mkdir(parents=True, exist_ok=True)
    video = cv2.VideoCapture(str(clip))
    written = 0
    while written < most:
        ok, image = video.read()
        if not ok:
            break
        cv2.imwrite(str(folder / f"{written:05d}.jpg"), image, [cv2.IMWRITE_JPEG_QUALITY, 80])
        written += 1
    if written == 0:
        raise SystemExit(f"no frame could be read from {clip}")
    print(written)


if __name__ == "__main__":
    main()
