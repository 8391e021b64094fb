"""The page on which a customer asks for a visit or for new work."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from portal.access.pages import PortalRequest, portal_page
from portal.asks.asking import ask_for_visit, ask_for_work
from portal.models.quotas import QuotaReached

# Places to choose from.
MOST = 200
VISIT = "visit"


@require_http_methods(["GET", "HEAD", "POST"])
@portal_page()
def ask(request: PortalRequest) -> HttpResponse:
    """Show the form: kind of request, place and text; a POST sends it."""
    jobs = list(request.viewer.jobs().select_related("site", "member", "brand").order_by("-pk")[:MOST])
    jobs = [job for job in jobs if request.viewer.may(job, "messages")]
    if request.method != "POST":
        return _render_form(request, jobs)
    try:
        job = _send_ask(request, jobs)
    except QuotaReached as why:
        response = _render_form(request, jobs, str(why), status=429)
        response["Retry-After"] = str(why.retry_after)
        return response
    except Refused as why:
        return _render_form(request, jobs, str(why), status=422)
    messages.success(request, _("Thank you, we’ve received it. We’ll get back to you."))
    if job is None:
        return redirect("portal:places", company=request.company.slug)
    return redirect("portal:job", company=request.company.slug, number=job.number)


def _send_ask(request: PortalRequest, jobs: list[Job]) -> Job | None:
    """Send the request; return the job of a visit."""
    posted = request.POST
    try:
        key = UUID(posted.get("key", ""))
    except ValueError:
        key = uuid4()
    number = read_number(posted.get("job"))
    job = next((one for one in jobs if one.number == number), None)
    if number and job is None:
        raise Http404("not their job")
    text = posted.get("text", "")
    if posted.get("what") != VISIT:
        ask_for_work(request.viewer, job.site if job else None, text, key)
        return None
    if job is None:
        raise Refused(_("Choose where we should come."))
    ask_for_visit(request.viewer, job, text, key)
    return job


def _render_form(request: PortalRequest, jobs: list[Job], trouble: str = "", status: int = 200) -> HttpResponse:
    posted = request.POST
    page = {
        "jobs": jobs,
        "key": posted.get("key") or uuid4(),
        "what": posted.get("what", VISIT if jobs else "work"),
        "text": posted.get("text", ""),
        "chosen": read_number(posted.get("job") or request.GET.get("job")),
        "trouble": trouble,
    }
    return render(request, "portal/asks/page.html", page, status=status)
