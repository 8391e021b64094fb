"""Intake on the page of health: what could not be read waits for a person."""

from collections.abc import Iterable

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from crm.web.health.findings import Parked
from crm.web.health.look import Look
from leads.models import Submission


def parked_count() -> int:
    """Return how many wait for a person, a thousand at most."""
    return int(Submission.objects.parked().order_by()[:1000].count())


def parked(look: Look) -> Iterable[Parked]:
    """Return what came in and could not be read."""
    waiting = Submission.objects.parked().aggregate(count=Count("pk"), oldest=Min("received_at"))
    yield Parked(waiting["count"], _("Leads that could not be read"), "intake:submissions", waiting["oldest"])
