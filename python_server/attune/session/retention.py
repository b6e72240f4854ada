"""How long stored sessions are kept, by the most that they hold."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from attune.errors import RecordingError
from attune.privacy import RetentionSettings
from attune.session.store import DeletionReceipt, Holding, SessionStore, StoredSession
from attune.timeline import NS_PER_S

NS_PER_DAY = 24 * 3600 * NS_PER_S


@dataclass(slots=True)
class Expiry:
    """What became of the overdue sessions: receipts of those deleted; of the others, by
    identifier, why they are still there. `ahead` names sessions that begin more than a day from
    now: recorded by a clock that was ahead, they would be kept for too long."""

    receipts: list[DeletionReceipt] = field(default_factory=list)
    kept: dict[str, str] = field(default_factory=dict)
    ahead: list[str] = field(default_factory=list)


def days_kept(session: StoredSession, settings: RetentionSettings) -> float | None:
    """Days after its end that a session is kept; None: for good."""
    return {
        Holding.VIDEO: settings.video_days,
        Holding.FEATURES: settings.features_days,
        Holding.EVENTS: settings.events_days,
    }[session.holds]


def overdue(
    sessions: Iterable[StoredSession], now_unix_ns: int, settings: RetentionSettings
) -> tuple[StoredSession, ...]:
    """The sessions whose time had come at `now_unix_ns` (since 1970 UTC), in the order given. One
    that is being recorded never has."""
    found = []
    for one in sessions:
        days = days_kept(one, settings)
        ended_unix_ns = one.started_unix_ns + one.duration_ns
        if days is None or one.recording:
            continue
        if now_unix_ns - ended_unix_ns > days * NS_PER_DAY:
            found.append(one)
    return tuple(found)


def newest_end(store: SessionStore) -> int | None:
    """When the newest stored session ended, nanoseconds since 1970 UTC; None where there is none.
    Raises RecordingError where the folder cannot be read."""
    return max((one.started_unix_ns + one.duration_ns for one in store.everything()), default=None)


def expire(store: SessionStore, settings: RetentionSettings, now_unix_ns: int) -> Expiry:
    """Delete what is overdue, sessions too damaged to be listed included. Raises RecordingError
    where the folder cannot be read."""
    expiry = Expiry()
    if all(days is None for _, days in settings):
        return expiry
    sessions = store.everything()
    latest_ns = now_unix_ns + NS_PER_DAY
    expiry.ahead = [one.session_id for one in sessions if one.started_unix_ns > latest_ns]
    for one in overdue(sessions, now_unix_ns, settings):
        try:
            expiry.receipts.append(store.delete(one.session_id, now_unix_ns))
        except RecordingError as error:
            expiry.kept[one.session_id] = str(error)
    return expiry
