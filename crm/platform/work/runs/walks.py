"""Walk: a background pass over every row of a model in batches; new rows soon, all rows every night.

crawl = Walk("sample.look_at_new", "sample.look_at_all", Thing, look_at)     # in a module that ready() imports
crawl.begin()                                                               # once in each tenant
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import models

from crm.kernel import clock
from crm.platform.work import due


@dataclass
class Walk:
    """A background pass: two kinds of due work; the subject of each is the id of the last row done."""

    new: str
    every: str
    model: type[models.Model]
    # Called with the ids of a share; must not mind seeing one twice.
    look_at: Callable[[Sequence[int]], object]
    share: int = 500
    soon: timedelta = timedelta(minutes=10)
    nightly: timedelta = timedelta(days=1)

    def __post_init__(self) -> None:
        due.handler(self.new)(self._look_at_new)
        due.handler(self.every)(self._look_at_all)
        due.register_interval_kinds(self.new, self.every)

    def begin(self) -> None:
        """Schedule the passes over the tenant's rows."""
        due.schedule(self.new, 0, clock.now() + self.soon)
        due.schedule(self.every, 0, clock.now() + self.nightly)

    def _look_at_new(self, cursors: Sequence[int]) -> None:
        for cursor in cursors:
            last, more = self._next_share(cursor)
            due.schedule(self.new, last, clock.now() if more else clock.now() + self.soon)

    def _look_at_all(self, cursors: Sequence[int]) -> None:
        for cursor in cursors:
            last, more = self._next_share(cursor)
            due.schedule(self.every, last if more else 0, clock.now() if more else clock.now() + self.nightly)

    def _next_share(self, cursor: int) -> tuple[int, bool]:
        rows = self.model._default_manager.filter(pk__gt=cursor).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[: self.share])
        self.look_at(ids)
        return (ids[-1] if ids else cursor), len(ids) == self.share
