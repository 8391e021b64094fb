"""Document data for templates: plain values, loaded for a whole page at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max

from crm.documents.files.limits import TYPES
from crm.documents.gallery import Heading
from crm.documents.kinds import document_kinds
from crm.documents.models import Document, DocumentRead, DocumentRequest, RequestState
from crm.kernel.formats import size_in_words
from crm.people.models import Person
from crm.platform.files.media_types import PREVIEWED, may_open
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader

SOON = timedelta(days=30)


@dataclass(frozen=True)
class DocumentLine:
    """A document as a page shows it."""

    row: Document
    kind: str
    # "PDF, 2.4 MB", and who brought it in when.
    what: str
    came: str
    # When it expires, in words; and whether that is past or near.
    expires: str
    is_expired: bool
    is_near: bool
    # When a customer last opened it; blank: never.
    seen: str
    has_image: bool
    opens: bool


def shown_all(documents: Sequence[Document], reader: Reader) -> list[DocumentLine]:
    """Return the template data of documents. Two queries."""
    reads = DocumentRead.objects.filter(document__in=documents).values("document_id").annotate(last=Max("at"))
    seen = {row["document_id"]: row["last"] for row in reads}
    names = dict(
        Person.objects.filter(pk__in={one.sent_by_id for one in documents if one.sent_by_id}).values_list("pk", "name")
    )
    return [_document_line(one, reader, seen.get(one.pk), names) for one in documents]


def _document_line(row: Document, reader: Reader, seen: object, names: dict[int, str]) -> DocumentLine:
    members = directory().members
    today = reader.today
    who = names.get(row.sent_by_id or 0, "") or (members[row.created_by_id].name if row.created_by_id else "")
    return DocumentLine(
        row=row,
        kind=document_kinds()[row.kind_id].name,
        what=f"{type_name(row.media_type)}, {size_in_words(row.size)}",
        came=" · ".join(filter(None, [reader.day(row.created_at), who])),
        expires=reader.date(row.expires_on) if row.expires_on else "",
        is_expired=bool(row.expires_on and row.expires_on < today),
        is_near=bool(row.expires_on and today <= row.expires_on < today + SOON),
        seen=reader.near(seen) if seen else "",  # type: ignore[arg-type]
        has_image=row.media_type in PREVIEWED,
        opens=may_open(row.media_type),
    )


def type_name(media_type: str) -> str:
    """Return the label of a type, by its extension: "PDF", "JPG"."""
    kind = TYPES.get(media_type)
    if kind:
        return kind.endings[0].removeprefix(".").upper()
    return "?"


@dataclass(frozen=True)
class RequestLine:
    """A request as a page shows it."""

    row: DocumentRequest
    state: str
    css: str
    until: str
    is_late: bool


def asked_all(requests: Iterable[DocumentRequest], reader: Reader) -> list[RequestLine]:
    """Return the template data of requests. No queries."""
    return [_request_line(row, reader) for row in requests]


def _request_line(row: DocumentRequest, reader: Reader) -> RequestLine:
    is_late = bool(row.is_waiting and row.due_on and row.due_on < reader.today)
    css = {RequestState.RECEIVED: "is-brand", RequestState.ACCEPTED: "is-good", RequestState.REFUSED: "is-warn"}.get(
        RequestState(row.state), ""
    )
    return RequestLine(
        row, str(RequestState(row.state).label), "is-crit" if is_late else css, until(row.due_on, reader), is_late
    )


def until(day: date | None, reader: Reader) -> str:
    """Format the due date of a request; blank without one."""
    if day:
        return reader.date(day)
    return ""


def day_heading(reader: Reader, row: Document) -> Heading:
    """Gallery heading for the day a photo was taken; newest day first."""
    day = row.taken_at.astimezone(reader.zone).date()
    return Heading((1, f"{99_999_999 - int(day.strftime('%Y%m%d')):08}"), reader.date(day))
