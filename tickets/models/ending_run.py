"""EndingRun: progress of moving the closing and archiving dates of tickets after a policy edit."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from crm.platform.models import Run, RunStatus


class EndingRun(Run):
    """Progress, and how many tickets close sooner or later than before."""

    topic = "endings"
    progress = ("done", "total", "done_to", "sooner_count", "later_count")

    # The last ticket that was looked at.
    done_to = models.BigIntegerField(default=0)
    sooner_count = models.PositiveIntegerField(default=0)
    later_count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"ends {self.uid}"

    @property
    def status_label(self) -> str:
        if self.status == RunStatus.RUNNING:
            return _("Dates are moving")
        if self.status == RunStatus.DONE:
            return _("The dates have moved")
        return super().status_label

    def reach(self, rows: list[Any], *, sooner: int, later: int) -> None:
        """Save the progress in the transaction of its batch."""
        self.done_to = rows[-1].pk
        self.sooner_count, self.later_count = self.sooner_count + sooner, self.later_count + later
        self.save_progress(len(rows))
