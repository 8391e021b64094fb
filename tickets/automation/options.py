"""Options of triggers and actions on conversations: response time, team, status."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.automation.registry.options import Options
from crm.platform.organization.configuration import directory
from tickets.models.metric import Metric

SOLVED = "solved"
PENDING = "pending"
OPEN = "open"
CLOSED = "closed"


class MetricOptions(Options):
    """A response time, or any."""

    metric = forms.ChoiceField(label="", required=False, choices=[("", _("any")), *Metric.choices])


class TeamOptions(Options):
    """A team."""

    asked: ClassVar = ("team",)

    team = forms.ChoiceField(
        label="",
        error_messages={
            "required": _("Choose a team; add one in Settings, “Teams”."),
            "invalid_choice": _("Its team no longer exists."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        teams = [(str(row.pk), row.name) for row in directory().teams.values() if row.archived_at is None]
        self.fields["team"].choices = teams  # type: ignore[attr-defined]


class StatusOptions(Options):
    """The new status."""

    status = forms.ChoiceField(
        label="",
        choices=[
            (OPEN, _("our move")),
            (PENDING, _("waiting on the customer")),
            (SOLVED, _("solved")),
            (CLOSED, _("closed")),
        ],
    )
