"""FollowUpDetails: how long a follow-up takes, its reminders, how it meets by video, what completes it."""

from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.kernel.refusal import Refused
from followups.models.kind import FollowUpKind
from followups.models.kind_setup import minutes_of
from followups.models.status import CustomerAct

# Copied from a series to its occurrences.
DETAILS = ("own_minutes", "own_reminders", "customer_reminders", "meeting", "completes_on")


class MeetingChoice(models.TextChoices):
    """How somebody meets the customer by video. Blank: as the assignee prefers, where its type is a video call."""

    NONE = "none", _("no link")
    LINK = "link", _("the own link")
    GOOGLE = "google", "Google Meet"
    ZOOM = "zoom", "Zoom"


class FollowUpDetails(models.Model):
    """Abstract model of the columns that a follow-up and a series have in common."""

    # How many minutes it takes; null: as long as its type.
    own_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    # Its own reminders, [[minutes, channel], …]; null: those of its assignee or type by default.
    own_reminders = models.JSONField(null=True, blank=True, editable=False)
    # The reminders to the customer, [[minutes, channel], …]; somebody chose each.
    customer_reminders = models.JSONField(default=list, db_default=[], blank=True, editable=False)
    meeting = models.CharField(max_length=6, choices=MeetingChoice, blank=True, default="", db_default="")
    # What the customer does to complete it (next_step/customer_acts.py); "": a member completes it.
    completes_on = models.CharField(max_length=8, choices=CustomerAct, blank=True, default="", db_default="")

    class Meta:
        abstract = True

    @property
    def minutes(self) -> int:
        """How many minutes it takes."""
        row: Any = self
        return minutes_of(row.kind, self.own_minutes)

    @property
    def is_by_video(self) -> bool:
        """True if there is to be a link to meet by."""
        row: Any = self
        if self.meeting:
            return self.meeting != MeetingChoice.NONE
        return bool(row.kind == FollowUpKind.VIDEO)

    def refuse_without_customer(self) -> None:
        """Raise Refused if it waits for a customer, or reminds one, and is for none."""
        row: Any = self
        if row.person_id:
            return
        if self.completes_on:
            raise Refused(gettext("It is for no customer, so nobody can answer."))
        if self.customer_reminders:
            raise Refused(gettext("It is for no customer, so there is nobody to remind."))

    @property
    def details(self) -> dict[str, Any]:
        """Return these columns, to copy them."""
        return {name: getattr(self, name) for name in DETAILS}
