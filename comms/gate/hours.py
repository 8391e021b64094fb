"""Quiet hours: when a recipient may be contacted, in every time zone they may be in. Pure.

An instant is allowed when it is within the brand's hours and the state's, in every zone they may be in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from comms.models.medium import Medium
from crm.kernel.zones import PossibleZone, Zones

MINUTE = timedelta(minutes=1)
# A weekend and a holiday further there is an hour everywhere, or never.
LOOKED_AHEAD = timedelta(days=8)
# What a clock says on every day.
Window = tuple[time, time]

_FEDERAL: Window = (time(8), time(21))
_EIGHT_TO_EIGHT: Window = (time(8), time(20))
# When telephone calls and texts are allowed by the states' laws that are narrower than the federal one
# (docs/rules.md#sending-law):
# from Monday to Friday, Saturday, Sunday.
_STATES: dict[str, tuple[Window, Window, Window]] = {
    **dict.fromkeys(("FL", "OK", "MD", "MS", "NJ"), (_EIGHT_TO_EIGHT,) * 3),
    "CT": ((time(9), time(20)),) * 3,
    "TX": ((time(9), time(21)), (time(9), time(21)), (time(12), time(21))),
    "RI": ((time(9), time(18)), (time(10), time(17)), (time(10), time(17))),
}
# WhatsApp is neither a call nor a text in these laws.
_BY_STATE = frozenset({Medium.SMS, Medium.CALL})


@dataclass(frozen=True)
class SendingHours:
    """The hours in which a brand writes by a medium, and the time zones they apply in."""

    medium: str
    opens: time
    closes: time
    zones: Zones

    def allow(self, at: datetime) -> bool:
        """True if an instant is allowed in every zone."""
        return all(self._find_span(zone, at) is not None for zone in self.zones)

    def next(self, at: datetime) -> datetime | None:
        """Return the first allowed minute from an instant on; None if there is none for days."""
        last = at + LOOKED_AHEAD
        while at < last:
            later = max(self._next_in(zone, at) for zone in self.zones)
            if later == at:
                return at
            at = later
        return None

    def last_before(self, at: datetime) -> datetime | None:
        """Return the last allowed minute before an instant; None if there is none for days."""
        first = at - LOOKED_AHEAD
        while at > first:
            earlier = min(self._last_in(zone, at) for zone in self.zones)
            if earlier == at:
                return at
            at = earlier
        return None

    def narrowest(self, at: datetime) -> tuple[PossibleZone, time, time]:
        """Return the zone that closes first on this day, with its hours, as the one to show."""
        day = {zone: at.astimezone(ZoneInfo(zone.name)).date() for zone in self.zones}
        return min(
            ((zone, *self._window_of_day(zone, day[zone])) for zone in self.zones),
            key=lambda found: (self._local_instant(found[0], day[found[0]], found[2]), found[0]),
        )

    def _find_span(self, zone: PossibleZone, at: datetime) -> tuple[datetime, datetime] | None:
        """Return the allowed span that contains an instant."""
        return next((span for span in self._spans_around(zone, at) if span[0] <= at < span[1]), None)

    def _next_in(self, zone: PossibleZone, at: datetime) -> datetime:
        return next(
            (max(at, begin) for begin, end in self._spans_around(zone, at, ahead=8) if end > at), at + LOOKED_AHEAD
        )

    def _last_in(self, zone: PossibleZone, at: datetime) -> datetime:
        spans = [span for span in self._spans_around(zone, at, back=8) if span[0] <= at]
        if spans:
            return min(at, spans[-1][1] - MINUTE)
        return at - LOOKED_AHEAD

    def _spans_around(
        self, zone: PossibleZone, at: datetime, back: int = 1, ahead: int = 1
    ) -> Iterator[tuple[datetime, datetime]]:
        """Yield the allowed spans around an instant in order, in UTC; daylight saving changes are handled."""
        today = at.astimezone(ZoneInfo(zone.name)).date()
        for offset in range(-back, ahead + 1):
            day = today + timedelta(days=offset)
            begin, end = (self._local_instant(zone, day, clock) for clock in self._window_of_day(zone, day))
            if begin < end:
                yield begin, end

    def _window_of_day(self, zone: PossibleZone, day: date) -> Window:
        """Return the hours of a day: the brand's, limited by the state's."""
        # No brand writes past midnight: hours that end before they begin end with the day.
        if self.closes > self.opens:
            closes = self.closes
        else:
            closes = time.max
        if zone.country != "US" or self.medium not in _BY_STATE:
            return self.opens, closes
        monday_to_friday, saturday, sunday = _STATES.get(zone.state, (_FEDERAL,) * 3)
        by_law = {5: saturday, 6: sunday}.get(day.weekday(), monday_to_friday)
        return max(self.opens, by_law[0]), min(closes, by_law[1])

    @staticmethod
    def _local_instant(zone: PossibleZone, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, ZoneInfo(zone.name)).astimezone(UTC)
