"""HealthSnapshot: the installation's measurements at one instant, each read once."""

from datetime import datetime, timedelta
from functools import cached_property

from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.platform.health import backups, heartbeats, live_sign, page_times, queue_delays
from crm.platform.health.heartbeats import PartHeartbeats


class HealthSnapshot:
    """Measurements at one instant: the time, and the reports of all parts."""

    def __init__(self) -> None:
        self.now = clock.now()

    @cached_property
    def beats(self) -> dict[str, PartHeartbeats]:
        """The heartbeats by part."""
        return heartbeats.heartbeats_by_part()

    @cached_property
    def live(self) -> live_sign.LiveProcessSign | None:
        """The last heartbeat of the live process."""
        return live_sign.last_sign()

    @cached_property
    def waits(self) -> tuple[timedelta, timedelta]:
        """Age of the oldest waiting work: internal work, and work that calls other systems."""
        return queue_delays.queue_delays()

    @cached_property
    def backups(self) -> backups.BackupStatus:
        """The status of backups."""
        return backups.backup_status()

    @cached_property
    def slowest(self) -> list[page_times.PageTiming]:
        """The slowest pages of the last day."""
        return page_times.slowest_pages()

    def silence(self, part: str) -> timedelta | None:
        """Return the time since a part's last heartbeat; None if there was none within a day."""
        last = None
        if part in self.beats:
            last = self.beats[part].last
        if part == heartbeats.LIVE and self.live is not None and not heartbeats.is_ahead(self.live.at):
            last = max(filter(None, (last, self.live.at)))
        if last is None:
            return None
        return max(self.now - last, timedelta())

    def ago(self, at: datetime | None) -> str:
        """Format how long ago something was: "14 s ago"; blank for never."""
        if at is None:
            return ""
        return _("%(time)s ago") % {"time": format_span(self.now - at)}


def format_span(time: timedelta) -> str:
    """Format a duration briefly: "14 s", "6 min", "3 h", "2 d"."""
    seconds = max(round(time.total_seconds()), 0)
    for size, words in ((86400 * 2, _("%(n)s d")), (7200, _("%(n)s h")), (120, _("%(n)s min"))):
        if seconds >= size:
            unit = {172800: 86400, 7200: 3600, 120: 60}[size]
            return words % {"n": seconds // unit}
    return _("%(n)s s") % {"n": seconds}
