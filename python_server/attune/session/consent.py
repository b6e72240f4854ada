"""The consent in force: what may be analysed, and what may be stored; and who cannot give it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from attune.errors import InputError


class ConsentScope(StrEnum):
    """One thing a visitor may allow; nothing is implied by anything else."""

    ANALYSE = "analyse"
    STORE_FEATURES = "store_features"
    STORE_VIDEO = "store_video"
    RESEARCH = "research"
    BYSTANDERS = "bystanders"


class Audience(StrEnum):
    """Who is in the headset: a visitor of one's own accord, a pupil or student in a session of
    their school, somebody at work or in training for it."""

    PUBLIC = "public"
    SCHOOL = "school"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class AnalysisLock:
    """Nothing is analysed or stored of the face, whatever consent is given: because the session's
    audience is `audience`, which `setting` locks."""

    audience: Audience
    setting: str

    @property
    def parameters(self) -> dict[str, str]:
        """Of the notice that says so."""
        return {"audience": self.audience.value, "setting": self.setting}


@dataclass(frozen=True, slots=True)
class Consent:
    """A revision of the visitor's consent; nothing is allowed by default."""

    revision: int = 0
    scopes: frozenset[ConsentScope] = frozenset()

    def allows(self, scope: ConsentScope) -> bool:
        """Whether `scope` is granted."""
        return scope in self.scopes

    def replaced_by(self, revision: int, scopes: Iterable[ConsentScope]) -> "Consent":
        """The next revision.

        Raises InputError (consent.revision_stale) unless `revision` rises.
        """
        if revision <= self.revision:
            raise InputError(
                "consent.revision_stale",
                f"a consent change must raise the revision above {self.revision}, got {revision}",
            )
        return Consent(revision, frozenset(scopes))

    def under(self, lock: "AnalysisLock | None") -> "Consent":
        """What is in force of it: nothing in a locked session."""
        return self if lock is None else Consent(self.revision)

    def withdrawn(self, before: "Consent") -> frozenset[ConsentScope]:
        """Scopes that `before` granted and this revision does not."""
        return before.scopes - self.scopes
