"""The pages of an import: upload a file, check the preview, run it, fetch the refused rows."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from io import BytesIO
from typing import IO, Any, Generic, NamedTuple, TypeVar, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.jobs.importing.file import MOST_BYTES, MOST_ROWS
from crm.jobs.importing.headings import WHY_REFUSED
from crm.jobs.importing.sheet_import import SheetImport
from crm.jobs.importing.unreadable import UnreadableFile
from crm.jobs.importing.verdicts import ImportVerdict, RowResult, count_verdicts
from crm.kernel import clock
from crm.platform.files import sheet_writer
from crm.platform.models import RunStatus
from crm.platform.work.runs import cancel, start
from crm.web.actions.runs import RunPage
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest

S = TypeVar("S", bound=SheetImport)
J = TypeVar("J", bound=RowResult)
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
    """A row of the file on the page. `words`: what it would do, or why not. `url`: of the record it is about."""

    number: int
    verdict: ImportVerdict
    name: str
    words: list[str]
    url: str


class ImportPages(ABC, Generic[S, J]):
    """The pages of one kind of import. URLs: `import`, `import_run`, `import_cancel`, `import_refused` and `list`."""

    model: type[S]
    # The namespace of the URLs, and the folder of the templates `upload.html` and `preview.html`.
    urls: str
    templates: str
    title: str | Promise
    # What leads back to the list.
    back: str | Promise
    # What the files are called, without an ending, and the column that names a row on the page.
    file_name: str
    name_column: str

    @abstractmethod
    def receive(self, request: TenantRequest, file: IO[bytes], name: str, size: int) -> S:
        """Store the rows of an uploaded file. Raises UnreadableFile."""

    @abstractmethod
    def offered_columns(self, run: S) -> Sequence[tuple[str, Any]]:
        """Return what a column can hold, with its label."""

    @abstractmethod
    def choose(self, request: TenantRequest, run: S, columns: list[str]) -> bool:
        """Save the mapping that was posted; return whether it changed."""

    @abstractmethod
    def judge(self, run: S) -> Sequence[tuple[int, J]]:
        """Judge all rows as things are now."""

    @abstractmethod
    def show_row(self, request: TenantRequest, number: int, row: J, name: str, reader: Reader) -> ShownRow:
        """Return a judged row for the page; `name` is what the file calls it."""

    def preview_context(self) -> Mapping[str, Any]:
        """Return what else the preview needs."""
        return {}

    def upload_context(self, request: TenantRequest) -> Mapping[str, Any]:
        """Return what else the upload page needs."""
        return {}

    def answer_upload(self, request: TenantRequest) -> HttpResponse:
        """Store an uploaded file and lead to its preview, or show why it cannot be read."""
        problem = ""
        if request.method == "POST":
            try:
                return redirect(self.run_url(request, self._store_upload(request)))
            except UnreadableFile as unreadable:
                problem = str(unreadable)
        context = {
            **self._texts(request),
            "problem": problem,
            "megabytes": MOST_BYTES // 1_000_000,
            "most_rows": MOST_ROWS,
            **self.upload_context(request),
        }
        status = HTTPStatus.OK
        if problem:
            status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, f"{self.templates}/upload.html", context, status=status)

    def answer_run(self, request: TenantRequest, uid: UUID) -> HttpResponse:
        """Show the preview, the progress or the result. POST saves the mapping, and with `start` starts it."""
        run = self.run_of(request, uid)
        if run.status != RunStatus.DRAFT:
            return self._progress_page(request, run)
        if request.method == "POST":
            is_changed = self.choose(request, run, self._posted_columns(request, run))
            if "start" in request.POST and not is_changed:
                start(run, by=request.member)
            elif "start" in request.POST:
                messages.info(request, _("The mapping was changed. Check the result below, then start."))
            return redirect(self.run_url(request, run))
        return render(request, f"{self.templates}/preview.html", self._preview_context(request, run))

    def answer_cancel(self, request: TenantRequest, uid: UUID) -> HttpResponse:
        """Stop an import between two batches. What was written stays, and can be undone."""
        run = self.run_of(request, uid)
        cancel(run, by=request.member)
        return redirect(self.run_url(request, run))

    def answer_refused(self, request: TenantRequest, uid: UUID) -> HttpResponse:
        """Download the refused rows as a file like the one they came in, with the reasons."""
        run = self.run_of(request, uid)
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
        response["Content-Disposition"] = f'attachment; filename="{self.file_name}-refused.{ending}"'
        return response

    def run_of(self, request: TenantRequest, uid: UUID) -> S:
        """Return the member's own run; another's is not found."""
        return get_object_or_404(self.model._default_manager.filter(by=request.member), uid=uid)

    def run_url(self, request: TenantRequest, run: S) -> str:
        return self._url(request, "import_run", run.uid)

    def _url(self, request: TenantRequest, name: str, *args: object) -> str:
        return reverse(f"{self.urls}:{name}", args=[request.tenant.slug, *args])

    def _texts(self, request: TenantRequest) -> dict[str, Any]:
        """Return what all pages need: what they are called, and where they lead."""
        return {
            "import_title": self.title,
            "import_url": self._url(request, "import"),
            "back": self.back,
            "next": self._url(request, "list"),
        }

    def _store_upload(self, request: TenantRequest) -> S:
        upload = request.FILES.get("file")
        if not isinstance(upload, UploadedFile) or upload.file is None:
            raise UnreadableFile(_("Choose a file first."))
        file = cast("IO[bytes]", upload.file)
        return self.receive(request, file, upload.name or f"{self.file_name}.csv", upload.size or 0)

    def _posted_columns(self, request: TenantRequest, run: S) -> list[str]:
        """Read what the columns are to hold; the second one of a kind holds nothing."""
        offered = {value for value, _label in self.offered_columns(run)}
        chosen: list[str] = []
        for at in range(len(run.headings)):
            column = request.POST.get(f"column-{at}", "")
            if column not in offered or column in chosen:
                column = ""
            chosen.append(column)
        return chosen

    def _preview_context(self, request: TenantRequest, run: S) -> dict[str, Any]:
        judged = self.judge(run)
        counts = count_verdicts(judged)
        reader = Reader.of(request.member, clock.now())
        names = _names(run, self.name_column)
        return {
            **self._texts(request),
            "run": run,
            "columns": _file_columns(run),
            "choices": self.offered_columns(run),
            "totals": [(verdict.label, counts[verdict]) for verdict in ImportVerdict],
            "changing": counts[ImportVerdict.NEW] + counts[ImportVerdict.UPDATE],
            "rows": [
                self.show_row(request, number, row, names.get(number, ""), reader)
                for number, row in _listed_rows(judged)
            ],
            **self.preview_context(),
        }

    def _progress_page(self, request: TenantRequest, run: S) -> HttpResponse:
        if request.method == "POST":
            messages.info(request, _("That has already started."))
            return redirect(self.run_url(request, run))
        words = _("%(done)s of %(rows)s rows. You can leave this page; it continues.")
        page = RunPage(
            run,
            "jobs/importing/run.html",
            self.run_url(request, run),
            words % {"done": run.done, "rows": run.total},
            _("Rows done"),
            self._url(request, "import_cancel", run.uid),
            _("Cancel"),
        )
        undo = ""
        if run.change and not run.change.undone_at:
            undo = reverse("undo", args=[request.tenant.slug, run.change.uid])
        context = {
            **self._texts(request),
            "totals": [(verdict.label, getattr(run, f"{verdict}_count")) for verdict in ImportVerdict],
            "undo": undo,
            "refused_url": self._url(request, "import_refused", run.uid),
        }
        return page.answer(request, context)


def _listed_rows(judged: Sequence[tuple[int, J]]) -> Iterator[tuple[int, J]]:
    """Iterate over the rows that the page shows, what somebody has to look at first."""
    for verdict in (ImportVerdict.REFUSED, ImportVerdict.UPDATE, ImportVerdict.NEW):
        yield from [pair for pair in judged if pair[1].verdict == verdict][:SHOWN_ROWS]


def _names(run: SheetImport, column: str) -> dict[int, str]:
    """Return what the file calls its rows, by number; nothing if no column has it."""
    if column not in run.columns:
        return {}
    at = run.columns.index(column)
    return {number: cells[at] for number, cells in run.rows}


def _file_columns(run: SheetImport) -> list[FileColumn]:
    columns = []
    for at, (heading, chosen) in enumerate(zip(run.headings, run.columns, strict=True)):
        samples = list(dict.fromkeys(cells[at] for _number, cells in run.rows[:SHOWN_ROWS] if cells[at].strip()))
        columns.append(FileColumn(at, heading, samples[:SAMPLES], chosen))
    return columns
