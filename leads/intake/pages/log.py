"""Log a call or chat of a new contact: name, number and text; it is processed like any submission."""

import json
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.organization.configuration import directory
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from leads.intake import arrival
from leads.intake.reading import read_one
from leads.models import IntakeDoor
from leads.models.intake_door import doors

WAYS = ("call", "chat", "social", "visit")
TYPED = {"name": 200, "phone": 60, "email": 254, "source": 120, "message": 4000}


@require("leads.open")
def log(request: TenantRequest) -> HttpResponse:
    """Show the form; POST opens a lead of it, or adds it to an existing one."""
    if request.method != "POST":
        return _render_page(request, {"form": str(uuid4()), "way": "call"}, "")
    typed = {name: request.POST.get(name, "").strip()[:most] for name, most in TYPED.items()}
    way = request.POST.get("way", "")
    if way not in WAYS:
        way = "call"
    key = request.POST.get("form", "")[:40] or str(uuid4())
    fields: dict[str, Any] = {"form": key, "way": way, **typed}
    if not typed["phone"] and not typed["email"]:
        return _render_page(request, fields, _("Enter a phone number or an email address."), 422)
    body = json.dumps(typed | {"Way": str(_channel_labels()[way])}).encode()
    stored = arrival.keep(_hand_entry_door(request), body, content_type="application/json", key=key)
    lead = read_one(stored.submission, by=request.member)
    if lead is None:
        why = stored.submission.error
        stored.submission.ignore(_("Entered again: %(why)s") % {"why": why}, by=request.member)
        return _render_page(request, fields | {"form": str(uuid4())}, why, 422)
    job = Job.objects.visible_to(request.member).filter(pk=lead.pk).first()
    if job is None:
        messages.success(request, _("They are a colleague’s customer: it was added to the existing lead."))
        return redirect("leads:list", request.tenant.slug)
    if stored.submission.joined:
        text = _("It was added to lead %(number)s.")
    else:
        text = _("Lead %(number)s created.")
    messages.success(request, text % {"number": job.number})
    return redirect("leads:lead", request.tenant.slug, job.number)


def _hand_entry_door(request: TenantRequest) -> IntakeDoor:
    """Return the door for logged calls and chats, created with the first of them."""
    existing = next((door for door in doors().values() if door.kind == IntakeDoor.DoorKind.LOG), None)
    if existing:
        return existing
    name = str(IntakeDoor.DoorKind.LOG.label)
    return IntakeDoor.add(name, IntakeDoor.DoorKind.LOG, directory().default_brand, by=request.member)


def _channel_labels() -> dict[str, str]:
    return {"call": _("Phone call"), "chat": _("Chat"), "social": _("Social media"), "visit": _("Walk-in")}


def _render_page(request: TenantRequest, given: dict[str, Any], trouble: str, status: int = 200) -> HttpResponse:
    sources = [row.name for row in pipeline_setup().sources.values() if row.archived_at is None]
    context = {"given": given, "trouble": trouble, "ways": _channel_labels(), "sources": sources}
    return render(request, "leads/intake/log.html", context, status=status)
