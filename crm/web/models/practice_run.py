"""PracticeRun: the creation of a practice organization."""

from typing import Any

from django.db import models
from django.db.models import Q

from crm.platform.models.run import WORKING, Run


class PracticeRun(Run):
    """Creates the practice organization in a few steps, or replaces it. One at a time."""

    topic = "practice"

    # Whether the one that is there is deleted first.
    resets = models.BooleanField(default=False)
    # What of the configuration could not be copied, a sentence each.
    left_out = models.JSONField(default=list)

    class Meta(Run.Meta):
        constraints = [
            *Run.Meta.constraints,
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(status__in=WORKING), name="practice_is_created_once_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"practice organization {self.uid}"

    def facts(self) -> dict[str, Any]:
        return {"resets": self.resets}
