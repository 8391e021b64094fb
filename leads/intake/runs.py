"""Stored files of leads: keep the bytes as they came, then work through them in slices that survive a crash.

The row of the run says how far it is, and moves with the rows it counts; a slice that died is simply done again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from crm.platform import clock, due
from crm.platform.models import Member
from crm.platform.tenancy import required_tenant_id
from leads.intake.importing import BATCH, Importer, plan
from leads.intake.unreadable import Unreadable
from leads.intake.verdicts import Outcome, Verdict
from leads.models import ImportRun

WORK = "leads.import"
# Rows a worker does before it gives way to others; and up to which a request does them itself.
SLICE = 5 * BATCH
SMALL = 2 * BATCH


def store(file: BinaryIO, name: str, *, rows: int, by: Member | None) -> ImportRun:
    """Keep a file that could be read, before any of it is judged."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(1 << 20):
        digest.update(piece)
        size += len(piece)
    file.seek(0)
    path = f"imports/{required_tenant_id()}/{uuid4().hex}.csv"
    run: ImportRun = ImportRun.objects.create(
        file_name=name[-200:],
        stored_as=default_storage.save(path, File(file)),
        sha256=digest.hexdigest(),
        size=size,
        rows=rows,
        by=by,
    )
    return run


def open_stored(run: ImportRun) -> BinaryIO:
    """The bytes of a run. Raises Unreadable once they are deleted."""
    try:
        return cast("BinaryIO", default_storage.open(run.stored_as).file)
    except (FileNotFoundError, IsADirectoryError, ValueError):
        raise Unreadable(_("The file is no longer kept. Choose it again.")) from None


def importer_of(run: ImportRun, file: BinaryIO, *, dry_run: bool = False) -> Importer:
    """The importer of a stored run."""
    return Importer(file, plan(file), run.tenant_id, by=run.by, dry_run=dry_run, data={"import": run.pk})


def schedule(run: ImportRun) -> None:
    """Have a worker go through it, from now on."""
    due.schedule(WORK, run.pk, clock.now())


@due.handler(WORK)
def work(run_ids: Sequence[int]) -> None:
    """One slice of each run; those with more to do are scheduled again, behind the others' work."""
    for run in ImportRun.objects.select_for_update().filter(pk__in=run_ids, status=ImportRun.Status.RUNNING):
        if do_slice(run, SLICE):
            schedule(run)


def do_slice(run: ImportRun, rows: int) -> bool:
    """Do the next rows of a run; True while there are more. What can't be read ends it with a sentence."""
    try:
        with open_stored(run) as file:
            return _do_slice(run, importer_of(run, file), rows)
    except Unreadable as unreadable:
        run.fail(str(unreadable))
        return False


def _do_slice(run: ImportRun, importer: Importer, rows: int) -> bool:
    done = 0
    for outcomes in importer.run(after_row=run.done_to_row):
        run.advance(importer.last_row, importer.counts, importer.refused)
        importer.counts.clear()
        importer.refused.clear()
        done += len(outcomes)
        if done >= rows:
            return True
    run.finish()
    return False


@dataclass(frozen=True, slots=True)
class Preview:
    """A dry run of a stored file's first rows."""

    outcomes: list[Outcome]
    counts: dict[str, int]
    # Rows that were tried, and rows there are.
    tried: int
    rows: int
    summary: dict[str, Any]


def preview(run: ImportRun, shown: int = 50) -> Preview:
    """What importing a stored file would do, tried on its first rows. Raises Unreadable once the file is gone."""
    outcomes: list[Outcome] = []
    with open_stored(run) as file:
        importer = importer_of(run, file, dry_run=True)
        for batch in importer.run():
            outcomes += batch[: shown - len(outcomes)]
            if importer.counts.total() >= SMALL:
                break
    counts = {str(verdict): importer.counts[verdict] for verdict in Verdict}
    return Preview(outcomes, counts, importer.counts.total(), run.rows, importer.plan.as_summary())
