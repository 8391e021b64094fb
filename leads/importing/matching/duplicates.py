"""Compare rows of a checked file with the leads or earlier rows they may match, and save a user's decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from crm.jobs.models import Job, JobState
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.formats import money
from crm.people.models import Company, ContactPoint, Person, Property
from crm.platform.organization.configuration import directory
from leads.importing.mapping.headings import LABELS, Field
from leads.importing.mapping.plan import Choices
from leads.importing.matching.own_cells import OWN_PART, own_name
from leads.importing.matching.verdicts import RowVerdict
from leads.models import ImportRow, ImportRun

_VERDICTS = {"skip": RowVerdict.DUPLICATE, "update": RowVerdict.UPDATE, "new": RowVerdict.NEW}


@dataclass(frozen=True, slots=True)
class DuplicateRows:
    """A row of the file and the lead or earlier row it matches: the values of both, by label."""

    row: ImportRow
    number: int | None
    called: str
    lines: Sequence[tuple[str, str, str]]
    # What becomes of it as long as nobody chooses; "" where somebody did.
    proposed: str


def pairs(run: ImportRun, *, after: int, most: int) -> list[DuplicateRows]:
    """List the next matched rows, side by side with their leads."""
    rows = list(to_decide(run).filter(row__gt=after).order_by("row")[:most])
    there = _read_leads({row.job_id for row in rows if row.job_id})
    return [_build_pair(row, *there.get(row.job_id or 0, (None, dict(row.beside)))) for row in rows]


def to_decide(run: ImportRun) -> QuerySet[ImportRow]:
    """Filter the rows that need a decision: those that may match an existing lead or an earlier row."""
    rows: QuerySet[ImportRow] = ImportRow.objects.filter(run=run, made_job=False).exclude(same="")
    return rows.filter(Q(job_id__isnull=False) | Q(of_row__isnull=False))


def _build_pair(row: ImportRow, job: Job | None, has: dict[str, str]) -> DuplicateRows:
    says = dict(row.shown)
    names = [*says, *(name for name in has if name not in says)]
    lines = [(_part_label(name), says.get(name, ""), has.get(name, "")) for name in names]
    if job:
        called = job.title
    elif row.of_row:
        called = _("Row %(row)s") % {"row": row.of_row}
    else:
        called = _("It no longer exists.")
    return DuplicateRows(
        row, job.number if job else None, called, lines, "" if row.choice else RowVerdict(row.verdict).label
    )


def _part_label(name: str) -> str:
    if name.startswith(OWN_PART):
        return own_name(name) or _("Custom field")
    if name == Field.STREET:
        return _("Address")
    return str(LABELS[Field(name)])


def _read_leads(ids: set[int]) -> dict[int, tuple[Job | None, dict[str, str]]]:
    """Read the values of leads, by the fields shown for a row; one statement per table."""
    jobs = list(Job.objects.filter(pk__in=ids).select_related("person", "site"))
    people = dict(Person.objects.filter(pk__in={job.person_id for job in jobs}).values_list("pk", "name"))
    firms = dict(Company.objects.filter(pk__in={job.company_id for job in jobs}).values_list("pk", "name"))
    sites = {site.pk: site.one_line for site in Property.objects.filter(pk__in={job.site_id for job in jobs})}
    points: dict[tuple[int, str], list[str]] = {}
    for person_id, kind, value in ContactPoint.objects.filter(person_id__in=people).values_list(
        "person_id", "kind", "value"
    ):
        points.setdefault((person_id, kind), []).append(value)
    setup = pipeline_setup()
    country = directory().tenant.country
    leads: dict[int, tuple[Job | None, dict[str, str]]] = {}
    for job in jobs:
        stage = setup.stages.get(job.stage_id or 0)
        source = setup.sources.get(job.source_id or 0)
        has: dict[str, str] = {
            Field.NAME: people.get(job.person_id or 0, ""),
            Field.COMPANY: firms.get(job.company_id or 0, ""),
            Field.EMAIL: ", ".join(points.get((job.person_id or 0, "email"), [])),
            Field.PHONE: ", ".join(points.get((job.person_id or 0, "phone"), [])),
            Field.TITLE: job.title if job.title != people.get(job.person_id or 0) else "",
            Field.PIPELINE: setup.pipelines[job.pipeline_id].name,
            Field.STREET: sites.get(job.site_id or 0, ""),
            Field.STAGE: stage.name if stage else "",
            Field.STATUS: str(JobState(job.state).label) if job.state != JobState.OPEN else "",
            Field.SOURCE: source.name if source else "",
            Field.VALUE: money(job.value, job.currency, country) if job.value is not None else "",
            Field.CREATED: job.came_in_at.astimezone(directory().zone).date().isoformat(),
            Field.NEXT_STEP: format_next_step(job.next_step_label, job.next_step_at),
        } | {f"{OWN_PART}{key}": text for key, text in _own_values(job).items()}
        leads[job.pk] = (job, {name: text for name, text in has.items() if text})
    return leads


def _own_values(job: Job) -> dict[str, str]:
    """Return the values of own fields of a lead, its customer and its property, by key."""
    values: dict[str, str] = dict(job.own_fields)
    for record in (job.person, job.site):
        if record:
            values |= record.own_fields
    return values


def format_next_step(label: str, at: datetime | None) -> str:
    """Format a next step and its day, to show which day was read."""
    return " · ".join(filter(None, (label, at.astimezone(directory().zone).date().isoformat() if at else "")))


def decide(run: ImportRun, number: int, choice: str) -> bool:
    """Save the decision on one row and judge it again. False if there is no such row."""
    row = to_decide(run).select_for_update().filter(row=number).first()
    if row is None or choice not in ImportRow.RowChoice.values:
        return False
    before = row.verdict
    row.choice = choice
    row.verdict = str(_VERDICTS.get(choice, before))
    row.save(update_fields=["choice", "verdict"])
    if before != row.verdict:
        for verdict, change in ((before, -1), (row.verdict, 1)):
            name = f"{verdict}_count"
            setattr(run, name, max(0, getattr(run, name) + change))
        run.save(update_fields=list(run.COUNTS))
    return True


def alike(run: ImportRun) -> list[dict[str, Any]]:
    """Count the matched rows by what they were matched on, with the choice made for all of them."""
    labels = {
        "id": _("same external ID"),
        "email": _("same email address"),
        "phone": _("same phone number"),
        "at": _("same name and address"),
        "name": _("same name only"),
        "job": _("same customer, but another title, type or value"),
        "reach": _("same address or number, but another name"),
    }
    chosen = Choices.of_plain(run.choices).duplicates
    rows = to_decide(run).order_by().values_list("same").annotate(count=Count("pk"))
    counts = dict(rows)
    return [
        {"same": same, "label": label, "count": counts[same], "choice": chosen.get(same, "")}
        for same, label in labels.items()
        if same in counts
    ]
