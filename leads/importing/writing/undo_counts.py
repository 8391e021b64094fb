"""Count the leads an undo deletes, changes back, or leaves: several rows may be about one lead."""

from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef

from leads.importing.matching.verdicts import RowVerdict
from leads.models import ImportRow, ImportRun


class LeadsOfUndo(NamedTuple):
    """The counts of leads of an undone import."""

    # Those it made and that were deleted; those that were there before and lost what they had gained; those left.
    made: int
    known: int
    kept: int


def leads_of_undo(run: ImportRun) -> LeadsOfUndo:
    """Count the deleted and the kept leads of an undone import."""
    rows = ImportRow.objects.filter(run=run)
    kept = rows.exclude(kept="")
    known_rows = _of_known_leads(run).filter(~Exists(kept.filter(job_id=OuterRef("job_id"))), undone=True)
    return LeadsOfUndo(rows.filter(made_job=True, undone=True).count(), _count_leads(known_rows), _count_leads(kept))


def known_leads(run: ImportRun) -> int:
    """Count the leads that existed before an import and were updated by it."""
    return _count_leads(_of_known_leads(run))


def _of_known_leads(run: ImportRun) -> Any:
    """Find rows that updated a lead not created by the same file."""
    made = ImportRow.objects.filter(run=run, made_job=True, job_id=OuterRef("job_id"))
    return ImportRow.objects.filter(~Exists(made), run=run, verdict=RowVerdict.UPDATE, made_job=False)


def _count_leads(rows: Any) -> int:
    count: int = rows.values("job_id").distinct().count()
    return count
