"""New quotes: for a lead, empty or from a template."""

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render

from crm.jobs.list.search import candidates
from crm.jobs.models import Job
from crm.kernel.whole_numbers import read_number
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from quotes.editor.line_values import create_from
from quotes.editor.quote_action import quote_url
from quotes.models import Quote, QuoteTemplate
from quotes.models.quote_template import offered_templates

MOST_FOUND = 12


@require("quotes.edit")
def new(request: TenantRequest) -> HttpResponse:
    """Ask for the lead and the template of a new quote, and create it."""
    visible = Job.objects.visible_to(request.member)
    number = read_number(request.POST.get("job") or request.GET.get("job"))
    job = get_object_or_404(visible, number=number) if number else None
    if request.method == "POST" and job:
        return _create(request, job)
    text = request.GET.get("q", "").strip()
    jobs = visible.open().order_by("level", "sort_at", "pk")
    if text:
        jobs = visible.meant_by(candidates(text, by=request.member))
    context = {
        "job": job,
        "q": text,
        "jobs": [] if job else jobs[:MOST_FOUND],
        "templates": offered_templates(job) if job else [],
    }
    template = "quotes/new.html#dialog" if is_fragment(request) else "quotes/new.html"
    return render(request, template, context)


def _create(request: TenantRequest, job: Job) -> HttpResponse:
    uid = request.POST.get("template", "")
    template = next((one for one in offered_templates(job) if str(one.uid) == uid), None)
    quote = create_quote(request, job, template)
    return HttpResponseRedirect(quote_url(request, quote))


@transaction.atomic
def create_quote(request: TenantRequest, job: Job, template: QuoteTemplate | None) -> Quote:
    """Create a quote with the lines of a template."""
    quote = Quote.create(job, by=request.member, template=template)
    if template:
        create_from(template, quote, by=request.member)
    return quote
