"""The figures of quotes for a period, as a page or as CSV; each number opens the list it counts."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.files.csv_response import csv_response
from crm.web.charts.figure_table import period_bar, requested_days
from crm.web.reader import Reader
from crm.web.replica_pages import may_lag
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from leads.lead_list import LEADS
from quotes.figures.accuracy import accuracy_lines
from quotes.figures.answers import BY, answer_lines, option_lines, price_gaps, quotes_decided_between
from quotes.figures.tables import QuoteTables, by_labels, export_rows
from quotes.models import Quote
from quotes.permissions import FIGURES


@require(FIGURES)
@may_lag
def figures_page(request: TenantRequest) -> HttpResponse:
    """Show how customers answered the quotes a member may see, and what finished jobs came to."""
    member = request.member
    reader = Reader.of(member, clock.now())
    by = "pipeline"
    if request.GET.get("by") in BY:
        by = request.GET["by"]
    period = requested_days(request.GET, reader.today)
    since, until = period.instants(reader.zone)
    decided = quotes_decided_between(Quote.objects.visible_to(member), since, until)
    jobs = LEADS.apply(LEADS.filters(closed="all"), member)
    everything, lines = answer_lines(decided, by)
    all_done, done_lines = accuracy_lines(jobs, since, until, by)
    page = QuoteTables(request.tenant.slug, period, by, sees_margin=allows(member, "quotes.see_margin"))
    tables = []
    if everything.decided:
        tables = [
            page.answers(lines, everything),
            page.options(option_lines(decided)),
            page.gaps(price_gaps(decided)),
        ]
    if all_done.done:
        tables.append(page.accuracy(done_lines, all_done))
    if request.GET.get("format") == "csv":
        headings = [_("Section"), _("Of"), _("Number"), _("Value")]
        return csv_response(f"quotes-{by}-{period.first}-{period.last}", headings, export_rows(tables))
    context = {"tables": tables, **period_bar(by, by_labels(), period, reader.today)}
    return render(request, "quotes/figures/figures.html", context)
