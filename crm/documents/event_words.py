"""Descriptions of document events: "added a document: Contract", "The customer sent: Insurance claim"."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.documents.kinds import document_kinds
from crm.kernel import clock, formats
from crm.platform.organization.configuration import directory
from crm.web.timeline.event_words import EventWords, Words


def _event_values(data: dict[str, Any]) -> dict[str, str]:
    kind = document_kinds().get(data.get("kind", 0))
    values = {"kind": kind.name if kind else _("document")}
    for name in ("due", "expires"):
        if day := data.get(name):
            values[name] = _format_day(date.fromisoformat(day))
    return values


def _format_day(day: date) -> str:
    organization = directory()
    return formats.long_day(day, clock.now().astimezone(organization.zone).date(), organization.tenant.country)


def _words_about(words: Any, by_customer: Any = "") -> Words:
    """Return the description of an event about a document, with other words if the customer did it."""
    return lambda data: str(by_customer if by_customer and data.get("person") else words) % _event_values(data)


def _words_with_day(name: str, with_day: Any, without: Any) -> Words:
    return lambda data: str(with_day if data.get(name) else without) % _event_values(data)


EVENT_WORDS = [
    EventWords(
        "document.added",
        "file-text",
        _words_about(gettext_lazy("added a document: %(kind)s"), gettext_lazy("The customer sent: %(kind)s")),
        mark="in",
    ),
    EventWords(
        "document.replaced",
        "file-text",
        _words_about(
            gettext_lazy("added a new version: %(kind)s"), gettext_lazy("The customer sent a new version: %(kind)s")
        ),
        mark="in",
    ),
    EventWords("document.shown", "eye", _words_about(gettext_lazy("showed the customer a document: %(kind)s"))),
    EventWords("document.hidden", "eye-off", _words_about(gettext_lazy("hid a document from the customer: %(kind)s"))),
    EventWords("document.renamed", "pencil", _words_about(gettext_lazy("renamed a document: %(kind)s"))),
    EventWords(
        "document.classified", "pencil", _words_about(gettext_lazy("changed the type of a document to: %(kind)s"))
    ),
    EventWords(
        "document.dated",
        "calendar",
        _words_with_day(
            "expires",
            gettext_lazy("set the expiry date to %(expires)s: %(kind)s"),
            gettext_lazy("removed the expiry date: %(kind)s"),
        ),
    ),
    EventWords(
        "document.expiring",
        "calendar-clock",
        _words_about(gettext_lazy("Expires on %(expires)s: %(kind)s")),
        mark="auto",
    ),
    EventWords("document.archived", "archive", _words_about(gettext_lazy("archived a document: %(kind)s"))),
    EventWords("document.restored", "undo-2", _words_about(gettext_lazy("restored a document: %(kind)s"))),
    EventWords("document.undone", "undo-2", _words_about(gettext_lazy("undid a change to a document: %(kind)s"))),
    EventWords(
        "document_request.asked",
        "file-text",
        _words_with_day(
            "due",
            gettext_lazy("asked the customer for: %(kind)s, by %(due)s"),
            gettext_lazy("asked the customer for: %(kind)s"),
        ),
    ),
    EventWords("document_request.reminded", "bell", _words_about(gettext_lazy("reminded the customer of: %(kind)s"))),
    EventWords(
        "document_request.due",
        "bell",
        _words_about(gettext_lazy("Still waiting for: %(kind)s, due %(due)s")),
        mark="auto",
    ),
    EventWords(
        "document_request.overdue",
        "calendar-clock",
        _words_about(gettext_lazy("Not received by %(due)s: %(kind)s")),
        mark="auto",
    ),
    EventWords(
        "document_request.postponed",
        "calendar",
        _words_with_day(
            "due",
            gettext_lazy("extended the due date to %(due)s: %(kind)s"),
            gettext_lazy("removed the due date: %(kind)s"),
        ),
    ),
    EventWords("document_request.received", "file-text", _words_about(gettext_lazy("Received: %(kind)s")), mark="in"),
    EventWords(
        "document_request.page_added",
        "file-text",
        _words_about(gettext_lazy("The customer added a page: %(kind)s")),
        mark="in",
    ),
    EventWords(
        "document_request.page_removed",
        "file-text",
        _words_about(gettext_lazy("The customer removed a page: %(kind)s")),
        mark="in",
    ),
    EventWords("document_request.accepted", "circle-check", _words_about(gettext_lazy("accepted: %(kind)s"))),
    EventWords("document_request.refused", "circle-x", _words_about(gettext_lazy("sent back: %(kind)s"))),
    EventWords(
        "document_request.withdrawn", "circle-x", _words_about(gettext_lazy("withdrew the request for: %(kind)s"))
    ),
    EventWords(
        "document_request.undone", "undo-2", _words_about(gettext_lazy("undid a change to the request for: %(kind)s"))
    ),
    EventWords("document_kind.added", "plus", gettext_lazy("added a document type")),
    EventWords("document_kind.edited", "pencil", gettext_lazy("edited a document type")),
    EventWords("document_kind.archived", "archive", gettext_lazy("archived a document type")),
    EventWords("document_kind.restored", "undo-2", gettext_lazy("restored a document type")),
]
