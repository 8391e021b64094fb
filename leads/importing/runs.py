"""Stored files of leads: keep the bytes as they came, then read, check, import or undo them in slices that survive a
crash. The row of the run says how far it is, and moves with the rows it counts; a slice that died is done again.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import IO

from django.utils.translation import gettext as _
from django.utils.translation import override

from crm.kernel import clock
from crm.platform.files import stored_files
from crm.platform.models import Member, StoredFile
from crm.platform.organization.configuration import directory
from crm.platform.work import due
from crm.platform.work.claims import enqueue
from crm.platform.work.tasks import tick
from leads.importing.files.archives import is_workbook
from leads.importing.files.staging import Staged, stage
from leads.importing.files.unreadable import Unreadable
from leads.importing.mapping.plan import Choices, Gathered, Plan, columns_of, gather, plan_of, remember, remembered
from leads.importing.matching.memory import DryMemory
from leads.importing.writing import undo as undoing
from leads.importing.writing.batches import BATCH, Importer
from leads.importing.writing.refusals import write_refusals
from leads.models import ImportRow, ImportRun

WORK = "leads.import"
# Rows a worker does before it gives way to others; and up to which a request does them itself.
SLICE = 5 * BATCH
SMALL = 2 * BATCH
# Bytes of a file that a request reads itself; a workbook is packed, and slower.
READ_AT_ONCE, WORKBOOK_AT_ONCE = 8_000_000, 500_000
_State = ImportRun.Status


def receive(file: IO[bytes], name: str, *, by: Member | None, size: int) -> ImportRun:
    """Keep an upload and read it, or have a worker read a large one. Raises Unreadable, and then keeps nothing."""
    at_once = size <= (WORKBOOK_AT_ONCE if is_workbook(file) else READ_AT_ONCE)
    if not at_once:
        run = _store(file, name, by=by, status=_State.READING)
        schedule(run)
        return run
    with tempfile.TemporaryFile() as staged:
        found, choices, gathered = understood(file, staged, Choices())
        run = _store(file, name, by=by, status=_State.STORED)
        _keep_staged(run, staged, found)
        _keep_layout(run, found, choices, gathered)
    check(run)
    return run


def _store(file: IO[bytes], name: str, *, by: Member | None, status: str) -> ImportRun:
    kept = stored_files.keep(file, name, purpose="import", by=by)
    run: ImportRun = ImportRun.objects.create(file_name=kept.name, file=kept, by=by, status=status)
    return run


def understood(file: IO[bytes], staged: IO[bytes], choices: Choices) -> tuple[Staged, Choices, Gathered]:
    """Stage a file and look through it once, as was chosen for its like the last time. Raises Unreadable."""
    found = stage(file, staged, sheet=choices.sheet)
    choices = remembered(found, choices)
    gathered = gather(staged, columns_of(found, choices))
    _refuse_if_empty(plan_of(found, choices, gathered))
    return found, choices, gathered


def _refuse_if_empty(plan: Plan) -> None:
    if not plan.rows:
        raise Unreadable(
            _("Below the names of the columns, in row %(row)s, stands nothing that could be a lead.")
            % {"row": plan.columns.header_row}
        )


def _keep_staged(run: ImportRun, staged: IO[bytes], found: Staged) -> None:
    if run.staged:
        stored_files.delete(run.staged, by=None, cause="replaced")
    run.staged = stored_files.keep(staged, "rows.jsonl", purpose="import-rows", by=run.by)
    run.layout = {"staged": found.as_plain()}
    run.save(update_fields=["staged", "layout"])


def _keep_layout(run: ImportRun, found: Staged, choices: Choices, gathered: Gathered) -> None:
    run.layout = {"staged": found.as_plain(), "gathered": asdict(gathered)}
    run.choices = choices.as_plain()
    run.rows = plan_of(found, choices, gathered).rows
    run.save(update_fields=["layout", "choices", "rows"])


def plan_for(run: ImportRun) -> Plan:
    """A stored run as it is understood now. Raises Unreadable."""
    return plan_of(
        Staged.of_plain(run.layout["staged"]), Choices.of_plain(run.choices), Gathered(**run.layout["gathered"])
    )


def choose(run: ImportRun, choices: Choices) -> None:
    """Understand a file as somebody chose, remember it for the next like it, and check all rows anew."""
    before = Choices.of_plain(run.choices)
    run.choices = choices.as_plain()
    run.save(update_fields=["choices"])
    ImportRow.objects.filter(run=run).delete()
    if choices.sheet != before.sheet or run.rows > SMALL:
        run.status = _State.READING
        run.save(update_fields=["status"])
        if run.rows > SMALL:
            schedule(run)
            return
    read(run)
    check(run)


def read(run: ImportRun) -> None:
    """Read the file, where its rows are not staged as chosen yet, and look through them. Raises Unreadable."""
    choices = Choices.of_plain(run.choices) if run.choices else Choices()
    found = Staged.of_plain(run.layout["staged"]) if run.layout else None
    if found is None or (choices.sheet and choices.sheet != found.sheet):
        # Kept once it is looked through: an empty sheet costs nothing of what was staged before.
        with _bytes(run.file) as file, tempfile.TemporaryFile() as staged:
            found, choices, gathered = understood(file, staged, Choices(sheet=choices.sheet))
            _keep_staged(run, staged, found)
    else:
        remember(found, choices)
        with _bytes(run.staged) as file:
            gathered = gather(file, columns_of(found, choices))
        _refuse_if_empty(plan_of(found, choices, gathered))
    _keep_layout(run, found, choices, gathered)


def check(run: ImportRun) -> None:
    """Judge all rows, a few at once, many by a worker; what holds no column that says who waits for a person."""
    if not plan_for(run).columns.says_who:
        run.status = _State.STORED
        run.save(update_fields=["status"])
        return
    DryMemory(run).end()
    run.start_check()
    _go(run)


def start(run: ImportRun, *, by: Member | None) -> bool:
    """Import: a small file at once, a large one by a worker. False where it had begun: twice is once."""
    if not run.start(by=by):
        return False
    _go(run)
    return True


def undo(run: ImportRun, *, by: Member | None) -> bool:
    """Take an import back: a small one at once, a large one by a worker. False where there is nothing to take back."""
    if not run.start_undo(by=by):
        return False
    _go(run)
    return True


def _go(run: ImportRun) -> None:
    if run.rows <= SMALL:
        while do_slice(run, run.rows + 1):
            pass
    else:
        schedule(run)


def schedule(run: ImportRun) -> None:
    """Have a worker go on with it, from now."""
    due.schedule(WORK, run.pk, clock.now())
    enqueue(tick)


@due.handler(WORK)
def work(run_ids: Sequence[int]) -> None:
    """One slice of each run; those with more to do are scheduled again, behind the others' work."""
    waiting = ImportRun.objects.select_for_update().filter(pk__in=run_ids, status__in=ImportRun.WORKING)
    for run in waiting:
        if do_slice(run, SLICE):
            due.schedule(WORK, run.pk, clock.now())


