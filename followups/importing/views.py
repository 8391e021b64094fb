"""Import follow-ups from a spreadsheet: upload it, check the preview, run it, undo it."""

from collections.abc import Sequence
from typing import IO, Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from crm.jobs.importing.pages import ImportPages, ShownRow
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from crm.web.requests.throttle import limit
from followups.importing.columns import ImportColumn
from followups.importing.judge import JudgedRow
from followups.importing.models import FollowUpImport
from followups.importing.row_words import ImportRowWords
from followups.importing.runs import choose_columns, judge_rows, receive


class FollowUpImportPages(ImportPages[FollowUpImport, JudgedRow]):
    """The pages of an import of follow-ups."""

    model = FollowUpImport
    urls = "followups"
    templates = "followups/importing"
    title = _("Import follow-ups")
    back = _("Back to the follow-ups")
    file_name = "follow-ups"
    name_column = ImportColumn.SUBJECT

    def receive(self, request: TenantRequest, file: IO[bytes], name: str, size: int) -> FollowUpImport:
        return receive(file, name, size, by=request.member)

    def offered_columns(self, run: FollowUpImport) -> Sequence[tuple[str, Any]]:
        return ImportColumn.choices

    def choose(self, request: TenantRequest, run: FollowUpImport, columns: list[str]) -> bool:
        is_changed = columns != run.columns
        choose_columns(run, columns)
        return is_changed

    def judge(self, run: FollowUpImport) -> Sequence[tuple[int, JudgedRow]]:
        return judge_rows(run, range(run.total))

    def show_row(self, request: TenantRequest, number: int, row: JudgedRow, name: str, reader: Reader) -> ShownRow:
        url = ""
        if row.follow_up:
            url = reverse("followups:follow_up", args=[request.tenant.slug, row.follow_up.uid])
            name = name or row.follow_up.subject
        return ShownRow(number, row.verdict, name, ImportRowWords(reader).describe(row), url)


_PAGES = FollowUpImportPages()


@require("followups.work")
@limit("import", "120/h", method="POST")
def import_follow_ups(request: TenantRequest) -> HttpResponse:
    """Upload a file: store its rows and show them, or show why it cannot be read."""
    return _PAGES.answer_upload(request)


@require("followups.work")
def import_run(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show the preview, the progress or the result. POST saves the columns, and with `start` starts it."""
    return _PAGES.answer_run(request, uid)


@require("followups.work")
@require_POST
def import_cancel(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Stop an import between two batches. What was written stays, and can be undone."""
    return _PAGES.answer_cancel(request, uid)


@require("followups.work")
@require_GET
@limit("export", "120/h")
def import_refused(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Download the refused rows as a file like the one they came in, with the reasons."""
    return _PAGES.answer_refused(request, uid)
