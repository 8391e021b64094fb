"""The page of spend by month: typed in place, or imported from a file."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock, formats
from crm.kernel.days import next_month
from crm.kernel.refusal import Refused
from crm.platform.files.sheet_writer import write_csv
from crm.platform.organization.configuration import directory
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.settings.page import Context, settings_page
from leads.models import Basis, Spend
from leads.sources.setup import campaigns, list_offered
from leads.sources.spending import file as spend_file
from leads.sources.spending.amounts import SpendEntry, enter
from leads.sources.spending.grid import MONTHS, amount_of, currencies, grid, months_until, read_typed_amounts

MANAGE = "sources.manage"


def version() -> str:
    """Hash the contents of the page's forms."""
    rows = Spend.objects.order_by("pk").values_list("pk", "amount")
    return version_of([row.pk for row in pipeline_setup().sources.values() if row.is_live], list(rows))


def _read_range(given: Mapping[str, str]) -> tuple[list[date], str]:
    """Return the months and the currency from a query string or form."""
    today = clock.now().astimezone(directory().zone).date()
    try:
        last = spend_file.month_of(given.get("until", ""))
    except Refused:
        last = today.replace(day=1)
    currencies_there = currencies()
    return months_until(last), given.get("currency", "") if given.get(
        "currency"
    ) in currencies_there else currencies_there[0]


@settings_page("leads:spend", MANAGE, "leads/sources/spend.html", version=version)
def spend(request: TenantRequest) -> Context:
    """Show the amounts of half a year, in one currency."""
    if request.method == "POST":
        posted = request.POST
    else:
        posted = request.GET
    months, currency = _read_range(posted)
    earlier = months_until(months[0])[-2]
    later = months[-1]
    for _step in range(MONTHS - 1):
        later = next_month(later)
    return {
        "months": [(f"{month:%Y-%m}", formats.month(month)) for month in months],
        "lines": grid(months, currency, request.POST),
        "currency": currency,
        "currencies": currencies(),
        "until": f"{months[-1]:%Y-%m}",
        "earlier": f"{earlier:%Y-%m}",
        "later": f"{later:%Y-%m}",
        "kinds": Basis.choices,
        "choices": [(each.key, each.label) for each in list_offered()],
    }


@spend.action()
def save_spend(request: TenantRequest) -> str:
    """Save the cells of the grid that changed."""
    months, currency = _read_range(request.POST)
    lines = grid(months, currency, {})
    return _describe_saved(enter(list(read_typed_amounts(lines, months, currency, request.POST)), by=request.member))


@spend.action()
def add_spend(request: TenantRequest) -> str:
    """Add one amount: for a source or campaign, by month or per lead."""
    posted = request.POST
    source_id, _dash, campaign_id = posted.get("of", "").partition("-")
    if posted.get("of") not in {each.key for each in list_offered()} or posted.get("basis") not in Basis.values:
        raise Refused(_("Choose a source or campaign for the amount."))
    amount = amount_of(posted.get("amount", ""), posted.get("currency", ""), _("Amount"))
    if amount is None or posted.get("currency") not in currencies():
        raise Refused(_("Enter an amount."))
    entry = SpendEntry(
        pipeline_setup().sources[int(source_id)],
        campaigns().all.get(int(campaign_id)),
        spend_file.month_of(posted.get("month", "")),
        posted["basis"],
        posted["currency"],
        amount,
    )
    return _describe_saved(enter([entry], by=request.member))


@spend.action()
def read_spend(request: TenantRequest) -> str | HttpResponse:
    """Import amounts from a file: all of them, or none with the reasons."""
    sent = request.FILES.get("file")
    if sent is None or (sent.size or 0) > spend_file.MOST_BYTES:
        raise Refused(_("Choose a CSV file of at most half a megabyte."))
    try:
        entries = spend_file.read(sent.read())
    except spend_file.UnreadableSpendFile as why:
        context = {"name": sent.name, "wrong": why.rows}
        return render(request, "leads/sources/spend_unreadable.html", context, status=422)
    return _describe_saved(enter(entries, by=request.member))


def _describe_saved(changed: int) -> str:
    if not changed:
        return _("No changes.")
    return ngettext("%(count)s amount is saved.", "%(count)s amounts are saved.", changed) % {"count": changed}


@require(MANAGE)
def spend_as_file(request: TenantRequest) -> HttpResponse:
    """Return all amounts as a CSV file, which can be imported again."""
    rows = list(Spend.objects.order_by("month", "source", "campaign", "basis", "currency"))
    file = BytesIO()
    write_csv(file, spend_file.headings(), spend_file.lines(rows))
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="spend.csv"'
    return response
