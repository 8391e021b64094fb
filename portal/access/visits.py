"""Visits: which pages customers opened and when, stored once per page and hour and recorded as events."""

from collections import OrderedDict
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.web.reader import Reader
from portal.models import PortalAccess, PortalVisit

# The pages that count, and what colleagues call them.
PAGES = {
    "portal:job": _("Job page"),
    "portal:documents": _("Documents and photos"),
    "portal:document": _("A document"),
    "portal:messages": _("Messages"),
    "portal:quote": _("A quote"),
    "portal:invoice": _("An invoice"),
    "portal:places": _("Their places"),
    "portal:preferences": _("Preferences"),
    "portal:welcome": _("Checklist"),
    "portal:devices": _("Devices"),
}
# Visits the panel lists.
LATEST = 12
# What this process has noted lately: a page opened again costs no write. The database has the last word.
Visit = tuple[int, int, str, int, datetime]
_NOTED: OrderedDict[Visit, None] = OrderedDict()
_MOST_NOTED = 4096


def note_page(access: PortalAccess, page: str, number: int = 0) -> None:
    """Record that a page was opened. Idempotent within the hour."""
    if page not in PAGES or access.pk is None or not 0 <= number < 1 << 62:
        return
    at = clock.now()
    hour = at.replace(minute=0, second=0, microsecond=0)
    key = (access.tenant_id, access.pk, page, number, hour)
    if key in _NOTED:
        return
    PortalVisit.objects.bulk_create(
        [PortalVisit(access=access, page=page, number=number, at=at, hour=hour)], ignore_conflicts=True
    )
    # What is taken back with its transaction is noted the next time.
    transaction.on_commit(partial(_remember_visit, key))


def _remember_visit(key: Visit) -> None:
    _NOTED[key] = None
    while len(_NOTED) > _MOST_NOTED:
        _NOTED.popitem(last=False)


def latest_visits(access: PortalAccess, reader: Reader) -> list[tuple[str, str]]:
    """Return the pages they opened last, each with the time."""
    rows = PortalVisit.objects.filter(access=access).order_by("-at", "-pk")[:LATEST]
    return [(_page_words(row), reader.near(row.at)) for row in rows]


def _page_words(row: PortalVisit) -> str:
    words = str(PAGES.get(row.page, row.page))
    if row.number:
        return f"{words} · #{row.number}"
    return words
