"""List of documents of all leads and customers a member may see, latest change first."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.documents.document_rows import type_name
from crm.documents.kinds import document_kinds
from crm.documents.models import Document, DocumentRequest, DocumentVisibility
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, DateFilter, FlagFilter, TextFilter
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.conditions.viewer import Viewer
from crm.web.lists.definition import List, View, Words
from crm.web.lists.exports import Exportable, Row
from crm.web.lists.paging import Order

NEWEST = Order(Document, "changed_at", "id", down=True)


def _kind_choices(member: Member) -> list[Choice]:
    return [Choice(str(row.pk), row.name) for row in document_kinds().values()]


def _visibility_choices(member: Member) -> list[Choice]:
    return [Choice(str(value), str(label)) for value, label in DocumentVisibility.choices]


def _expiry_choices(member: Member) -> list[Choice]:
    return [
        Choice("past", _("expired")),
        Choice("30", _("in the next 30 days")),
        Choice("180", _("within 180 days")),
        Choice("never", _("never")),
    ]


def _expires_within(value: str, viewer: Viewer) -> Q:
    today = viewer.reader.today
    if value == "never":
        return Q(expires_on=None)
    if value == "past":
        return Q(expires_on__lt=today)
    return Q(expires_on__gte=today, expires_on__lte=today + timedelta(days=int(value)))


def _answers_request(value: str, viewer: Viewer) -> Q:
    return Q(Exists(DocumentRequest.objects.filter(document_id=OuterRef("pk")).order_by()))


class DocumentListFilters(FilterSet):
    """Filters of documents, in the filter builder's order."""

    kind = ChoiceFilter(gettext_lazy("Kind"), choices=_kind_choices)
    visibility = ChoiceFilter(gettext_lazy("Who sees it"), choices=_visibility_choices)
    expiring = ChoiceFilter(gettext_lazy("Expires"), choices=_expiry_choices, q=_expires_within)
    requested = FlagFilter(gettext_lazy("Requested"), yes=gettext_lazy("the customer sent it"), q=_answers_request)
    photos = FlagFilter(
        gettext_lazy("Photo"), yes=gettext_lazy("yes"), q=lambda value, viewer: Q(media_type__startswith="image/")
    )
    archived = FlagFilter(
        gettext_lazy("Archive"), yes=gettext_lazy("in it"), q=lambda value, viewer: Q(archived_at__isnull=False)
    )
    came = DateFilter(gettext_lazy("Came in"), "created_at")
    q = TextFilter(gettext_lazy("Title, or name:customer"), alone=True, chip=gettext_lazy("Text"))


def _count_words(found: str) -> str:
    if found == "1":
        return _("1 document")
    return _("%(found)s documents") % {"found": found}


class DocumentList(List):
    """The list of documents. Archived ones are shown on request."""

    key = "documents"
    page = "documents:list"
    permission = "documents.view"
    filterset = DocumentListFilters
    first_field = "kind"
    words = Words(
        name=gettext_lazy("Documents"),
        where=gettext_lazy("Documents that match"),
        everything=gettext_lazy("All documents"),
        counted=_count_words,
        sorted_by=gettext_lazy("the newest change"),
    )

    def visible(self, member: Member) -> Any:
        return Document.objects.visible_to(member)

    def order(self, filters: Filters) -> Order:
        return NEWEST

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Exclude archived documents unless requested, and filter by a search text."""
        if filters.asks("archived"):
            kept = rows
        else:
            kept = rows.filter(archived_at=None)
        if not filters.q:
            return kept
        text = filters.q
        return kept.filter(Q(title__icontains=text) | Q(job__title__icontains=text) | Q(person__name__icontains=text))

    def views(self, member: Member) -> list[View]:
        return [
            View("all", _("All documents"), self.filters()),
            View("shown", _("Visible to customers"), self.filters(visibility=DocumentVisibility.CUSTOMER)),
            View("soon", _("Expiring soon"), self.filters(expiring="30")),
            View("sent", _("Requested"), self.filters(requested="1")),
        ]


DOCUMENTS = DocumentList()


def about(row: Document) -> str:
    """Return the subject of a document: the lead's title, the customer's name, or the property's address."""
    if row.job:
        return str(row.job.title)
    if row.person:
        return str(row.person.name)
    if row.site:
        return str(row.site.one_line)
    return ""


def _export_headings() -> list[str]:
    return [
        *(_("Title"), _("Kind"), _("Type"), _("Bytes"), _("Version"), _("Who sees it")),
        *(_("Expires"), _("Lead number"), _("Of"), _("Came in")),
    ]


def _matching_ids(query: QueryDict, member: Member) -> Iterable[int]:
    filters = DOCUMENTS.read(query, member)
    ids: Iterable[int] = NEWEST.of(DOCUMENTS.apply(filters, member)).values_list("pk", flat=True)
    return ids


def _export_rows(pks: Sequence[int], member: Member) -> Iterator[Row]:
    there = Document.objects.visible_to(member).select_related("job", "person", "site").in_bulk(pks)
    return (_export_row(there[pk]) for pk in pks if pk in there)


def _export_row(row: Document) -> Row:
    return [
        *(row.title, document_kinds()[row.kind_id].name, type_name(row.media_type), row.size, row.number),
        *(
            str(DocumentVisibility(row.visibility).label),
            row.expires_on,
            row.job.number if row.job else None,
            about(row),
        ),
        row.created_at.astimezone(directory().zone),
    ]


EXPORT = Exportable(
    kind="documents",
    label=gettext_lazy("Documents"),
    permission="documents.view",
    page="documents:list",
    ids=_matching_ids,
    headings=_export_headings,
    rows=_export_rows,
)
