"""The conversation of a job: read it, write with photos, open a file of it."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from comms.inbound.inbound_processing import read_one
from comms.inbound.messaging.portal_messages import store_portal_message
from comms.models import Attachment
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.files import responses
from portal.access.pages import PortalRequest, portal_page
from portal.job.calendar import CustomerCalendar
from portal.job.choice import JobChoice, choose_part
from portal.job.lookup import found_job
from portal.messages.answer_time import usual_answer
from portal.messages.conversation import conversation_of, messages_for
from portal.models.quotas import QuotaReached, spend_files, spend_message

MOST = 100


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page()
def conversation_page(request: PortalRequest, number: int) -> HttpResponse:
    """Show a job's conversation; a POST writes a message."""
    job = found_job(request.viewer, number, "messages")
    if request.method != "POST":
        return _render_conversation(request, job)
    try:
        _write_message(request, job)
    except QuotaReached as why:
        response = _render_conversation(request, job, str(why), request.POST.get("text", ""), status=429)
        response["Retry-After"] = str(why.retry_after)
        return response
    except Refused as why:
        return _render_conversation(request, job, str(why), request.POST.get("text", ""), status=422)
    messages.success(request, _("Thank you, we’ve received your message."))
    back = "portal:messages"
    if request.POST.get("back") == "job":
        back = "portal:job"
    return redirect(back, company=request.company.slug, number=number)


def _write_message(request: PortalRequest, job: Job) -> None:
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid4()
    files = request.FILES.getlist("files")
    with transaction.atomic():
        spend_message(request.viewer.access)
        if files:
            spend_files(request.viewer.access, *(file.size or 0 for file in files))
        inbound = store_portal_message(request.viewer.person, job, key, request.POST.get("text", ""), files)
    # Stored by now, whatever happens; read here, as they look for it the moment after.
    read_one(inbound.pk)


def _render_conversation(
    request: PortalRequest, job: Job, trouble: str = "", text: str = "", status: int = 200
) -> HttpResponse:
    calendar = CustomerCalendar.of(job, clock.now())
    page = {
        "job": job,
        "conversation": conversation_of(request.viewer, job, calendar, most=MOST, with_files=True),
        "usually": usual_answer(job.member) if job.member else "",
        "key": uuid4(),
        "trouble": trouble,
        "text": text,
    }
    return render(request, "portal/messages/page.html", page, status=status)


@require_safe
@portal_page()
def newest(request: PortalRequest) -> HttpResponse:
    """Open the conversation of their newest job; with several jobs, show the choice first."""
    nothing = _("You have no job to write about yet.")
    return choose_part(
        request, JobChoice("portal:messages", ("messages",), "message-square-more", _("Messages"), nothing)
    )


@require_safe
@portal_page()
def file(request: PortalRequest, number: int, uid: UUID) -> HttpResponse:
    """Serve a file of the conversation: pictures re-encoded, other files as a download."""
    job = found_job(request.viewer, number, "messages")
    attachments = Attachment.objects.filter(message__in=messages_for(request.viewer, job).order_by(), uid=uid)
    attachment = attachments.select_related("file").first()
    if attachment is None:
        raise Http404
    if "small" in request.GET or "large" in request.GET:
        if "small" in request.GET:
            edge = responses.SMALL
        else:
            edge = responses.LARGE
        return responses.preview_response(attachment.file, attachment.media_type, edge)
    return responses.download_response(attachment.file, attachment.name, attachment.media_type)
