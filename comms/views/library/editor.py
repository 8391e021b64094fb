"""The template editor: texts by medium and language, with a preview."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from comms.automation.uses import uses
from comms.library.catalogue import catalogue
from comms.library.variables import by_name, variable_names
from comms.models import Channel, Medium, TemplateVersion
from comms.rendering.content import PAIRS, Content, check, clean, part_names
from comms.rendering.segments import plain
from comms.views.library.lookup import TextLocation, content_of, found_template, languages, media, place_of
from comms.views.library.preview import preview_of
from comms.views.library.template_list import shelves
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.web.reader import Reader
from crm.web.requests.form_version import is_posted
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require

# Rows of pairs that stand open to be filled in, beyond those that are.
SPARE = 1


@require("templates.view")
def editor(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show a text and save it; `act`: save, approve (after saving), preview or plain."""
    posted = is_posted(request)
    if posted:
        values = request.POST
    else:
        values = request.GET
    place = place_of(found_template(uid), values)
    if not posted:
        newest = place.newest
        content: Content = clean(place.medium, newest.content if newest else {})
        return _editor_page(request, place, content)
    content = content_of(place.medium, request.POST)
    act = request.POST.get("act", "save")
    if act == "plain":
        content = clean(place.medium, {**content, "text": plain(str(content.get("text", "")))})
    if act in ("plain", "preview") or not allows(request.member, "templates.edit"):
        return _editor_page(request, place, content)
    return _save_version(request, place, content, act)


def _save_version(request: TenantRequest, place: TextLocation, content: Content, act: str) -> HttpResponse:
    if request.POST.get("version") != place.version:
        words = _(
            "Someone else saved a version meanwhile. What you wrote is still here; save "
            "again to make it the next version."
        )
        return _editor_page(request, place, content, words, HTTPStatus.CONFLICT)
    if check(place.medium, content, variable_names()):
        words = _("Not saved. Fix what is marked below.")
        return _editor_page(request, place, content, words, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        version = place.template.write(place.medium, place.language, dict(content), by=request.member)
        if act == "approve" and allows(request.member, "templates.approve"):
            version.approve(by=request.member)
    except Refused as why:
        return _editor_page(request, place, content, str(why), HTTPStatus.UNPROCESSABLE_ENTITY)
    if version.is_approved:
        toast = _("Saved and approved: this is what is sent from now on.")
    else:
        toast = _("Saved.")
    messages.success(request, toast)
    return redirect(address_of(request, place))


def address_of(request: TenantRequest, place: TextLocation, name: str = "comms:template") -> str:
    """Return the editor's address for a text."""
    url = reverse(name, args=[request.tenant.slug, place.template.uid])
    return f"{url}?{urlencode({'medium': place.medium, 'language': place.language})}"


def _editor_page(
    request: TenantRequest, place: TextLocation, content: Content, told: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    texts = catalogue().of(place.template)
    words = media()
    context: dict[str, Any] = {
        "place": place,
        "template": place.template,
        "content": content,
        "parts": _form_parts(place, content),
        "version": place.version,
        "told": told,
        "trouble": status >= HTTPStatus.BAD_REQUEST,
        "media": [(code, words[code]) for code in place.template.media],
        "languages": [(code, name, (place.medium, code) in texts) for code, name in languages().items()],
        "variables": by_name().values(),
        "shelves": shelves(""),
        "text": place.text,
        "may_edit": allows(request.member, "templates.edit") and place.template.archived_at is None,
        "may_approve": allows(request.member, "templates.approve"),
        "states": TemplateVersion.WhatsApp.choices,
        "categories": TemplateVersion.WhatsAppCategory.choices,
        "headings": TemplateVersion.WhatsAppHeading.choices,
        "read_at": _read_at(request) if place.medium == Medium.WHATSAPP else "",
        "uses": uses(request, place.template.key),
        "may_manage": allows(request.member, "templates.edit"),
        "here": address_of(request, place),
        "versions_url": address_of(request, place, "comms:template_versions"),
        "preview_url": reverse("comms:preview_template", args=[request.tenant.slug, place.template.uid]),
    }
    if request.method == "POST":
        posted = request.POST
    else:
        posted = request.GET
    context |= preview_of(request, place, content, posted)
    return render(request, "comms/templates/editor.html", context, status=status)


def _read_at(request: TenantRequest) -> str:
    """Return when a provider last reported template states, in words."""
    times = Channel.objects.in_use().exclude(templates_read_at=None).order_by("-templates_read_at")
    newest = times.values_list("templates_read_at", flat=True).first()
    if newest:
        return Reader.of(request.member, clock.now()).near(newest)
    return ""


def _form_parts(place: TextLocation, content: Content) -> list[dict[str, Any]]:
    """Return the form fields in reading order."""
    names = part_names()
    wrong = {problem.part for problem in check(place.medium, content, variable_names())}
    touched = any(bool(value) for value in content.values())
    return [
        {
            "name": name,
            "label": names[name],
            "value": content[name],
            "rows": _pair_rows(content[name], PAIRS[place.medium].get(name, 0)),
            "is_pairs": name in PAIRS[place.medium],
            "is_line": name in _LINES[place.medium],
            "is_wrong": touched and name in wrong,
        }
        for name in _ORDER[place.medium]
    ]


def _pair_rows(value: Any, most: int) -> list[list[str]]:
    """Return the pairs of a part, and an empty one to fill in."""
    if most:
        return [*value, *[["", ""]] * SPARE][:most]
    return []


_LINES = {"email": ("subject", "preheader", "greeting"), "sms": (), "whatsapp": ("header", "footer")}
_ORDER = {
    "email": ("subject", "preheader", "greeting", "opening", "details", "body", "buttons", "signature", "footer"),
    "sms": ("text",),
    "whatsapp": ("header", "body", "footer", "buttons"),
}
