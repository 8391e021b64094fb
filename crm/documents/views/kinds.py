"""Settings: the kinds of documents."""

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from crm.documents.forms import KindForm
from crm.documents.kinds import document_kinds, offered_kinds
from crm.documents.models import DocumentKind
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.fields import checked
from crm.web.settings.page import Context, settings_page


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
