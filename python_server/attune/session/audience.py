"""Whose session it is, and whether it is locked: the client says one thing, the settings of its
station may say another, and the stricter one holds."""

from attune.privacy import AudienceSettings
from attune.session.consent import AnalysisLock, Audience


def audience_of(said: Audience, station_id: str, settings: AudienceSettings) -> Audience:
    """Whose session it is: the station's audience where the client says no more than that its
    visitors come of their own accord, or where only the station's is locked."""
    booked = settings.stations.get(station_id)
    if booked is None:
        return said
    locked = [Audience(one) for one in (booked, said.value) if one in settings.locked]
    if locked:
        return locked[0]
    return Audience(booked) if said is Audience.PUBLIC else said


def lock_of(said: Audience, station_id: str, settings: AudienceSettings) -> AnalysisLock | None:
    """What locks the session; None: consent decides."""
    audience = audience_of(said, station_id, settings)
    if audience.value not in settings.locked:
        return None
    by_station = settings.stations.get(station_id) == audience.value
    return AnalysisLock(audience, "audience.stations" if by_station else "audience.locked")