def do_slice(run: ImportRun, rows: int) -> bool:
    """Do the next part of what a run is at; True while there is more. What can't be read ends it with a sentence."""
    # Reasons are kept, and read by everybody there.
    with override(directory().tenant.language):
        try:
            if run.status == _State.READING:
                return _read_on(run)
            if run.status == _State.UNDOING:
                return undoing.do_slice(run, rows)
            with _bytes(run.staged) as file:
                return _do_slice(run, file, rows)
        except Unreadable as unreadable:
            if run.status == _State.READING and not run.layout:
                stored_files.delete(run.file, by=None, cause="unreadable")
            run.fail(str(unreadable))
            return False


def _read_on(run: ImportRun) -> bool:
    read(run)
    if not plan_for(run).columns.says_who:
        check(run)
        return False
    DryMemory(run).end()
    run.start_check()
    return True


def _do_slice(run: ImportRun, file: IO[bytes], rows: int) -> bool:
    checking = run.status == _State.CHECKING
    memory = DryMemory(run) if checking else None
    importer = Importer(file, plan_for(run), run.tenant_id, run.by, run, memory, committed=_advanced)
    done = 0
    for outcomes in importer.run(byte=run.done_to_byte):
        done += len(outcomes)
        if done >= rows:
            return True
    if memory:
        memory.end()
        run.checked()
    else:
        finish(run)
    return False


def _advanced(importer: Importer) -> None:
    run = importer.run_of
    assert run is not None
    run.advance(importer.last_row, importer.last_byte, importer.counts)
    importer.counts.clear()


def finish(run: ImportRun) -> None:
    """All its rows are done: those that were refused become a file."""
    _keep_refusals(run)
    run.finish()


def cancel(run: ImportRun, *, by: Member | None) -> bool:
    """Stop between two batches; what was refused up to there can be fetched. False when it does not run."""
    if not run.cancel(by=by):
        return False
    if run.has_begun:
        with suppress(Unreadable):
            _keep_refusals(run)
    return True


def _keep_refusals(run: ImportRun) -> None:
    if not run.refused_count:
        return
    if run.refusals:
        stored_files.delete(run.refusals, by=None, cause="replaced")
    with override(directory().tenant.language), _bytes(run.staged) as rows:
        run.refusals = write_refusals(run, rows, plan_for(run))
    run.save(update_fields=["refusals"])


@contextmanager
def _bytes(row: StoredFile | None) -> Iterator[IO[bytes]]:
    try:
        if row is None:
            raise stored_files.Gone
        with stored_files.opened(row) as file:
            yield file
    except stored_files.Gone:
        raise Unreadable(_("The file is no longer kept. Choose it again.")) from None


def command_run(file: IO[bytes], name: str, staged: IO[bytes]) -> tuple[ImportRun, Plan]:
    """A run of the command: kept like an upload, its rows staged, ready to be walked by the caller."""
    found, choices, gathered = understood(file, staged, Choices())
    run = _store(file, name, by=None, status=_State.STORED)
    _keep_staged(run, staged, found)
    _keep_layout(run, found, choices, gathered)
    run.start(by=None)
    return run, plan_for(run)


def refuse_unless_it_says_who(plan: Plan) -> None:
    """Raise Unreadable where no column holds a name, firm, address or number: nobody is there to choose one."""
    if not plan.columns.says_who:
        raise Unreadable(
            _("No column is called like a name, e-mail address or phone number; on the page you can choose which is.")
        )
