"""Every error that Attune raises on purpose.

    AttuneError
    ├── InputError            the caller sent something that cannot be used; `code` names it
    ├── ConsentError          data that the consent in force does not cover
    ├── ConfigError           settings, files or flags that contradict themselves
    ├── ModelError
    │   ├── ModelNotFound
    │   ├── ModelCorrupt
    │   └── ModelCardInvalid
    ├── ScenarioError         an authored story that cannot be played; lists every finding
    ├── CameraError           a camera that cannot be opened or has stopped
    ├── RecordingError        a recording that cannot be written or read
    └── SessionError          a session that cannot start, resume or go on

A message says what was expected and what came, and where possible the next step. Causes are kept
with `raise ... from`.
"""

from collections.abc import Sequence


class AttuneError(Exception):
    """Root of the tree; catch this to catch everything that Attune raises on purpose."""


class InputError(AttuneError):
    """The caller sent something that cannot be used.

    `code` is a stable, machine-readable name such as ``frame.size_mismatch``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ConsentError(AttuneError):
    """Data arrived that the consent in force does not cover."""


class ConfigError(AttuneError):
    """Settings, files or flags that contradict themselves or point nowhere."""


class ModelError(AttuneError):
    """A model cannot be used."""


class ModelNotFound(ModelError):  # noqa: N818 - reads as the sentence it prints
    """No model of that name is in the store; the message lists the names that are."""


class ModelCorrupt(ModelError):  # noqa: N818
    """A model file is missing, truncated or does not match the hash in its card."""


class ModelCardInvalid(ModelError):  # noqa: N818
    """A model's card cannot be read or contradicts the model."""


class ScenarioError(AttuneError):
    """A scenario cannot be played. `findings` lists every problem, not only the first."""

    def __init__(self, message: str, findings: Sequence[str] = ()) -> None:
        super().__init__(message if not findings else message + "\n- " + "\n- ".join(findings))
        self.findings = tuple(findings)


class CameraError(AttuneError):
    """A camera cannot be opened or has stopped delivering frames."""


class RecordingError(AttuneError):
    """A recording cannot be written or read."""


class SessionError(AttuneError):
    """A session cannot start, resume or go on."""
