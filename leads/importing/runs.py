"""Import runs: store an uploaded file of leads, then read, check, import or undo it.

How it goes on in slices is crm/platform/work/runs.
"""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from time import monotonic
from types import MappingProxyType
from typing import IO

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.jobs.importing.headings import key_of
from crm.jobs.importing.unreadable import UnreadableFile, translated_refusals
from crm.kernel.normalization import name_key
from crm.platform.files import stored_files
from crm.platform.models import Member, RunStatus, StoredFile
from crm.platform.organization.configuration import directory
from crm.platform.work.runs import RunKind, begin, go_on, prepare, register, schedule
from leads.importing.files.staging import Staged, stage
from leads.importing.mapping.columns import KEEP, LEAVE, OWN, FileColumns, find_header
from leads.importing.mapping.headings import Field
from leads.importing.mapping.plan import (
    Choices,
    Gathered,
    Plan,
    columns_of,
    gather,
    load_remembered,
    own_fields,
    plan_of,
    save_choices,
)
from leads.importing.matching.memory import DryMemory
from leads.importing.matching.points import shared_points
from leads.importing.writing import undo
from leads.importing.writing.batches import BATCH, Importer
from leads.importing.writing.refusals import write_refusals
from leads.models import ImportRow, ImportRun
from libs.tabular import element_count, is_workbook, line_count, unpacked_size

# Bytes of a file that a request reads itself; of a workbook as its archive says it unpacks to, for that is slower.
READ_AT_ONCE = 2_000_000
WORKBOOK_AT_ONCE = 4_000_000
# Its lines, and of a workbook its elements, of which a cell with something in it has two: short ones have their price.
LINES_AT_ONCE = 20_000
ELEMENTS_AT_ONCE = 250_000
# Reading one whole file may take a minute, and is no slices: one at a time, so that other workers stay free.
READING = 0x4EAD


def receive(file: IO[bytes], name: str, *, by: Member | None, size: int) -> ImportRun:
    """Store an upload and read it; large files are read by a worker. Raises Unreadable, and then stores nothing."""
    with translated_refusals():
        is_read_at_once = _is_read_at_once(file, size)
    if not is_read_at_once:
        run = _store_upload(file, name, by=by, status=RunStatus.READING)
        schedule(run)
        return run
    with tempfile.TemporaryFile() as staged:
        result, choices, gathered = understood(file, staged, Choices())
        run = _store_upload(file, name, by=by, status=RunStatus.DRAFT)
        _keep_staged(run, staged, result)
        _keep_layout(run, result, choices, gathered)
    check(run)
    return run


def _is_read_at_once(file: IO[bytes], size: int) -> bool:
    if is_workbook(file):
        is_small = size <= WORKBOOK_AT_ONCE and unpacked_size(file) <= WORKBOOK_AT_ONCE
        return is_small and element_count(file) <= ELEMENTS_AT_ONCE
    return size <= READ_AT_ONCE and line_count(file) <= LINES_AT_ONCE


def _store_upload(file: IO[bytes], name: str, *, by: Member | None, status: str) -> ImportRun:
    kept = stored_files.store_file(file, name, purpose="import", by=by)
    run: ImportRun = ImportRun.objects.create(file_name=kept.name, file=kept, by=by, status=status)
    return run


def understood(
    file: IO[bytes],
    staged: IO[bytes],
    choices: Choices,
    *,
    recall: bool = True,
    named: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Staged, Choices, Gathered]:
    """Stage a file and plan how to read it. Raises Unreadable.

    `recall`: with the choices made for the last like it; `named`: what columns hold, by their names.
    """
    result = stage(file, staged, sheet=choices.sheet, encoding=choices.encoding)
    if recall:
        choices = load_remembered(result, choices)
    if named:
        choices = replace(choices, columns=choices.columns | _column_positions(result, choices, named))
    gathered = _gather_values(staged, columns_of(result, choices))
    _refuse_if_empty(plan_of(result, choices, gathered))
    return result, choices, gathered


