"""Import prices from a spreadsheet: upload it, check the preview, run it, undo it."""

from http import HTTPStatus
from io import BytesIO
from typing import IO, Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.kernel import clock
from crm.kernel.whole_numbers import read_number
from crm.platform.files import sheet_writer
from crm.platform.models import RunStatus
from crm.platform.organization.configuration import directory
from crm.platform.work.runs import cancel, start
from crm.web.actions.runs import RunPage
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit
from followups.importing.file import MOST_BYTES, MOST_ROWS
from followups.importing.judge import ImportVerdict
from followups.importing.views import SAMPLES, SHOWN_ROWS, FileColumn
from leads.importing.files.unreadable import UnreadableFile
from leads.importing.mapping.headings import WHY_REFUSED
from quotes.permissions import EDIT_PRICES
from quotes.prices.importing.columns import SUPPLIER_COLUMNS, PriceColumn
from quotes.prices.importing.judge import count_verdicts, judge_rows
from quotes.prices.importing.models import PriceImport
from quotes.prices.importing.runs import choose_mapping, receive
from quotes.prices.importing.words import describe_row
from quotes.prices.models import Supplier
from quotes.prices.models.supplier import suppliers

_FILE_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require(EDIT_PRICES)
@limit("import", "120/h", method="POST")
def import_prices(request: TenantRequest) -> HttpResponse:
    """Upload a file of items, or a supplier's list: store its rows, or show why it cannot be read."""
    problem = ""
    if request.method == "POST":
        try:
            return redirect(_run_url(request, _store_upload(request)))
        except UnreadableFile as unreadable:
            problem = str(unreadable)
    context = {
        "problem": problem,
        "megabytes": MOST_BYTES // 1_000_000,
        "most_rows": MOST_ROWS,
        "suppliers": [row for row in suppliers().values() if row.archived_at is None],
        "chosen": request.POST.get("supplier", request.GET.get("supplier", "")),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "quotes/prices/importing/upload.html", context, status=status)


def _store_upload(request: TenantRequest) -> PriceImport:
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile) or upload.file is None:
        raise UnreadableFile(_("Choose a file first."))
    file = cast("IO[bytes]", upload.file)
    return receive(file, upload.name or "prices.csv", upload.size or 0, _posted_supplier(request), by=request.member)


def _posted_supplier(request: TenantRequest) -> Supplier | None:
    """Return the supplier whose list it is. Raises UnreadableFile for one that is not in use."""
    chosen = request.POST.get("supplier", "")
    if not chosen:
        return None
    supplier = suppliers().get(read_number(chosen) or 0)
    if supplier is None or supplier.archived_at:
        raise UnreadableFile(_("Choose a supplier."))
    return supplier


@require(EDIT_PRICES)
def import_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the preview, the progress or the result. POST saves the mapping, and with `start` starts it."""
    run = _run_of(request, uid)
    if run.status != RunStatus.DRAFT:
        return _progress_page(request, run)
    if request.method == "POST":
        chosen = (_posted_columns(run, request), _posted_day(request), "keeps_margin" in request.POST)
        is_same = chosen == (run.columns, run.from_day, run.keeps_margin)
        choose_mapping(run, *chosen)
        if "start" in request.POST and is_same:
            start(run, by=request.member)
        elif "start" in request.POST:
            messages.info(request, _("The mapping was changed. Check the result below, then start."))
        return redirect(_run_url(request, run))
    reader = Reader.of(request.member, clock.now())
    return render(request, "quotes/prices/importing/preview.html", _preview_context(run, reader))


def _run_of(request: TenantRequest, uid: UUID) -> PriceImport:
    """Return the member's own run; another's is not found."""
    runs = PriceImport.objects.filter(by=request.member).select_related("supplier")
    run: PriceImport = get_object_or_404(runs, uid=uid)
    return run


def _offered_columns(run: PriceImport) -> list[tuple[str, str]]:
    if run.supplier_id:
        return [(str(column), str(column.label)) for column in SUPPLIER_COLUMNS]
    return [(str(column), str(column.label)) for column in PriceColumn]


def _posted_columns(run: PriceImport, request: TenantRequest) -> list[str]:
    """Read what the columns are to hold; the second one of a kind holds nothing."""
    offered = dict(_offered_columns(run))
    chosen: list[str] = []
    for at in range(len(run.headings)):
        column = request.POST.get(f"column-{at}", "")
        if column not in offered or column in chosen:
            column = ""
        chosen.append(column)
    return chosen


def _posted_day(request: TenantRequest) -> Any:
    """Return the first day of the prices: today for one that is past, or that can't be read."""
    today = directory().today()
    try:
        day = forms.DateField().clean(request.POST.get("from_day", ""))
    except forms.ValidationError:
        return today
    return max(day, today)


