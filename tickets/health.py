"""Health page of conversations: those that may not be deleted."""

from collections.abc import Iterable

from django.utils.translation import ngettext

from crm.platform.features import Feature
from crm.web.health.findings import Override, SwitchedOff
from crm.web.health.snapshot import HealthSnapshot
from tickets.models import Ticket


def count_legal_holds(look: HealthSnapshot) -> Iterable[SwitchedOff]:
    """Count conversations under a legal hold, by a partial index."""
    if count := Ticket.objects.filter(legal_hold=True).order_by().count():
        words = ngettext(
            "%(n)s conversation under a legal hold", "%(n)s conversations under a legal hold", count
        )  # fmt: skip
        yield SwitchedOff(words % {"n": count}, page="tickets:list")


HEALTH: list[Feature] = [Override("legal_holds", count_legal_holds)]