def _column_positions(found: Staged, choices: Choices, named: Mapping[str, str]) -> dict[str, str]:
    """Map column positions to the fields chosen by column name. Raises Unreadable for an unknown column."""
    header = [key_of(cell) for cell in find_header(found.sample, choices.header_row).cells]
    fields = {*map(str, Field), KEEP, LEAVE}
    codes = {name: f"{OWN}{pk}" for name, pk in own_fields().items()} | {code: code for code in fields}
    for heading, code in named.items():
        if key_of(heading) not in header:
            raise UnreadableFile(_("There is no column “%(name)s”.") % {"name": heading[:80]})
        if code not in codes and name_key(code) not in codes:
            raise UnreadableFile(
                _("“%(code)s” is not a field of a lead. Choose one of: %(codes)s.")
                % {"code": code[:40], "codes": ", ".join(sorted(codes))}
            )
    return {
        str(header.index(key_of(heading))): codes.get(code) or codes[name_key(code)] for heading, code in named.items()
    }


def _gather_values(staged: IO[bytes], columns: FileColumns) -> Gathered:
    return replace(gather(staged, columns), shared=shared_points(staged, columns))


def _refuse_if_empty(plan: Plan) -> None:
    if not plan.rows:
        raise UnreadableFile(
            _("There are no leads below the column names in row %(row)s.") % {"row": plan.columns.header_row}
        )


def _keep_staged(run: ImportRun, staged: IO[bytes], found: Staged) -> None:
    if run.staged:
        stored_files.delete_file(run.staged, by=None, cause="replaced")
    run.staged = stored_files.store_file(staged, "rows.jsonl", purpose="import-rows", by=run.by)
    run.layout = {"staged": found.as_plain()}
    run.save(update_fields=["staged", "layout"])


def _keep_layout(run: ImportRun, found: Staged, choices: Choices, gathered: Gathered) -> None:
    run.layout = {"staged": found.as_plain(), "gathered": asdict(gathered)}
    run.choices = choices.as_plain()
    run.rows = plan_of(found, choices, gathered).rows
    run.save(update_fields=["layout", "choices", "rows"])


def plan_for(run: ImportRun) -> Plan:
    """Return the plan by which a stored run is read now. Raises Unreadable."""
    return plan_of(
        Staged.of_plain(run.layout["staged"]), Choices.of_plain(run.choices), Gathered.of_plain(run.layout["gathered"])
    )


def choose(run: ImportRun, choices: Choices) -> None:
    """Apply the user's choices for a file, save them for the next file like it, and check all rows again."""
    before = Choices.of_plain(run.choices)
    run.choices = choices.as_plain()
    run.save(update_fields=["choices"])
    ImportRow.objects.filter(run=run).delete()
    is_new = (choices.sheet, choices.encoding) != (before.sheet, before.encoding)
    is_large = _is_large(run, is_new=is_new)
    if is_new or is_large:
        prepare(run, RunStatus.READING)
        if is_large:
            schedule(run)
            return
    read(run)
    check(run)


def _is_large(run: ImportRun, *, is_new: bool) -> bool:
    """True if a worker has to read the file. `is_new`: the file is read again, with another sheet or encoding."""
    if run.rows > ImportKind.small or max(kept.size for kept in (run.file, run.staged) if kept) > READ_AT_ONCE:
        return True
    if not is_new:
        return False
    with _open_file(run.file) as file:
        return not _is_read_at_once(file, run.file.size if run.file else 0)


def read(run: ImportRun) -> None:
    """Read and plan the file, unless its rows are already staged with these choices. Raises Unreadable."""
    if run.choices:
        choices = Choices.of_plain(run.choices)
    else:
        choices = Choices()
    result = None
    if run.layout:
        result = Staged.of_plain(run.layout["staged"])
    other_sheet = result is None or (choices.sheet and choices.sheet != result.sheet)
    if result is None or other_sheet or (choices.encoding and choices.encoding != result.encoding):
        # Kept once it is looked through: an empty sheet costs nothing of what was staged before.
        if other_sheet:
            wanted = Choices(sheet=choices.sheet, encoding=choices.encoding)
        else:
            wanted = choices
        with _open_file(run.file) as file, tempfile.TemporaryFile() as staged:
            result, choices, gathered = understood(file, staged, wanted, recall=bool(other_sheet))
            _keep_staged(run, staged, result)
    else:
        save_choices(result, choices)
        with _open_file(run.staged) as file:
            gathered = _gather_values(file, columns_of(result, choices))
        _refuse_if_empty(plan_of(result, choices, gathered))
    _keep_layout(run, result, choices, gathered)


