"""The page of the list of quotes, and the quotes on the page of a lead."""

from urllib.parse import parse_qsl

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.web.lists.page import frame
from crm.web.lists.paging import read_page
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.shell.record_pages import record_url
from quotes.models import Quote
from quotes.models.quote_template import offered_templates
from quotes.quote_list.quote_list import QUOTES
from quotes.quote_list.rows import build_rows

# On the page of a lead; more of them are in the list.
MOST_OF_A_JOB = 20


@require("quotes.view")
def quotes(request: TenantRequest) -> HttpResponse:
    """List the quotes the member may see."""
    member = request.member
    filters = QUOTES.read(request.GET, member)
    page = read_page(QUOTES.apply(filters, member), request.GET, QUOTES.order_of(filters))
    columns = QUOTES.columns_of(filters, member)
    context = {
        "rows": build_rows(page.rows, Reader.of(member, clock.now())),
        "shown": columns,
        "heads": QUOTES.heads_of(columns, filters),
        "page": page,
        "first_url": filters.query(),
        "kept": parse_qsl(filters.changed(q="").query().removeprefix("?")),
        "may_edit": allows(member, "quotes.edit"),
        "may_export": allows(member, "export"),
        **frame(request, QUOTES, filters),
    }
    return render(request, "quotes/list.html", context)


@require("quotes.view")
def of_job(request: TenantRequest, number: int) -> HttpResponse:
    """Show the quotes of a lead, as a panel of its page or as a page without scripts."""
    job = get_object_or_404(Job.objects.visible_to(request.member), number=number)
    rows = Quote.objects.filter(job=job).order_by("-changed_at", "-pk")[:MOST_OF_A_JOB]
    context = {
        "job": job,
        "rows": build_rows(list(rows), Reader.of(request.member, clock.now())),
        "job_url": record_url(job, request.tenant.slug),
        "may_edit": allows(request.member, "quotes.edit"),
        "templates": offered_templates(job),
    }
    template = "quotes/of_job.html"
    if request.htmx:
        template = "quotes/_of_job.html"
    return render(request, template, context)
