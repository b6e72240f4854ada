"""What can go wrong while rendering visitors, each with one sentence that says what to do."""


class VisitorError(Exception):
    """Base of every error of this package."""


class FaceKitError(VisitorError):
    """The FaceKit files are missing, unreadable or not the ones this package knows."""


class ExpressionNameError(VisitorError):
    """An expression weight was given for a name that the FaceKit does not have."""


class CameraError(VisitorError):
    """The camera cannot exist, or cannot see what it is asked to see."""


class OutputError(VisitorError):
    """The output cannot be written."""
