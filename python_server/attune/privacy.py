"""Settings of what the law asks for: whose face is never read, how long sessions are kept, and what
is written down about it."""

from typing import Literal

from pydantic import Field

from attune.section import OptionalDays, Section

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


class RetentionSettings(Section):
    """Days after its end that a stored session is deleted, by the most that it holds."""

    video_days: OptionalDays = Field(30, description='Sessions with video; "off": kept.')
    features_days: OptionalDays = Field(
        365, description='Sessions with features and no video; "off": kept.'
    )
    events_days: OptionalDays = Field(
        365, description='Sessions with events and decisions alone; "off": kept.'
    )


class AuditSettings(Section):
    """The record of what was done about visitors' data, beside the stored sessions."""

    enabled: bool = Field(True, description="Write audit-YEAR.jsonl into recording.directory.")
