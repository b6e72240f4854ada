"""Settings of what the law asks for: whose face is never read."""

from typing import Literal

from pydantic import Field

from attune.section import Section

AudienceName = Literal["public", "school", "staff"]
"""Who may be in a headset: a visitor of one's own accord, a pupil, somebody at work."""

PROTECTED: tuple[AudienceName, ...] = ("school", "staff")
"""Audiences whose emotions must not be inferred in the European Union: AI Act, Article 5(1)(f)."""


class AudienceSettings(Section):
    """Whose sessions are locked: nothing is analysed or stored of the face, whatever consent is
    given."""

    locked: tuple[AudienceName, ...] = Field(
        PROTECTED, description="Audiences whose sessions are locked."
    )
    stations: dict[str, AudienceName] = Field(
        default_factory=dict,
        description="Stations whose sessions count as an audience's, whatever the client says.",
    )
