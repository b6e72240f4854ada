"""What is shown of a camera's address."""

import pytest

from attune.addresses import without_secrets


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("0", "0"),
        ("clips/a=b@c.mp4", "clips/a=b@c.mp4"),
        ("rtsp://10.0.0.7:554/stream", "rtsp://10.0.0.7:554/stream"),
        ("rtsp://guard:s3cret@10.0.0.7:554/stream", "rtsp://…@10.0.0.7:554/stream"),
        ("rtsp://guard:s3/c@ret@[fe80::1]/stream", "rtsp://…@[fe80::1]/stream"),
        ("rtsp://guard:s3#c?ret@10.0.0.7/stream", "rtsp://…@10.0.0.7/stream"),
        ("http://10.0.0.7/stream?key=s3cret", "http://10.0.0.7/stream…"),
        ("rtsp://10.0.0.7/user=guard_password=s3cret_channel=1", "rtsp://10.0.0.7/user…"),
        ("http://guard:s3cret@[10.0.0.7", "http://…@[10.0.0.7"),
    ],
)
def test_an_address_is_shown_without_what_opens_it(source: str, shown: str) -> None:
    assert without_secrets(source) == shown
