"""ClockedTicket: a ticket whose clock is that of its most urgent promise (tickets/models/ticket_promises.py)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from crm.jobs.models import Level, Side
from crm.jobs.pipelines.setup import Allowance
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.models import Change, ChangedRow, Member
from tickets.models.metric import OURS, THEIRS
from tickets.models.ticket_clock import TicketClock
from tickets.models.ticket_columns import TicketColumns
from tickets.models.ticket_promises import TicketPromises, load_promises, save_promises


class ClockedTicket(TicketColumns):
    """A clocked model that updates its promises with each change of its clock."""

    class Meta(TicketColumns.Meta):
        abstract = True

    @cached_property
    def promises(self) -> TicketPromises:
        return TicketPromises(self)

    @property
    def counted_since(self) -> datetime:
        return self.clock_since

    def crossing_data(self) -> dict[str, Any]:
        return {"side": self.side, "metric": self.clock_metric, "since": self.clock_since.isoformat()}

    def lock(self) -> None:
        super().lock()
        self.promises.forget_clocks()

    @classmethod
    def lock_all(cls, rows: models.QuerySet[Any]) -> list[Any]:
        tickets = super().lock_all(rows)
        load_promises([ticket.promises for ticket in tickets])
        return tickets

    def _allowance(self, *, theirs: bool = False) -> Allowance:
        return self.promises.turn_allowance(theirs=theirs)

    def _start_clock(self, side: str, allowance: Allowance) -> None:
        if side == Side.CUSTOMER:
            self.clock_metric = THEIRS
        else:
            self.clock_metric = OURS
        self.clock_since = clock.now()
        super()._start_clock(side, allowance)
        self.promises.follow()

    def _stop_clock(self, level: Level, sort_at: datetime) -> None:
        super()._stop_clock(level, sort_at)
        self.promises.follow()

    def _count(self) -> None:
        """Recompute its promises; if none is running, its own clock."""
        if self.pk and self.side == Side.US:
            self.promises.recount()
            if self.promises.lend_clock():
                return
        super()._count()

    def follow_target(self) -> None:
        """Apply the targets of the current policy, keeping the seconds used."""
        self.promises.follow_targets()
        if self.clock_metric in (OURS, THEIRS):
            super().follow_target()
        self.promises.follow()

    # What a recalculation reads and writes (crm/jobs/clock/recalculation.py)

    @classmethod
    def counting_by(cls, calendars: Iterable[int]) -> Any:
        by = {"calendar_id__in": list(calendars), "due_at__isnull": False}
        return cls.objects.filter(Q(**by) | Q(pk__in=TicketClock.objects.filter(**by).values("ticket_id")))

    def clock_state(self) -> tuple[object, ...]:
        promises = (promise.state() for promise in self.promises.clocks())
        return (*super().clock_state(), self.clock_metric, *promises)

    def due_dates(self) -> dict[str, datetime]:
        dates = {promise.metric: promise.due_at for promise in self.promises.open_clocks() if promise.due_at}
        if not dates and self.due_at:
            return {self.clock_metric: self.due_at}
        return dates

    @classmethod
    def save_clocks(cls, rows: Sequence[Any]) -> None:
        bulk_write.save_all(rows, cls.CLOCK_COLUMNS)
        cls.save_parts(rows)

    @classmethod
    def save_parts(cls, rows: Sequence[Any]) -> None:
        save_promises([row.promises for row in rows])

    @classmethod
    def undo_all(cls, rows: list[Any], recorded: Mapping[int, ChangedRow], change: Change, *, by: Member) -> None:
        """Restore what an action changed, and update the promises."""
        super().undo_all(rows, recorded, change, by=by)
        load_promises([row.promises for row in rows])
        for row in rows:
            row.promises.run_as_before()
            row.promises.follow()
        cls.save_clocks(rows)
