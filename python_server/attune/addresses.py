"""Addresses of cameras as they may be shown: without what lets anybody in."""

import re

_PARAMETERS = re.compile(r"[?#&;=]")


def without_secrets(source: str) -> str:
    """A camera's address without user, password and parameters, any of which may open it to others;
    a device index or a file path as it is. Passwords are met in every spelling, so that one with a
    slash in it goes as well, and so does one in the path."""
    scheme, separator, rest = source.partition("://")
    if not separator:
        return source
    _, user, place = rest.rpartition("@")
    shown, *hidden = _PARAMETERS.split(place, maxsplit=1)
    return f"{scheme}://{'…@' if user else ''}{shown}{'…' if hidden else ''}"
