"""Undo an import: delete its leads and the people, companies and places created for them, unless worked on since.

By slices like the import itself: first the leads, then, when all of them are looked at, what only they used.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.models import ManyToOneRel, ProtectedError
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.jobs.removal import remove_all
from crm.people.models import Company, Person, Property
from crm.platform.database.bulk_write import update_all
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from leads.importing.mapping.headings import Field
from leads.importing.writing.gains import take_back, take_points_back
from leads.importing.writing.own_fields import empty_own_fields
from leads.models import ImportRow, ImportRun
from leads.sources.kept.upkeep import note_jobs

BATCH = 1000
# Work of the product itself is no work on the lead, but for what a customer did.
_FROM_OUTSIDE = ("message.", "ticket.", "portal.", "job.heard")
# `done_to_byte` of an undo: in the leads, then in what only they used. People first, as they reference firms.
_LEADS = 0
_LEFT: tuple[tuple[Any, str], ...] = ((Person, "person_id"), (Company, "company_id"), (Property, "site_id"))


def do_slice(run: ImportRun, rows: int) -> bool:
    """Undo the next rows; returns True while there are more."""
    done = 0
    while done < rows:
        with use_tenant(run.tenant_id):
            if run.done_to_byte == _LEADS:
                step = _next_leads(run)
            else:
                step = _next_left(run)
        if step is None:
            return False
        done += step
    return True


def _next_leads(run: ImportRun) -> int | None:
    made = ImportRow.objects.filter(run=run, row__gt=run.done_to_row, verdict__in=("new", "update"))
    batch = list(made.order_by("row")[:BATCH])
    if not batch:
        return _turn_to(run, 1)
    # Before they are gone: the days they came in on count otherwise afterwards.
    note_jobs([line.job_id for line in batch if line.job_id])
    _keep_names(batch)
    new = [line for line in batch if line.made_job and line.job_id]
    kept = _delete_leads(run, new)
    for line in new:
        line.kept = kept.get(line.job_id or 0, "")
    for line, left in take_back([line for line in batch if not line.made_job]):
        line.kept = left
    for line in batch:
        line.undone = not line.kept
    lines = ({"id": line.pk, "undone": line.undone, "kept": line.kept, "shown": line.shown} for line in batch)
    update_all(ImportRow, list(lines))
    undone = sum(line.undone for line in batch)
    run.reach_undone(batch[-1].row, undone=undone, kept=len(batch) - undone)
    return len(batch)


def _keep_names(lines: Sequence[ImportRow]) -> None:
    """Copy the customer's name from the leads to the rows, as the leads may be deleted."""
    named = Job.objects.filter(pk__in=[line.job_id for line in lines if line.job_id])
    names = {pk: name or title for pk, name, title in named.values_list("pk", "person__name", "title")}
    for line in lines:
        if (name := names.get(line.job_id or 0)) and not {Field.NAME, Field.COMPANY} & dict(line.shown).keys():
            line.shown = [[Field.NAME, name], *line.shown]


def _delete_leads(run: ImportRun, lines: Sequence[ImportRow]) -> dict[int, str]:
    """Delete the leads that have not been worked on. Returns why the others stay, by job."""
    people = {line.job_id: line.person_id for line in lines}
    jobs = {job.pk: job for job in Job.objects.select_for_update().filter(pk__in=people).order_by("pk")}
    corrected = _corrected_people(pk for pk in people.values() if pk)
    touched = _jobs_worked_on(run, jobs) | {pk for pk in jobs if people[pk] in corrected}
    kept = {pk: _("It was changed after the import.") for pk in touched}
    _remove_each(run, [job for pk, job in jobs.items() if pk not in kept], kept)
    for line in lines:
        if line.gained and line.job_id in jobs and line.job_id not in kept:
            take_points_back(jobs[line.job_id], line.gained)
            empty_own_fields(jobs[line.job_id], line.gained)
    return kept


def _remove_each(run: ImportRun, jobs: Sequence[Job], kept: dict[int, str]) -> None:
    """Delete all at once; if another app's row protects some of them, all but those."""
    if not jobs:
        return
    try:
        remove_all(jobs, by=run.by, data={"import": run.pk})
    except ProtectedError:
        if len(jobs) == 1:
            kept[jobs[0].pk] = _("Other records depend on it.")
            return
        half = len(jobs) // 2
        _remove_each(run, jobs[:half], kept)
        _remove_each(run, jobs[half:], kept)


def _jobs_worked_on(run: ImportRun, jobs: Iterable[int]) -> set[int]:
    facts = Event.objects.filter(job_id__in=list(jobs)).values_list("job_id", "kind", "actor_id", "data")
    return {
        job_id
        for job_id, kind, actor_id, data in facts
        if data.get("import") != run.pk and (actor_id is not None or kind.startswith(_FROM_OUTSIDE))
    }


def _corrected_people(made: Iterable[int]) -> set[int]:
    """Find the customers of new leads that were corrected since: no event of the lead records that."""
    facts = Event.objects.filter(subject_kind=Person._meta.label_lower, subject_id__in=list(made))
    return set(facts.exclude(actor=None).values_list("subject_id", flat=True))


def _next_left(run: ImportRun) -> int | None:
    """List people, companies and places created for deleted leads that nothing else uses."""
    model, name = _LEFT[run.done_to_byte - 1]
    made = ImportRow.objects.filter(run=run, row__gt=run.done_to_row, undone=True, **{f"{name}__isnull": False})
    batch = list(made.order_by("row").values_list("row", name)[:BATCH])
    if not batch:
        if run.done_to_byte < len(_LEFT):
            return _turn_to(run, run.done_to_byte + 1)
        return None
    ids = {pk for _row, pk in batch}
    model.objects.filter(pk__in=ids - find_referenced(model, ids)).delete()
    run.done_to_row = batch[-1][0]
    run.save(update_fields=["done_to_row"])
    return len(batch)


def _turn_to(run: ImportRun, pass_: int) -> int:
    run.done_to_row = 0
    run.done_to_byte = pass_
    run.save(update_fields=["done_to_row", "done_to_byte"])
    return 0


# Both sides of a merge are kept, so that it can be taken back; what else goes with a record is part of it.
_LASTING = frozenset({"people.Merge"})


def find_referenced(model: type[models.Model], ids: Iterable[int]) -> set[int]:
    """List the records that rows of any app reference, other than rows that are part of them."""
    wanted = set(ids)
    referenced = set[int]()
    for key in model._meta.get_fields(include_hidden=True):
        if not isinstance(key, ManyToOneRel) or not wanted:
            continue
        there: Any = key.related_model
        if key.on_delete is models.CASCADE and there._meta.label not in _LASTING:
            continue
        name = key.field.attname
        referenced |= set(there.objects.filter(**{f"{name}__in": wanted}).values_list(name, flat=True))
    return referenced
