"""Import follow-ups from a spreadsheet: upload it, check the preview, run it, undo it."""

from http import HTTPStatus
from io import BytesIO
from typing import IO, Any, NamedTuple, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.kernel import clock
from crm.platform.files import sheet_writer
from crm.platform.models import RunStatus
from crm.platform.work.runs import cancel, start
from crm.web.actions.runs import RunPage
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit
from followups.follow_up_list import FOLLOW_UPS
from followups.importing.columns import ImportColumn
from followups.importing.file import MOST_BYTES, MOST_ROWS
from followups.importing.judge import ImportVerdict, JudgedRow
from followups.importing.models import FollowUpImport
from followups.importing.row_words import ImportRowWords
from followups.importing.runs import choose_columns, count_verdicts, judge_rows, receive
from followups.models import FollowUp
from leads.importing.files.unreadable import UnreadableFile
from leads.importing.mapping.headings import WHY_REFUSED

# Rows that the page shows of each verdict, and cells shown of a column.
SHOWN_ROWS = 50
SAMPLES = 3
_FILE_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class FileColumn(NamedTuple):
    """A column of the file on the page: where it is, what it is called, some of its cells, what it holds."""

    at: int
    heading: str
    samples: list[str]
    chosen: str


class ShownRow(NamedTuple):
    """A row of the file on the page. `words`: what it would do, or why not."""

    number: int
    verdict: ImportVerdict
    subject: str
    words: list[str]
    follow_up: FollowUp | None


@require("followups.work")
@limit("import", "120/h", method="POST")
def import_follow_ups(request: TenantRequest) -> HttpResponse:
    """Upload a file: store its rows and show them, or show why it cannot be read."""
    problem = ""
    if request.method == "POST":
        try:
            return redirect(_run_url(request, _store_upload(request)))
        except UnreadableFile as unreadable:
            problem = str(unreadable)
    context = {"problem": problem, "megabytes": MOST_BYTES // 1_000_000, "most_rows": MOST_ROWS}
    status = HTTPStatus.OK
    if problem:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "followups/importing/upload.html", context, status=status)


def _store_upload(request: TenantRequest) -> FollowUpImport:
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile) or upload.file is None:
        raise UnreadableFile(_("Choose a file first."))
    file = cast("IO[bytes]", upload.file)
    return receive(file, upload.name or "follow-ups.csv", upload.size or 0, by=request.member)


@require("followups.work")
def import_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the preview, the progress or the result. POST saves the columns, and with `start` starts it."""
    run = _run_of(request, uid)
    if run.status != RunStatus.DRAFT:
        return _progress_page(request, run)
    if request.method == "POST":
        chosen = _read_columns(run, request)
        is_same = chosen == run.columns
        choose_columns(run, chosen)
        if "start" in request.POST and is_same:
            start(run, by=request.member)
        elif "start" in request.POST:
            messages.info(request, _("The mapping was changed. Check the result below, then start."))
        return redirect(_run_url(request, run))
    reader = Reader.of(request.member, clock.now())
    return render(request, "followups/importing/preview.html", _preview_context(run, ImportRowWords(reader)))


def _run_of(request: TenantRequest, uid: UUID) -> FollowUpImport:
    """Return the member's own run; another's is not found."""
    run: FollowUpImport = get_object_or_404(FollowUpImport.objects.filter(by=request.member), uid=uid)
    return run


def _read_columns(run: FollowUpImport, request: TenantRequest) -> list[str]:
    """Read what the columns are to hold; the second one of a kind holds nothing."""
    chosen: list[str] = []
    for at in range(len(run.headings)):
        column = request.POST.get(f"column-{at}", "")
        if column not in ImportColumn.values or column in chosen:
            column = ""
        chosen.append(column)
    return chosen


def _preview_context(run: FollowUpImport, words: ImportRowWords) -> dict[str, Any]:
    judged = judge_rows(run, range(run.total))
    counts = count_verdicts(judged)
    subject = -1
    if ImportColumn.SUBJECT in run.columns:
        subject = run.columns.index(ImportColumn.SUBJECT)
    cells = dict(run.rows)
    # What somebody has to look at comes first.
    order = [ImportVerdict.REFUSED, ImportVerdict.UPDATE, ImportVerdict.NEW]
    listed = [pair for verdict in order for pair in [one for one in judged if one[1].verdict == verdict][:SHOWN_ROWS]]
    return {
        "run": run,
        "columns": _file_columns(run),
        "choices": ImportColumn.choices,
        "totals": [(verdict.label, counts[verdict]) for verdict in ImportVerdict],
        "changing": counts[ImportVerdict.NEW] + counts[ImportVerdict.UPDATE],
        "rows": [
            _shown_row(number, row, words, cells[number][subject] if subject >= 0 else "") for number, row in listed
        ],
    }


def _shown_row(number: int, judged: JudgedRow, words: ImportRowWords, subject: str) -> ShownRow:
    if judged.follow_up and not subject:
        subject = judged.follow_up.subject
    return ShownRow(number, judged.verdict, subject, words.describe(judged), judged.follow_up)


def _file_columns(run: FollowUpImport) -> list[FileColumn]:
    columns = []
    for at, (heading, chosen) in enumerate(zip(run.headings, run.columns, strict=True)):
        samples = list(dict.fromkeys(cells[at] for _number, cells in run.rows[:SHOWN_ROWS] if cells[at].strip()))
        columns.append(FileColumn(at, heading, samples[:SAMPLES], chosen))
    return columns


def _progress_page(request: TenantRequest, run: FollowUpImport) -> HttpResponse:
    if request.method == "POST":
        messages.info(request, _("That has already started."))
        return redirect(_run_url(request, run))
    words = _("%(done)s of %(rows)s rows. You can leave this page; it continues.")
    page = RunPage(
        run,
        "followups/importing/run.html",
        _run_url(request, run),
        words % {"done": run.done, "rows": run.total},
        _("Rows done"),
        reverse("followups:import_cancel", args=[request.tenant.slug, run.uid]),
        _("Cancel"),
    )
    undo = ""
    if run.change and not run.change.undone_at:
        undo = reverse("undo", args=[request.tenant.slug, run.change.uid])
    totals = [(verdict.label, getattr(run, f"{verdict}_count")) for verdict in ImportVerdict]
    context = {"totals": totals, "undo": undo, "next": FOLLOW_UPS.url("list", request.tenant.slug)}
    return page.answer(request, context)


@require("followups.work")
@require_POST
def import_cancel(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Stop an import between two batches. What was written stays, and can be undone."""
    run = _run_of(request, uid)
    cancel(run, by=request.member)
    return redirect(_run_url(request, run))


@require("followups.work")
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
    response["Content-Disposition"] = f'attachment; filename="follow-ups-refused.{ending}"'
    return response


def _run_url(request: TenantRequest, run: FollowUpImport) -> str:
    return reverse("followups:import_run", args=[request.tenant.slug, run.uid])
