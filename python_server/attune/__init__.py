"""Attune: a headset scene that answers the person inside it."""

__version__ = "0.1.0"
