"""Store a run's rows: verdicts and reasons, choices, and what each row created, for an undo."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crm.jobs.models import JobState
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.formats import money
from crm.people.models import Property
from crm.platform.database.bulk_write import insert_all
from crm.platform.organization.configuration import directory
from leads.importing.mapping.headings import WON, Field
from leads.importing.matching.draft import LeadDraft
from leads.importing.matching.duplicates import format_next_step
from leads.importing.matching.own_cells import OWN_PART
from leads.importing.matching.verdicts import RowOutcome, RowVerdict
from leads.models import ImportRow, ImportRun

_LONGEST = 200
# The name of what stands in a refused row, which was never understood.
RAW = "row"
# Up to this row of the file a check keeps all, so that there is always something to look at.
_FIRST = 60


def forget_rows(run: ImportRun, first: int, last: int) -> dict[int, str]:
    """Delete the verdicts of these rows before they are judged again; return the user's choices for them."""
    rows = ImportRow.objects.filter(run=run, row__gte=first, row__lte=last)
    chosen = dict(rows.exclude(choice="").values_list("row", "choice"))
    rows.delete()
    return chosen


def keep_rows(run: ImportRun, outcomes: Iterable[RowOutcome], chosen: Mapping[int, str], *, all_of_them: bool) -> None:
    """Save a batch's verdicts: in a run all, in a check the first ones and those with a message or match."""
    kept_outcomes = [o for o in outcomes if all_of_them or o.verdict != RowVerdict.NEW or o.reason or o.row <= _FIRST]
    written = all_of_them
    insert_all(ImportRow, [_row_columns(run, o, chosen.get(o.row, ""), written=written) for o in kept_outcomes])


def _row_columns(run: ImportRun, outcome: RowOutcome, choice: str, *, written: bool) -> dict[str, Any]:
    known_lead = outcome.known
    made = written and known_lead is not None and known_lead.row == outcome.row and known_lead.draft is not None
    # A check shows a row beside the lead it was held against; a run keeps the one that came of it.
    beside = (not written and outcome.beside) or known_lead
    there = None
    if beside:
        there = beside.job_id
    plain: dict[str, Any] = {
        "run_id": run.pk,
        "row": outcome.row,
        "verdict": str(outcome.verdict),
        "same": outcome.same,
        "reason": outcome.reason,
        "choice": choice,
        "shown": _shown_cells(outcome, written=written),
        "job_id": there,
        "made_job": bool(made),
        "of_row": beside.row if beside and not there and not written and beside.row != outcome.row else None,
        "beside": beside.shown if beside and not there and not written and outcome.same else [],
    }
    wrote = written and known_lead is not None and outcome.verdict in (RowVerdict.NEW, RowVerdict.UPDATE)
    for name in ("person_id", "company_id", "site_id"):
        if known_lead is not None and wrote:
            plain[name] = known_lead.made.get(name)
        else:
            plain[name] = None
    if written:
        plain["gained"] = outcome.gains
    else:
        plain["gained"] = {}
    return plain


def _shown_cells(outcome: RowOutcome, *, written: bool) -> list[list[str]]:
    if outcome.raw:
        return [[RAW, outcome.raw]]
    if outcome.draft and (outcome.same or not written):
        return list_shown_cells(outcome.draft)
    return []


def row_choices(run: ImportRun, rows: Sequence[int]) -> Mapping[int, str]:
    """Read the decisions on single rows."""
    if not rows:
        return {}
    chosen_rows = ImportRow.objects.filter(run=run, row__gte=rows[0], row__lte=rows[-1]).exclude(choice="")
    return dict(chosen_rows.values_list("row", "choice"))


def earlier_rows(run: ImportRun, rows: Sequence[int]) -> Mapping[int, tuple[int, bool]]:
    """Map rows to their leads in an earlier run of an identical file, and whether it created them.

    A file's row is imported once, and is the lead it was, whatever became of that one since.
    """
    if not rows or not run.twin_ids:
        return {}
    there = ImportRow.objects.filter(run_id__in=run.twin_ids, row__gte=rows[0], row__lte=rows[-1], undone=False)
    there = there.filter(job_id__isnull=False, run__started_at__isnull=False).order_by("made_job", "pk")
    return {row: (job, made) for row, job, made in there.values_list("row", "job_id", "made_job")}


def first_made(run: ImportRun) -> int:
    """Return the first lead that a run created; 0 if none yet."""
    made = ImportRow.objects.filter(run=run, made_job=True).order_by("row").values_list("job_id", flat=True)
    return made.first() or 0


def _format_place(draft: LeadDraft) -> Property:
    """Format the place like those of known leads, which it may be shown beside."""
    parts = {"street": draft.street, "postcode": draft.postcode, "city": draft.city, "region": draft.region}
    return Property(**parts, country=draft.country)


def _pipeline_name(draft: LeadDraft) -> str:
    if draft.says_pipeline:
        return pipeline_setup().pipelines[draft.pipeline_id].name
    return draft.kind


def _append_note(value: str, note: str) -> str:
    if note:
        return f"{value} ({note})"
    return value


def list_shown_cells(draft: LeadDraft) -> list[list[str]]:
    """List a row's fields and texts as they were read, in the order of a card."""
    amount = ""
    if draft.value is not None:
        amount = money(draft.value, draft.value_currency, directory().tenant.country)
    pairs: list[tuple[str, str]] = [
        (Field.NAME, draft.name),
        (Field.COMPANY, draft.company),
        (Field.EMAIL, ", ".join(_append_note(value, draft.note_on(value)) for value in draft.emails)),
        (Field.PHONE, ", ".join(_append_note(p.e164, draft.note_on(p.e164, p.extension)) for p in draft.phones)),
        (Field.TITLE, draft.title),
        (Field.PIPELINE, _pipeline_name(draft)),
        (Field.STREET, _format_place(draft).one_line),
        (Field.STAGE, draft.stage.name if draft.stage else ""),
        (Field.STATUS, _status_label(draft)),
        (Field.SOURCE, draft.source),
        (Field.VALUE, amount),
        (Field.CREATED, draft.came_in_at.astimezone(directory().zone).date().isoformat() if draft.came_in_at else ""),
        (Field.NEXT_STEP, format_next_step(draft.next_step, draft.next_step_at)),
    ]
    pairs += [(f"{OWN_PART}{key}", text) for key, text in draft.own.items()]
    return [[str(name), text[:_LONGEST]] for name, text in pairs if text]


def _status_label(draft: LeadDraft) -> str:
    if draft.won:
        return str(WON)
    if draft.state == JobState.OPEN:
        return ""
    return str(JobState(draft.state).label)
