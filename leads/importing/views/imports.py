"""Import a spreadsheet of leads: upload it, preview each row, run it, undo it."""

from http import HTTPStatus
from typing import IO, Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.jobs.importing.unreadable import UnreadableFile
from crm.jobs.models import Job
from crm.kernel.whole_numbers import read_number
from crm.platform.access.permissions import allows
from crm.platform.files import stored_files
from crm.platform.models import AccessLog, RunStatus
from crm.platform.work.runs import cancel, start, undo
from crm.web.actions.runs import RunPage
from crm.web.requests.http import TenantRequest, is_fragment
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit
from crm.web.settings.times import format_when
from leads.importing import runs
from leads.importing.mapping.columns import KEEP
from leads.importing.mapping.headings import LABELS, Field
from leads.importing.matching import duplicates
from leads.importing.matching.own_cells import own_name
from leads.importing.matching.verdicts import RowVerdict
from leads.importing.owners import owners
from leads.importing.values.vocabulary import vocabulary
from leads.importing.views import options
from leads.importing.writing.rows import RAW
from leads.importing.writing.undo_counts import known_leads, leads_of_undo
from leads.models import ImportRow, ImportRun

# Bytes; about 700,000 leads. The command takes files of any size.
MAX_UPLOAD = 120_000_000
EARLIER = 10
_OVER = (RunStatus.DONE, RunStatus.UNDOING, RunStatus.UNDONE)
# Rows, and duplicates, on a page of theirs, and of duplicates on the run's own.
ROWS = 50
PAIRS = 10
FIRST_PAIRS = 3