def check(run: ImportRun) -> None:
    """Check all rows, many of them in a worker. A file without a column naming a customer waits for a person."""
    if _begin_check(run):
        go_on(run)


def _begin_check(run: ImportRun) -> bool:
    if not plan_for(run).columns.says_who:
        prepare(run, RunStatus.DRAFT)
        return False
    DryMemory(run).end()
    prepare(run, RunStatus.CHECKING)
    return True


@register
class ImportKind(RunKind[ImportRun]):
    """Reads, checks, imports or undoes the next rows of a file."""

    model = ImportRun
    work = "leads.import"
    permission = "leads.import"
    size = 5 * BATCH
    small = 2 * BATCH

    def do_slice(self, run: ImportRun) -> bool:
        if run.status == RunStatus.READING:
            return not _may_read() or self._read_upload(run)
        with _open_file(run.staged) as file:
            return self._import_slice(run, file)

    def undo_slice(self, run: ImportRun) -> bool:
        return undo.do_slice(run, self.size)

    def finish(self, run: ImportRun) -> None:
        """Write the refused rows to a file when the run is finished."""
        _keep_refusals(run)

    def clean_up(self, run: ImportRun) -> None:
        _keep_refusals(run)

    def _read_upload(self, run: ImportRun) -> bool:
        try:
            read(run)
        except UnreadableFile:
            if not run.layout:
                stored_files.delete_file(run.file, by=None, cause="unreadable")
            raise
        return _begin_check(run)

    def _import_slice(self, run: ImportRun, file: IO[bytes]) -> bool:
        memory = None
        if run.status == RunStatus.CHECKING:
            memory = DryMemory(run)
        importer = Importer(file, plan_for(run), run.tenant_id, run.by, run, memory, committed=_save_progress)
        done = 0
        until = monotonic() + self.seconds
        for outcomes in importer.run(byte=run.done_to_byte):
            done += len(outcomes)
            if done >= self.size or monotonic() >= until:
                return True
        if memory:
            memory.end()
            prepare(run, RunStatus.CHECKED)
        return False


def _may_read() -> bool:
    """Take an advisory lock for reading a file, until the transaction ends. Returns False if another process has it."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_xact_lock(%s)", [READING])
        return bool(cursor.fetchone()[0])


def _save_progress(importer: Importer) -> None:
    run = importer.run_of
    assert run is not None
    run.reach(importer.last_row, importer.last_byte, importer.counts)
    importer.counts.clear()


def _keep_refusals(run: ImportRun) -> None:
    if not run.refused_count:
        return
    if run.refusals:
        stored_files.delete_file(run.refusals, by=None, cause="replaced")
    with override(directory().tenant.language), _open_file(run.staged) as rows:
        run.refusals = write_refusals(run, rows, plan_for(run))
    run.save(update_fields=["refusals"])


@contextmanager
def _open_file(row: StoredFile | None) -> Iterator[IO[bytes]]:
    try:
        if row is None:
            raise stored_files.FileGone
        with stored_files.open_file(row) as file:
            yield file
    except stored_files.FileGone:
        raise UnreadableFile(_("The file was deleted. Choose it again.")) from None


def command_run(
    file: IO[bytes], name: str, staged: IO[bytes], choices: Choices, named: Mapping[str, str]
) -> tuple[ImportRun, Plan]:
    """Create a run for the command: stored like an upload, its rows staged, to be imported by the caller."""
    result, choices, gathered = understood(file, staged, choices, named=named)
    run = _store_upload(file, name, by=None, status=RunStatus.DRAFT)
    _keep_staged(run, staged, result)
    _keep_layout(run, result, choices, gathered)
    begin(run, by=None)
    return run, plan_for(run)


def refuse_unless_it_says_who(plan: Plan) -> None:
    """Raise Unreadable if no column identifies a customer, as the command can't ask anyone."""
    if not plan.columns.says_who:
        raise UnreadableFile(
            _(
                "No column name looks like a name, email address or phone number. Choose the column on the "
                'page, or pass it to the command: --column "Who=name".'
            )
        )
