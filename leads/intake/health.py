"""Intake on the health page: submissions that could not be read and wait for a person."""

from collections.abc import Iterable

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.platform.models import Member
from crm.platform.work import due
from crm.web.health.findings import ParkedItems
from crm.web.health.replay_action import AT_ONCE
from crm.web.health.snapshot import HealthSnapshot
from leads.intake import arrival
from leads.intake.posts import providers
from leads.models import Submission
from leads.models.intake_door import doors

ACTS = (("submissions", ""),)


def parked_count() -> int:
    """Count the parked submissions, up to a thousand."""
    return int(Submission.objects.in_review().order_by()[:1000].count())


def find_parked(look: HealthSnapshot) -> Iterable[ParkedItems]:
    """Find the parked submissions."""
    waiting = Submission.objects.in_review().aggregate(count=Count("pk"), oldest=Min("received_at"))
    yield ParkedItems(
        waiting["count"], _("Leads that could not be read"), "intake:submissions", waiting["oldest"], acts=ACTS
    )


def replay(member: Member, about: str) -> int:
    """Schedule reading the oldest parked submissions again; return how many."""
    rows = list(Submission.objects.in_review().order_by("received_at", "pk").select_for_update(of=("self",))[:AT_ONCE])
    for row in rows:
        if not providers.ask_again(row, doors()[row.door_id], by=member):
            row.wait_again(by=member)
            due.schedule(arrival.READ, row.pk, clock.now())
    return len(rows)
