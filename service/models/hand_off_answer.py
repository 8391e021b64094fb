"""Answer to a hand-off: states, reasons for returning it, and deadlines."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.jobs.models import Level
from crm.platform.organization.configuration import directory

# A working day, for a brand without working hours.
DAY = timedelta(days=1)


class HandOffState(models.TextChoices):
    """Open: service must answer. Returned: the seller must. Withdrawn: the job is no longer sold."""

    OPEN = "open", _("Waits for service")
    ACCEPTED = "accepted", _("Accepted")
    RETURNED = "returned", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ReturnReason(models.TextChoices):
    DATE = "date", _("Date can’t be met")
    SCOPE = "scope", _("Scope is not clear")
    PAPER = "paper", _("Document is missing")
    PRICE = "price", _("Price does not cover the work")
    OTHER = "other", _("Other")


UNANSWERED = (HandOffState.OPEN, HandOffState.RETURNED)


def due_dates(brand_id: int, opened_at: datetime) -> tuple[datetime, datetime]:
    """Return when an answer is late (one working day of the brand), and when a manager is notified (two)."""
    configuration = directory()
    calendar_id = configuration.calendar_of(brand_id)
    if calendar_id is None:
        return opened_at + DAY, opened_at + 2 * DAY
    hours = configuration.calendars[calendar_id]
    return hours.add(opened_at, hours.workday), hours.add(opened_at, 2 * hours.workday)


def answer_level(opened_at: datetime, due_at: datetime, far_at: datetime, at: datetime) -> Level:
    """Return the lateness level of an open answer at an instant, as for every clock."""
    if at >= far_at:
        return Level.CRIT
    if at >= due_at:
        return Level.LATE
    warn_at = opened_at + (due_at - opened_at) * 0.75
    if at >= warn_at:
        return Level.SOON
    return Level.OK