def _preview_context(run: PriceImport, reader: Reader) -> dict[str, Any]:
    judged = judge_rows(run, range(run.total))
    counts = count_verdicts(judged)
    name_at = -1
    if PriceColumn.NAME in run.columns:
        name_at = run.columns.index(PriceColumn.NAME)
    cells = dict(run.rows)
    # What somebody has to look at comes first.
    order = [ImportVerdict.REFUSED, ImportVerdict.UPDATE, ImportVerdict.NEW]
    listed = [pair for verdict in order for pair in [one for one in judged if one[1].verdict == verdict][:SHOWN_ROWS]]
    return {
        "run": run,
        "today": directory().today(),
        "columns": _file_columns(run),
        "choices": _offered_columns(run),
        "totals": [(verdict.label, counts[verdict]) for verdict in ImportVerdict],
        "changing": counts[ImportVerdict.NEW] + counts[ImportVerdict.UPDATE],
        "rows": [
            describe_row(number, row, cells[number][name_at] if name_at >= 0 else "", reader) for number, row in listed
        ],
    }


def _file_columns(run: PriceImport) -> list[FileColumn]:
    columns = []
    for at, (heading, chosen) in enumerate(zip(run.headings, run.columns, strict=True)):
        samples = list(dict.fromkeys(cells[at] for _number, cells in run.rows[:SHOWN_ROWS] if cells[at].strip()))
        columns.append(FileColumn(at, heading, samples[:SAMPLES], chosen))
    return columns


def _progress_page(request: TenantRequest, run: PriceImport) -> HttpResponse:
    if request.method == "POST":
        messages.info(request, _("That has already started."))
        return redirect(_run_url(request, run))
    words = _("%(done)s of %(rows)s rows. You can leave this page; it continues.")
    page = RunPage(
        run,
        "quotes/prices/importing/run.html",
        _run_url(request, run),
        words % {"done": run.done, "rows": run.total},
        _("Rows done"),
        reverse("prices:import_cancel", args=[request.tenant.slug, run.uid]),
        _("Cancel"),
    )
    undo = ""
    if run.change and not run.change.undone_at:
        undo = reverse("undo", args=[request.tenant.slug, run.change.uid])
    totals = [(verdict.label, getattr(run, f"{verdict}_count")) for verdict in ImportVerdict]
    context = {"totals": totals, "undo": undo, "next": reverse("prices:list", args=[request.tenant.slug])}
    return page.answer(request, context)


@require(EDIT_PRICES)
@require_POST
def import_cancel(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Stop an import between two batches. What was written stays, and can be undone."""
    run = _run_of(request, uid)
    cancel(run, by=request.member)
    return redirect(_run_url(request, run))


@require(EDIT_PRICES)
@require_GET
@limit("export", "120/h")
def import_refused(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Download the refused rows as a file like the one they came in, with the reasons."""
    run = _run_of(request, uid)
    if not run.refusals:
        raise Http404
    file = BytesIO()
    headings = [*run.headings, _(WHY_REFUSED)]
    ending = "csv"
    if run.is_workbook:
        ending = "xlsx"
        sheet_writer.write_xlsx(file, headings, run.refused_rows())
    else:
        sheet_writer.write_csv(file, headings, run.refused_rows())
    response = HttpResponse(file.getvalue(), content_type=_FILE_TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="prices-refused.{ending}"'
    return response


def _run_url(request: TenantRequest, run: PriceImport) -> str:
    return reverse("prices:import_run", args=[request.tenant.slug, run.uid])
