"""Versions of a text: compare, approve, restore, set WhatsApp's approval, send a test."""

import difflib
from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comms.library import approvals
from comms.library.test_mail import send_test_mail
from comms.models import Channel, TemplateVersion
from comms.rendering.content import Content, part_names, sources
from comms.rendering.rendering import Missing
from comms.views.library.editor import address_of
from comms.views.library.lookup import TextLocation, found_template, place_of, records_like
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader
from crm.web.requests.form_version import is_posted
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

MOST = 100


class DiffLine(NamedTuple):
    """A line of the comparison: unchanged, removed or added."""

    sign: str
    text: str


@require("templates.view")
def versions(request: TenantRequest, uid: UUID) -> HttpResponse:
    """List the versions of a text, newest first, and compare two: `older` and `newer`, by number."""
    place = place_of(found_template(uid), request.GET)
    rows = list(TemplateVersion.objects.of(place.template, place.medium, place.language)[:MOST])
    numbers = {str(row.number): row for row in rows}
    newer = numbers.get(request.GET.get("newer", "")) or (rows[0] if rows else None)
    before = next((row for row in rows if newer and row.number < newer.number), None)
    older = numbers.get(request.GET.get("older", "")) or before
    members = directory().members
    reader = Reader.of(request.member, clock.now())
    context = {
        "place": place,
        "template": place.template,
        "lines": [
            (row, reader.near(row.created_at), members.get(row.author_id or 0), members.get(row.approved_by_id or 0))
            for row in rows
        ],
        "newer": newer,
        "older": older,
        "pieces": compare_contents(older.content, newer.content) if older and newer else [],
        "back": address_of(request, place),
        "may_edit": allows(request.member, "templates.edit"),
        "may_approve": allows(request.member, "templates.approve"),
    }
    return render(request, "comms/templates/versions.html", context)


def compare_contents(older: Content, newer: Content) -> list[DiffLine]:
    """Return a line diff of two contents, part by part."""
    diff = difflib.unified_diff(_content_lines(older), _content_lines(newer), n=1000, lineterm="")
    return [DiffLine(line[:1], line[1:]) for line in list(diff)[3:]]


def _content_lines(content: Content) -> list[str]:
    names = part_names()
    return [
        f"{names.get(part, part)}: {line}" for part, source in sources(content) if source for line in source.split("\n")
    ]


@require("templates.approve")
@require_POST
def approve(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Approve a version for sending."""
    version = _find_version(request, uid)
    try:
        version.approve(by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, _("Approved: this is what is sent from now on."))
    return redirect(address_of(request, _place_of(version)))


@require("templates.edit")
@require_POST
def restore_version(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Save an old version again as a new one."""
    version = _find_version(request, uid)
    try:
        version.template.write(version.medium, version.language, version.content, by=request.member)
    except Refused as why:
        messages.warning(request, str(why))
    else:
        messages.success(request, _("Version %(number)s is the newest one again.") % {"number": version.number})
    return redirect(address_of(request, _place_of(version)))


@require("templates.approve")
@require_POST
def mark(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Set the state of WhatsApp's approval of a version."""
    version = _find_version(request, uid)
    posted = request.POST
    try:
        version.mark(
            posted.get("state", ""),
            category=posted.get("category", ""),
            name=posted.get("name", ""),
            language=posted.get("language", ""),
            reason=posted.get("reason", ""),
            shape=_template_shape(version, posted.get("heading", version.heading)),
            by=request.member,
        )
    except Refused as why:
        messages.warning(request, str(why))
    except ValueError:
        messages.warning(request, _("Choose a status."))
    else:
        messages.success(request, _("Saved."))
    return redirect(address_of(request, _place_of(version)))


def _template_shape(version: TemplateVersion, heading: str) -> dict[str, Any]:
    """Return its WhatsApp template structure with the heading file; the provider names the placeholders."""
    kept = {name: value for name, value in version.whatsapp_shape.items() if name != "heading"}
    return kept | ({"heading": heading} if heading in TemplateVersion.WhatsAppHeading.values else {})


@require("templates.approve")
@require_POST
def ask_whatsapp(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Schedule a check of WhatsApp approvals with the providers."""
    version = _find_version(request, uid)
    with transaction.atomic():
        count = approvals.ask(Channel.objects.in_use())
    if count:
        messages.success(request, _("Checking with WhatsApp. The answer appears here."))
    else:
        messages.warning(request, _("Your providers don’t report template status. Set it yourself."))
    return redirect(address_of(request, _place_of(version)))


@require("templates.edit")
@require_POST
def test(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Send the newest saved text to oneself by email, filled in with the preview's record."""
    version = _find_version(request, uid)
    job = next(iter(records_like(request.POST.get("job", ""), request.member)), None)
    try:
        address = send_test_mail(version, job=job, by=request.member)
        messages.success(request, _("On its way to %(address)s.") % {"address": address})
    except Missing as missing:
        words = _("Not sent. Missing values: %(names)s") % {"names": ", ".join(missing.names)}
        messages.warning(request, words)
    except Refused as why:
        messages.warning(request, str(why))
    return redirect(address_of(request, _place_of(version)))


def _find_version(request: TenantRequest, uid: UUID) -> TemplateVersion:
    is_posted(request)
    row: TemplateVersion = get_object_or_404(TemplateVersion.objects.select_related("template"), uid=uid)
    return row


def _place_of(version: TemplateVersion) -> TextLocation:
    return TextLocation(version.template, version.medium, version.language)
