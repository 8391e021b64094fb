"""Settings: the kinds of documents."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from crm.documents.kinds import document_kinds
from crm.documents.models import DocumentKind
from crm.documents.models.document_kind import LONGEST_WARNING
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import require_valid, select_field, text_field
from crm.web.settings.named_rows import NamedRows, row_context
from crm.web.settings.page import Context, settings_page


def _checkbox(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput({"class": "check"}))


class DocumentKindForm(forms.Form):
    """Form of a document kind: name, subject, expiry warning, and whether it is a photo or has personal data."""

    name = text_field(gettext_lazy("Name"), 60)
    about = select_field(gettext_lazy("About"), DocumentKind.About.choices, required=False)
    warn_days = forms.IntegerField(
        label=gettext_lazy("Plan a follow-up this many days before it expires"),
        min_value=0,
        max_value=LONGEST_WARNING,
        widget=forms.NumberInput({"class": "input", "min": 0, "max": LONGEST_WARNING}),
    )
    is_personal = _checkbox(gettext_lazy("Contains personal data: customers sign in with a code to open it"))
    is_photo = _checkbox(gettext_lazy("Photo: shown in the gallery"))

    def __init__(self, *args: Any, row: DocumentKind | None = None, **kwargs: Any) -> None:
        kind = row or DocumentKind()
        kwargs.setdefault("initial", {name: getattr(kind, name) for name in ("name", *DocumentKind.FIELDS)})
        kwargs.setdefault("auto_id", f"kind-{row.pk if row else 'new'}-%s")
        super().__init__(*args, **kwargs)


def version() -> str:
    """Hash what the page's forms show."""
    return version_of(
        [
            (row.pk, row.name, row.archived_at, row.about, row.is_photo, row.is_personal, row.warn_days)
            for row in document_kinds().values()
        ]
    )


ROWS = NamedRows(
    address="documents:%s_kind",
    none=gettext_lazy("No types yet."),
    new=gettext_lazy("New type"),
    add=gettext_lazy("Add type"),
    facts="documents/_kind_facts.html",
)


@settings_page("documents:kinds", "documents.set_up", ROWS, version=version)
def kinds(request: TenantRequest) -> Context:
    """Show the kinds in use, each with its form, and the archived ones."""
    new = DocumentKindForm(request.POST if request.path.endswith("/kinds/add/") else None)
    return row_context(document_kinds().values(), lambda row: DocumentKindForm(row=row)) | {"new": new}


def _posted_values(request: TenantRequest, row: DocumentKind | None) -> Context:
    return require_valid(DocumentKindForm(request.POST, row=row)).cleaned_data


add_kind, edit_kind, archive_kind, restore_kind = kinds.row_actions(DocumentKind, _posted_values)