@require("leads.import")
@limit("import", "120/h", method="POST")
def import_leads(request: TenantRequest) -> HttpResponse:
    """Upload a file: store and show it, or show why it cannot be read."""
    problem = ""
    if request.method == "POST":
        try:
            run = _store_upload(request)
        except UnreadableFile as unreadable:
            problem = str(unreadable)
        else:
            return redirect("leads:import_run", request.tenant.slug, run.uid)
    runs_ = _page_of_imports(request.GET.get("before", ""))
    earlier = [(run, format_when(request, run.created_at)) for run in runs_[:EARLIER]]
    context = {"problem": problem, "earlier": earlier, "megabytes": MAX_UPLOAD // 1_000_000}
    if len(runs_) > EARLIER:
        context["before"] = runs_[EARLIER - 1].uid
    else:
        context["before"] = None
    if problem:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        status = HTTPStatus.OK
    return render(request, "leads/import.html", context, status=status)


def _page_of_imports(before: str) -> list[ImportRun]:
    """Read a page of imports, newest first, plus one to detect a next page; `before`: the last id of a page."""
    rows = ImportRun.objects.order_by("-created_at", "-pk")
    try:
        last = None
        if before:
            last = rows.filter(uid=UUID(before)).first()
    except ValueError:
        last = None
    return list((rows.filter(created_at__lt=last.created_at) if last else rows)[: EARLIER + 1])


def _store_upload(request: TenantRequest) -> ImportRun:
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile) or upload.file is None:
        raise UnreadableFile(_("Choose a file first."))
    size = upload.size or 0
    if size > MAX_UPLOAD:
        raise UnreadableFile(
            _("The file is larger than %(limit)s MB. Split it, or use the command import_leads.")
            % {"limit": MAX_UPLOAD // 1_000_000}
        )
    file = cast("IO[bytes]", upload.file)
    return runs.receive(file, upload.name or "leads.csv", by=request.member, size=size)


def run_of(uid: UUID, *, locked: bool = False) -> ImportRun:
    """Return the run by the id in its URL, locked if it is to be changed. Raises Http404."""
    if locked:
        rows = ImportRun.objects.select_for_update()
    else:
        rows = ImportRun.objects.all()
    return get_object_or_404(rows, uid=uid)


def say_too_late(request: TenantRequest) -> None:
    """Tell the member that the page was outdated, as another member changed the same import."""
    sentence = _("This import was changed in the meantime, so your change was not saved. This is its current state.")
    messages.warning(request, sentence)


@require("leads.import")
def import_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show a stored file: its preview, progress or result. POST starts it."""
    if request.method == "POST":
        if not start(run_of(uid), by=request.member):
            say_too_late(request)
        return redirect("leads:import_run", request.tenant.slug, uid)
    run = run_of(uid)
    if request.htmx.target == "owners":
        return render(request, "leads/_import_owners.html", {"owners": owners(run)})
    page = page_of(request, run)
    context: dict[str, Any] = {"totals": _row_totals(run)}
    if run.status == RunStatus.UNDONE:
        context["leads"] = leads_of_undo(run)
    if not is_fragment(request):
        _add_rows(request, run, context)
        if run.new_count and run.has_begun and not run.is_working and run.status != RunStatus.UNDONE:
            context["owners"] = owners(run)
        if not run.is_working and not run.has_begun:
            _add_understanding(run, context)
    return page.answer(request, context)


def page_of(request: TenantRequest, run: ImportRun) -> RunPage:
    """Return the context of components/run.html for an import."""
    return RunPage(
        run,
        "leads/import_run.html",
        reverse("leads:import_run", args=[request.tenant.slug, run.uid]),
        _progress_sentence(run),
        _("Rows done"),
        reverse("leads:import_cancel", args=[request.tenant.slug, run.uid]),
        _("Cancel"),
        is_whole=True,
    )


def _progress_sentence(run: ImportRun) -> str:
    if run.status == RunStatus.READING:
        return _("A large file takes a minute. You can leave this page; the import continues.")
    if run.is_tidying:
        return _(
            "The leads are deleted; next are the people, companies and addresses added with them. You can "
            "leave this page; it continues."
        )
    words = _("%(done)s of %(rows)s rows. You can leave this page; it continues.")
    return words % {"done": run.done, "rows": run.total}


def _row_totals(run: ImportRun) -> list[tuple[str, str, int]]:
    """Count the rows of each kind, by filter name; of an undone import as they are now."""
    counts = [(str(name), name.label, getattr(run, f"{name}_count")) for name in RowVerdict]
    if run.status not in (RunStatus.UNDOING, RunStatus.UNDONE):
        return counts
    return [("undone", _("undone"), run.undone_count), ("kept", _("unchanged"), run.kept_count), *counts[2:]]


def _rows_of(run: ImportRun, kind: str) -> QuerySet[ImportRow]:
    rows: QuerySet[ImportRow] = ImportRow.objects.filter(run=run)
    if run.has_begun and run.status not in _OVER:
        # Later rows still have the check's verdicts.
        rows = rows.filter(row__lte=run.done_to_row)
    if kind in set(RowVerdict):
        return rows.filter(verdict=kind, undone=False, kept="")
    if kind == "undone":
        return rows.filter(undone=True)
    if kind == "kept" or (run.status == RunStatus.UNDONE and run.kept_count):
        return rows.exclude(kept="")
    if run.status == RunStatus.UNDONE:
        # Of what was taken back there is nothing to see but its row.
        return rows.filter(verdict__in=(RowVerdict.DUPLICATE, RowVerdict.REFUSED))
    return rows


def _add_rows(request: TenantRequest, run: ImportRun, context: dict[str, Any]) -> None:
    kind = request.GET.get("verdict", "")
    if kind not in {name for name, _label, _count in context["totals"]}:
        kind = ""
    page = list(
        _rows_of(run, kind).filter(row__gt=read_number(request.GET.get("after")) or 0).order_by("row")[: ROWS + 1]
    )
    leads = Job.objects.filter(pk__in=[row.job_id for row in page if row.job_id])
    named = leads.values_list("pk", "number", "person__name", "title")
    there = {pk: (number, name or title) for pk, number, name, title in named}
    rows = [_row_context(row, *there.get(row.job_id or 0, (None, ""))) for row in page[:ROWS]]
    context["may_open"] = allows(request.member, "leads.open")
    context |= {"verdict": kind, "rows": rows, "reaches": any(each["reached"] for each in rows)}
    context["understood"] = not run.has_begun and any(each["facts"] for each in rows)
    if len(page) > ROWS:
        context["next_row"] = page[ROWS - 1].row
    else:
        context["next_row"] = None


# What a checked row is shown with besides who it is: enough to notice a misread amount or day.
_FACTS = (
    Field.TITLE,
    Field.STREET,
    Field.STAGE,
    Field.STATUS,
    Field.SOURCE,
    Field.VALUE,
    Field.CREATED,
    Field.NEXT_STEP,
)


def _row_context(row: ImportRow, number: int | None, called: str) -> dict[str, Any]:
    says = dict(row.shown)
    reached = ", ".join(filter(None, (says.get(Field.EMAIL), says.get(Field.PHONE))))
    who = says.get(Field.NAME) or says.get(Field.COMPANY) or called or says.get(RAW, "")
    if row.undone:
        label = _("undone")
    elif row.kept:
        label = _("unchanged")
    else:
        label = RowVerdict(row.verdict).label
    facts: list[tuple[Any, str]] = [(LABELS[name], says[name]) for name in _FACTS if name in says]
    facts += [(own_name(name), text) for name, text in says.items() if own_name(name)]
    # What was left out, and is but a name: a heading, unless it is somebody.
    alone = ""
    if row.verdict == RowVerdict.REFUSED and " · " not in says.get(RAW, ""):
        alone = says.get(RAW, "")
    context = {"row": row, "label": label, "who": who, "reached": reached, "number": number, "facts": facts}
    gone = ""
    if row.job_id and not number and not row.undone:
        gone = _("That lead no longer exists.")
    return context | {"alone": alone, "why": " ".join(filter(None, (row.reason, row.kept, gone)))}


def _add_understanding(run: ImportRun, context: dict[str, Any]) -> None:
    """Add how the file is read to the context, unless rows are written already."""
    if not run.layout.get("gathered"):
        return
    try:
        plan = runs.plan_for(run)
    except UnreadableFile as unreadable:
        context["problem"] = str(unreadable)
        return
    context["plan"] = plan
    context["columns"] = options.columns_of(run, plan)
    context["unsure"] = sum(column.is_unsure for column in context["columns"])
    context["kept"] = sum(column.code == KEEP for column in context["columns"])
    context["many_kept"] = context["kept"] >= options.MANY_KEPT
    context["column_groups"] = options.column_groups(vocabulary())
    context["words"] = options.words_of(run, plan)
    context["open_words"] = options.open_words(context["words"])
    context["turned"] = run.layout["gathered"].get("turned")
    context["dates"] = run.layout["gathered"]["dates"]
    context["encodings"] = options.encoding_groups(plan)
    context["header_rows"] = [record.row for record in plan.staged.sample[:10]]
    context["alike"] = duplicates.alike(run)
    context["choices"] = ImportRow.RowChoice.choices
    context["pairs"] = duplicates.pairs(run, after=0, most=FIRST_PAIRS)
    context["labels"] = LABELS


@require("leads.import")
@require_POST
def import_cancel(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Stop an import between two batches."""
    cancel(run_of(uid), by=request.member)
    return redirect("leads:import_run", request.tenant.slug, uid)


@require("leads.import")
def import_undo(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Preview the undo of an import; POST deletes the leads that have not been worked on since."""
    run = run_of(uid)
    if request.method == "POST":
        if not undo(run, by=request.member):
            say_too_late(request)
    elif run.may_undo:
        return render(request, "leads/import_undo.html", {"run": run, "known": known_leads(run)})
    return redirect("leads:import_run", request.tenant.slug, uid)


@require("leads.import")
@limit("export", "120/h")
def import_refusals(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Download the refused rows as a file like the one they came in, with the reasons."""
    run = run_of(uid)
    if run.refusals is None:
        raise Http404
    AccessLog.objects.note_read(run.refusals, by=request.member)
    return cast("HttpResponse", stored_files.file_response(run.refusals))
