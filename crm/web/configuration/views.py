"""Settings: download the configuration, upload one, see the difference, apply and undo it; and the book."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.configuration.comparison import EntryChange, EntryChangeKind, SectionChanges
from crm.platform.configuration.document import LARGEST, decode_file, dump_value, parse_document
from crm.platform.configuration.transfer import TransferResult, export_configuration
from crm.platform.organization.practice import find_practice, is_practice
from crm.platform.tenancy.context import current_config_version
from crm.web.configuration.book import read_book
from crm.web.configuration.book_pdf import render_book
from crm.web.configuration.practice_runs import find_practice_run
from crm.web.models import ConfigurationImport
from crm.web.reader import Reader
from crm.web.requests.form_version import is_posted, is_stale, stale_message, version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

MANAGE = "configuration.manage"
# Imports that the page lists, and characters of a value that the difference shows.
LISTED = 20
LONGEST = 300


@require(MANAGE)
def configuration(request: TenantRequest) -> HttpResponse:
    """Show the page; a POST uploads a file, whose difference is then shown."""
    if request.method != "POST":
        return _render_page(request)
    text = ""
    try:
        text = _uploaded_text(request)
        parse_document(text)
    except Refused as why:
        return _render_page(request, text=text, trouble=str(why), status=422)
    upload = ConfigurationImport.upload(text, prunes="prunes" in request.POST, by=request.member)
    return redirect("configuration_import", request.tenant.slug, upload.uid)


def _render_page(request: TenantRequest, *, text: str = "", trouble: str = "", status: int = 200) -> HttpResponse:
    reader = Reader.of(request.member, clock.now())
    rows = ConfigurationImport.objects.exclude(applied_at=None).select_related("by").order_by("-at", "-pk")[:LISTED]
    context = {
        "practice": find_practice(),
        "practice_run": find_practice_run(),
        "is_practice": is_practice(),
        "imports": [(row, reader.date(row.applied_at.astimezone(reader.zone).date())) for row in rows],
        "text": text,
        "trouble": trouble,
    }
    return render(request, "web/configuration/page.html", context, status=status)


def _uploaded_text(request: TenantRequest) -> str:
    """Return the uploaded or typed text. Raises Refused if it is not text."""
    file = request.FILES.get("file")
    if file is None:
        return decode_file(request.POST.get("text", "").replace("\r\n", "\n").encode())
    return decode_file(file.read(LARGEST + 1))


@require(MANAGE)
@require_GET
def download(request: TenantRequest) -> HttpResponse:
    """Send the configuration as a YAML file."""
    response = HttpResponse(export_configuration(), content_type="application/yaml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.tenant.slug}-configuration.yaml"'
    response["Cache-Control"] = "no-store"
    return response


def _get_import(uid: UUID) -> ConfigurationImport:
    return get_object_or_404(ConfigurationImport.objects.all(), uid=uid)


@require(MANAGE)
@require_GET
def show_import(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show what an uploaded file would change, or that it was applied."""
    return _render_import(request, _get_import(uid))


@require(MANAGE)
@require_POST
def apply_import(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Apply an uploaded file as a whole, or, if asked, without what can't be imported."""
    is_posted(request)
    upload = _get_import(uid)
    if is_stale(request, _version(upload)):
        return _render_import(request, upload, trouble=stale_message(), status=409)
    try:
        result = upload.apply(by=request.member, partly="partly" in request.POST)
    except Refused as why:
        return _render_import(request, upload, trouble=str(why), status=422)
    if not result.is_applied:
        return _render_import(request, upload, trouble=_("Nothing was changed."), status=422)
    messages.success(request, _("The configuration was applied. You can undo it for a day."))
    return redirect("configuration_import", request.tenant.slug, upload.uid)


@require(MANAGE)
@require_POST
def undo_import(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Undo an applied file: the sections it changed become as they were."""
    upload = _get_import(uid)
    try:
        result = upload.undo(by=request.member)
    except Refused as why:
        return _render_import(request, upload, trouble=str(why), status=422)
    if not result.is_applied:
        problems = " ".join(str(problem) for problem in result.problems[:3])
        return _render_import(request, upload, trouble=problems, status=422)
    messages.success(request, _("Undone. The configuration is as it was."))
    return redirect("configuration", request.tenant.slug)


def _version(upload: ConfigurationImport) -> str:
    return version_of(current_config_version(), upload.applied_at)


def _render_import(
    request: TenantRequest, upload: ConfigurationImport, *, trouble: str = "", status: int = 200
) -> HttpResponse:
    version = _version(upload)
    context: dict[str, Any] = {"upload": upload, "trouble": trouble, "version": version, "result": None}
    if upload.applied_at is None:
        try:
            result = upload.preview(by=request.member)
        except Refused as why:
            context |= {"trouble": trouble or str(why)}
        else:
            context |= {"result": result, "sections": _section_lines(result)}
    return render(request, "web/configuration/import.html", context, status=status)


def _section_lines(result: TransferResult) -> list[dict[str, Any]]:
    """Return the sections with differences as the page shows them."""
    return [
        {
            "label": section.label,
            "unchanged": section.unchanged,
            "kept": _kept_names(section),
            "entries": [_entry_line(entry) for entry in section.entries if entry.kind != EntryChangeKind.KEPT],
        }
        for section in result.sections
        if section.entries
    ]


def _kept_names(section: SectionChanges) -> str:
    return ", ".join(entry.name for entry in section.entries if entry.kind == EntryChangeKind.KEPT)


def _entry_line(entry: EntryChange) -> dict[str, Any]:
    fields = [
        (change.path, dump_value(change.before)[:LONGEST], dump_value(change.after)[:LONGEST])
        for change in entry.fields
        if entry.kind == EntryChangeKind.CHANGED
    ]
    return {"name": entry.name, "kind": entry.kind.value, "fields": fields}


@require(MANAGE)
@require_GET
def book(request: TenantRequest) -> HttpResponse:
    """Show the configuration book."""
    return render(request, "web/configuration/book.html", {"pages": read_book()})


@require(MANAGE)
@require_GET
def book_pdf(request: TenantRequest) -> HttpResponse:
    """Send the configuration book as PDF."""
    reader = Reader.of(request.member, clock.now())
    content = render_book(read_book(), day=reader.date(reader.today))
    response = HttpResponse(content, content_type="application/pdf")
    name = slugify(_("Configuration")) or "configuration"
    response["Content-Disposition"] = f'inline; filename="{request.tenant.slug}-{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response
