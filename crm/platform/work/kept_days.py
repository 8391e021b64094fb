"""KeptDay, KeptDays: stored figures by day, marked stale when their rows change, and recomputed by due work.

A day is computed as a whole from the rows as they are, so it does not matter how often, in which order or how late it
is noted. Who reads before that computes a day that does not hold by itself: no number is ever behind.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date

from django.db import models, transaction

from crm.kernel import clock
from crm.platform.models import TenantModel
from crm.platform.work import due

# Computed in one transaction: ten busy days of a big organization take a tenth of what a statement may.
AT_ONCE = 10


class KeptDay(TenantModel):
    """A day with stored figures, or one to be computed.

    A model of it has one row a tenant and day, by a unique constraint, and an index of those that are stale.
    """

    day = models.DateField()
    # When something happened that they may not know of; null: they hold.
    stale_since = models.DateTimeField(null=True, default=clock.now)

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def __str__(self) -> str:
        return f"{self.day}{' stale' if self.stale_since else ''}"


class KeptDays:
    """The days of a model of KeptDay; `kind`: the due work that computes them."""

    def __init__(self, model: type[KeptDay], kind: str, compute: Callable[[list[date]], None]) -> None:
        self.model = model
        self.kind = kind
        self._compute = compute

    def note(self, days: Collection[date]) -> None:
        """Mark days as stale, so that they are recomputed."""
        now = clock.now()
        # In their order, so that two who note the same ones never wait for each other in a circle.
        rows = [self.model(day=day, stale_since=now) for day in sorted(days)]
        if rows:
            self.model.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["tenant", "day"], update_fields=["stale_since"]
            )
            self.schedule()

    def schedule(self) -> None:
        """Schedule the computation of stale days."""
        # Within a minute the same time, which changes nothing; never one to come, which would be put off for ever.
        due.schedule(self.kind, 0, clock.now().replace(second=0, microsecond=0))

    def refresh(self, _subjects: Sequence[int]) -> None:
        """Compute noted days, the newest first; with some left, again at once (due work)."""
        if self.refresh_days(AT_ONCE):
            due.schedule(self.kind, 0, clock.now())

    def refresh_days(self, most: int | None = None) -> bool:
        """Compute so many noted days; without a number all, in as many statements. Returns whether some are left."""
        if most is None:
            while self._refresh_some(AT_ONCE):
                pass
            return False
        return self._refresh_some(most)

    @transaction.atomic
    def _refresh_some(self, most: int) -> bool:
        stale = self.model.objects.filter(stale_since__isnull=False).order_by("-day")
        # Locked before they are computed: what is noted meanwhile makes its day stale again after this. A day that
        # somebody notes right now is left: who notes it waits for the row of the due work that runs this.
        days = [row.day for row in stale.select_for_update(skip_locked=True)[:most]]
        if days:
            self._compute(days)
        self.model.objects.filter(day__in=days).update(stale_since=None)
        return bool(stale.exists())

    def fresh_days(self, first: date, last: date) -> set[date]:
        """Return the days between two, both among them, whose kept figures hold."""
        rows = self.model.objects.filter(day__range=(first, last), stale_since=None)
        return set(rows.values_list("day", flat=True))
