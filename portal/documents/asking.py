"""Message customers about document requests and reminders, by a template."""

import logging
from collections.abc import Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from comms.library.dates import long_day
from comms.outbox.by_template import queue_to
from crm.documents.models import DocumentRequest
from crm.documents.models.request_schedule import DUE
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.models import Event
from crm.web.notices.notify import notify
from portal.access import links
from portal.documents.notices import UNSENT
from portal.models import PortalAccess

logger = logging.getLogger(__name__)

ASKED = {"document_request.asked": "document_asked", "document_request.refused": "document_asked"}
EVENTS = (*ASKED, "document_request.reminded", DUE)


def announce_requests(events: Sequence[Event]) -> None:
    """Notify the recipients of requests, once per event; skips requests that are no longer open."""
    rows = DocumentRequest.objects.filter(pk__in={event.subject_id for event in events})
    requests = {row.pk: row for row in rows.select_related("job__brand", "job__site", "person", "job__person")}
    for event in events:
        row = requests.get(event.subject_id)
        if row is not None and row.is_waiting and event.pk > row.told_event:
            _announce_request(row, event)


def _announce_request(row: DocumentRequest, event: Event) -> None:
    person = row.person or row.job.person
    if person is None or person.erased_at:
        return
    if PortalAccess.objects.filter(person=person, state=PortalAccess.State.REVOKED).exists():
        # What staff took away stays away: a link would open nothing.
        _tell_unsent(row, event)
        return
    for point in ContactPoint.objects.filter(person=person).verified_first("kind", "pk")[:6]:
        try:
            _send_announcement(
                row, point, ASKED.get(event.kind, "document_reminder"), f"document_request:{row.pk}:{event.pk}"
            )
        except Refused as why:
            logger.info("a document could not be asked for", extra={"request": row.pk, "why": str(why)})
            continue
        row.mark_sent(event.pk)
        return
    _tell_unsent(row, event)


def _tell_unsent(row: DocumentRequest, event: Event) -> None:
    """Notify the requesting member and the job's owner that the customer could not be notified."""
    to = [row.created_by_id, row.job.member_id]
    notify(UNSENT, to, key=f"{UNSENT}:{event.pk}", about=row.job, at=event.at)


def _send_announcement(row: DocumentRequest, point: ContactPoint, key: str, occasion: str) -> None:
    PortalAccess.invite(point.person, by=None)
    brand = row.job.brand
    language = point.person.language or brand.language
    with translation.override(language):
        properties = said_of(row, language, brand.country)
    link = links.make_link(point.person, job=row.job, point=point, request=str(row.uid))
    properties["portal.link"] = links.link_url(link, brand)
    queue_to(point, key, brand=brand, job=row.job, given=properties, occasion=occasion)


def said_of(row: DocumentRequest, language: str, country: str) -> dict[str, Any]:
    """Values of the templates' variables."""
    until = ""
    if row.due_on:
        until = _("by %(day)s") % {"day": long_day(row.due_on, language, country)}
    why = ""
    if row.reason:
        why = _("Please send it again: %(reason)s") % {"reason": row.reason}
    return {
        "document.title": row.title,
        "document.until": until,
        "document.note": " ".join(filter(None, [why, row.note])),
    }
