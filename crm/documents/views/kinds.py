"""Settings: the kinds of documents."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.documents.kinds import document_kinds, offered_kinds
from crm.documents.models import DocumentKind
from crm.documents.models.document_kind import LONGEST_WARNING
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import checked, select, text
from crm.web.settings.page import Context, settings_page


def _tick(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, widget=forms.CheckboxInput({"class": "check"}))


class KindForm(forms.Form):
    """A kind: its name, whether it is a photo, has personal data, and when its end is told of."""

    name = text(gettext_lazy("Name"), 60)
    about = select(gettext_lazy("About"), DocumentKind.About.choices, required=False)
    warn_days = forms.IntegerField(
        label=gettext_lazy("Plan a follow-up this many days before it expires"),
        min_value=0,
        max_value=LONGEST_WARNING,
        widget=forms.NumberInput({"class": "input", "min": 0, "max": LONGEST_WARNING}),
    )
    is_personal = _tick(gettext_lazy("Contains personal data: customers sign in with a code to open it"))
    is_photo = _tick(gettext_lazy("Photo: shown in the gallery"))

    def __init__(self, *args: Any, row: DocumentKind | None = None, **kwargs: Any) -> None:
        shown = row or DocumentKind()
        kwargs.setdefault("initial", {name: getattr(shown, name) for name in ("name", *DocumentKind.FIELDS)})
        kwargs.setdefault("auto_id", f"kind-{row.pk if row else 'new'}-%s")
        super().__init__(*args, **kwargs)

    @property
    def facts(self) -> dict[str, Any]:
        """The fields of the kind, without its name."""
        return {name: self.cleaned_data[name] for name in DocumentKind.FIELDS}


def version() -> str:
    """Hash what the page's forms show."""
    return version_of(
        [
            (row.pk, row.name, row.archived_at, row.about, row.is_photo, row.is_personal, row.warn_days)
            for row in document_kinds().values()
        ]
    )


@settings_page("documents:kinds", "documents.set_up", "documents/kinds.html", version=version)
def kinds(request: TenantRequest) -> Context:
    """Show the kinds in use, each with its form, and the archived ones."""
    return {
        "live": [(row, KindForm(row=row)) for row in offered_kinds()],
        "archived": [row for row in document_kinds().values() if row.archived_at],
        "new": KindForm(request.POST if request.path.endswith("/kinds/add/") else None),
    }


def _kind(pk: int) -> DocumentKind:
    return get_object_or_404(DocumentKind.objects.all(), pk=pk)


@kinds.action()
def add_kind(request: TenantRequest) -> str:
    """Add a kind."""
    form = checked(KindForm(request.POST))
    row = DocumentKind.add(form.cleaned_data["name"], by=request.member, **form.facts)
    return _("“%(name)s” was added.") % {"name": row.name}


@kinds.action(_kind)
def edit_kind(request: TenantRequest, row: DocumentKind) -> str:
    """Change a kind."""
    form = checked(KindForm(request.POST, row=row))
    row.edit(form.cleaned_data["name"], by=request.member, **form.facts)
    return _("“%(name)s” was saved.") % {"name": row.name}


archive_kind, restore_kind = kinds.archive_actions(_kind)
