"""Lines of the run log: the record, the outcome, and a short summary of the steps."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.automation.models import RuleRun, RunState
from crm.automation.registry.records import RecordKind, record_kind
from crm.automation.setup import organization_viewer
from crm.kernel import clock
from crm.web.lists.conditions.clause import Clause
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.shell.record_pages import record_url

CSS = {
    RunState.DONE: "is-good",
    RunState.PROPOSED: "is-brand",
    RunState.WAITING: "is-brand",
    RunState.FAILED: "is-bad",
    RunState.SKIPPED: "is-warn",
}


@dataclass(frozen=True)
class RunLine:
    """A run on the log."""

    run: RuleRun
    title: str
    url: str
    kind: RecordKind | None
    state: str
    css: str
    at: str
    did: str


def run_lines(runs: Sequence[RuleRun], request: TenantRequest) -> list[RunLine]:
    """Return the lines of runs. One query per kind of record."""
    prefetch_related_objects(list(runs), "rule")
    rows = visible_records(runs, request)
    reader = Reader.of(request.member, clock.now())
    return [_build_line(run, rows.get((run.record, run.record_id)), reader, request.tenant.slug) for run in runs]


def visible_records(runs: Sequence[RuleRun], request: TenantRequest) -> dict[tuple[str, int], Any]:
    """Return the records of runs that the member may see, by kind and id."""
    wanted = defaultdict[str, set[int]](set)
    for run in runs:
        wanted[run.record].add(run.record_id)
    rows_by_key: dict[tuple[str, int], Any] = {}
    for key, ids in wanted.items():
        kind = record_kind(key)
        if kind is not None:
            rows = kind.seen_by(request.member).filter(pk__in=ids)
            rows_by_key |= {(key, row.pk): row for row in rows}
    return rows_by_key


def _build_line(run: RuleRun, row: Any, reader: Reader, slug: str) -> RunLine:
    kind = record_kind(run.record)
    if kind and row is not None:
        title = kind.title(row)
    else:
        title = _("(deleted)")
    return RunLine(
        run,
        title,
        record_url(row, slug) if row is not None else "",
        kind,
        str(RunState(run.state).label),
        CSS.get(RunState(run.state), ""),
        reader.near(run.at),
        _outcome_text(run, reader),
    )


def _unmet_text(run: RuleRun) -> str:
    """Describe the first condition that did not hold."""
    kind = record_kind(run.record)
    unmet: list[list[Any]] = run.judged
    group = next((group for group in unmet if not any(holds for _text, holds in group)), [])
    words = _(" or ").join(condition_words(kind, str(text)) for text, _held in group)
    if words:
        return _("not met: %(condition)s") % {"condition": words}
    return ""


def condition_words(kind: RecordKind | None, text: str) -> str:
    """Describe a condition stored by a run; one that can no longer be parsed is returned as stored."""
    clause = None
    if kind:
        clause = Clause.read(text, kind.filterset, organization_viewer())
    if clause:
        return clause.sentence(organization_viewer())
    return text


def _outcome_text(run: RuleRun, reader: Reader) -> str:
    if run.state == RunState.WAITING and run.next_at:
        return _("continues %(when)s") % {"when": reader.near(run.next_at)}
    if run.reason:
        return run.reason
    if run.state == RunState.UNMATCHED:
        return _unmet_text(run)
    if run.state == RunState.DONE:
        count = len(run.log)
        return ngettext("%(count)s step", "%(count)s steps", count) % {"count": count}
    return ""
