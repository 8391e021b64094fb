"""FollowUpBulkRun: a bulk action on follow-ups, with the previewed change of each."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import models

from crm.jobs.models.bulk_run import ChangeRun


class FollowUpBulkRun(ChangeRun):
    """A selection of follow-ups and an action on it. Only what the preview showed is done."""

    progress = (*ChangeRun.progress, "changed_meanwhile")

    # The values of the action's form.
    settings = models.JSONField(default=dict)
    # By id: the version the preview has seen, and the new time as ISO text or null.
    plan = models.JSONField(default=dict)
    # How many others had changed since the preview.
    changed_meanwhile = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.act} {self.uid}"

    def set_plan(self, settings: Mapping[str, Any], steps: Mapping[int, tuple[int, datetime | None]]) -> None:
        """Set what is to be done: the version seen and the new time of each row that changes. Not saved yet."""
        self.settings = dict(settings)
        self.plan = {str(pk): (version, at.isoformat() if at else None) for pk, (version, at) in steps.items()}
        self.select(steps)

    def step_of(self, pk: int) -> tuple[int, datetime | None]:
        """Return the version the preview has seen of a row, and its new time."""
        version, at = self.plan[str(pk)]
        return version, datetime.fromisoformat(at) if at else None

    def forget(self) -> Sequence[str]:
        self.plan = {}
        return (*super().forget(), "plan")
