"""Write to the customer of a job: by which way, what the gate says of it, 15 seconds to take it back."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from comms.composer.files import keep_files
from comms.composer.ways import Way, last_received, ways
from comms.models import Draft, Medium, Message, Purpose, SenderProfile
from comms.rendering import segments
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url

PERMISSION = "comms.send"
# Characters of a text, and of a mail.
LONGEST = {Medium.SMS: 1600, Medium.WHATSAPP: 4096, Medium.EMAIL: 100_000}


def _job(request: TenantRequest, number: int) -> Job:
    found: Job | None = Job.objects.visible_to(request.member).filter(number=number).select_related("person").first()
    if found is None:
        raise Http404
    return found


@require(PERMISSION)
def write(request: TenantRequest, number: int) -> HttpResponse:
    """Show the composer of a job, and send what it holds."""
    job = _job(request, number)
    offered = ways(job, by=request.member)
    asked = request.POST.get("medium") or request.GET.get("medium", "")
    way = next((each for each in offered if each.medium == asked), offered[0] if offered else None)
    if request.method != "POST" or way is None:
        return _show(request, job, offered, way)
    text, subject = request.POST.get("text", "").strip(), " ".join(request.POST.get("subject", "").split())
    Draft.keep(where=_where(request, job, way.medium), subject=subject, text=text)
    try:
        message = _queued(request, job, way, subject, text)
    except Refused as why:
        return _show(request, job, offered, way, trouble=str(why))
    undo = reverse("outbox:cancel", args=[request.tenant.slug, message.uid])
    messages.success(request, _("It leaves in 15 seconds."), extra_tags=undo)
    back = record_url(job, request.tenant.slug)
    return HttpResponseClientRedirect(back) if request.htmx else redirect(back)


@transaction.atomic
def _queued(request: TenantRequest, job: Job, way: Way, subject: str, text: str) -> Message:
    """Queue what was written. Raises Refused in words; what was typed is kept as a draft either way."""
    if not text:
        raise Refused(_("Write something first."))
    if len(text) > LONGEST[way.medium]:
        raise Refused(_("It is too long: %(most)s characters at most.") % {"most": LONGEST[way.medium]})
    if way.medium == Medium.EMAIL and not subject:
        raise Refused(_("Say in a subject what it is about."))
    if not way.verdict.may_send and way.verdict.outcome != "defer":
        raise Refused(way.verdict.words)
    point = next((each for each in way.points if str(each.pk) == request.POST.get("to")), way.points[0])
    files = keep_files(request.FILES.getlist("files"), way.medium, by=request.member)
    message = Message.queue(
        channel=way.channel,
        address=point.value,
        by=request.member,
        undo=True,
        answers=last_received(job, Medium.EMAIL) if way.medium == Medium.EMAIL else None,
        files=files,
        contact_point=point,
        person=job.person,
        job=job,
        subject=subject if way.medium == Medium.EMAIL else "",
        text=_signed(text, way),
        purpose=Purpose.SERVICE,
    )
    Draft.keep(where=_where(request, job, way.medium), subject="", text="")
    return message


def _signed(text: str, way: Way) -> str:
    """Put the brand's signature below a mail."""
    signature = SenderProfile.of(way.channel.brand).signature.strip() if way.medium == Medium.EMAIL else ""
    return f"{text}\n\n{signature}" if signature else text


@require(PERMISSION)
@require_POST
def keep_draft(request: TenantRequest, number: int) -> HttpResponse:
    """Keep what has been typed, and say how many texts it would be and what the gate says now."""
    job = _job(request, number)
    medium = request.POST.get("medium", "")
    if medium not in LONGEST:
        return HttpResponseBadRequest()
    text = request.POST.get("text", "")[: LONGEST[Medium(medium)]]
    Draft.keep(where=_where(request, job, medium), subject=request.POST.get("subject", ""), text=text)
    return render(request, "comms/composer/_count.html", {"count": _counted(medium, text), "kept": bool(text.strip())})


def _where(request: TenantRequest, job: Job, medium: str) -> dict[str, Any]:
    """Return whose draft it is, and what about."""
    return {"member": request.member, "job_id": job.pk, "medium": medium}


def _show(request: TenantRequest, job: Job, offered: list[Way], way: Way | None, trouble: str = "") -> HttpResponse:
    drafts = Draft.objects.filter(member=request.member, job=job)
    draft = drafts.filter(medium=way.medium).first() if way else None
    context: dict[str, Any] = {
        "job": job,
        "ways": offered,
        "way": way,
        "points": ContactPoint.objects.filter(person_id=job.person_id).order_by("kind", "pk") if not way else (),
        "draft": draft,
        "subject": draft.subject if draft else _subject(job, way),
        "count": _counted(way.medium, draft.text) if way and draft else "",
        "trouble": trouble,
        "most": LONGEST[way.medium] if way else 0,
    }
    template = "comms/composer/write.html#dialog" if request.htmx else "comms/composer/write.html"
    return render(request, template, context, status=422 if trouble else 200)


def _subject(job: Job, way: Way | None) -> str:
    """Return the subject of an answer to their last mail; blank where there is none."""
    heard = last_received(job, Medium.EMAIL) if way and way.medium == Medium.EMAIL else None
    subject = heard.subject if heard else ""
    return f"Re: {subject}" if subject and not subject.lower().startswith("re:") else subject


def _counted(medium: str, text: str) -> str:
    """Say how many texts a text is sent in; nothing of other media."""
    if medium != Medium.SMS or not text:
        return ""
    measured = segments.measure(text)
    said = ngettext("%(parts)s text", "%(parts)s texts", measured.parts) % {"parts": measured.parts}
    if measured.strange:
        return _("%(parts)s, as “%(sign)s” is no letter of a plain text.") % {
            "parts": said,
            "sign": measured.strange[0],
        }
    return said
