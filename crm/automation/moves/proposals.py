"""Proposals: an action a rule suggests for a lead, accepted or dismissed by a person with one click."""

from collections.abc import Sequence
from typing import NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from crm.automation.definition import Definition
from crm.automation.editor.rule_text import rule_summary
from crm.automation.engine.runs import LiveRun, begin_all, switched_off
from crm.automation.engine.wait_endings import may_end
from crm.automation.models import Mode, RuleRun, RunState
from crm.automation.registry.moves import JOB
from crm.automation.setup import ReadRule, working_rules
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Event, Member
from crm.web.lists.conditions.viewer import Viewer

# More on one page are not read; the rest come up as these are answered.
MOST = 3
# What takes a proposal back: the lead went another way.
ENDS = frozenset({"job.moved", "job.finished", "job.lost", "job.dropped"})


class MoveProposal(NamedTuple):
    """A proposal on a lead's page: the run, the suggested action, and its cause."""

    uid: str
    does: str
    cause: str


def job_proposals(job: Job) -> list[MoveProposal]:
    """Return the open proposals of a lead, the newest first."""
    if not job.is_open or not rules_propose():
        return []
    runs = (
        RuleRun.objects.open_proposals().of_record(JOB, job.pk).select_related("rule", "version").order_by("-pk")[:MOST]
    )
    return [MoveProposal(str(run.uid), rule_summary(_read_run(run)), run.rule.name) for run in runs]


def has_proposal(value: str, viewer: Viewer) -> Q:
    """Return the query condition for leads with an open proposal."""
    return Q(Exists(RuleRun.objects.open_proposals().filter(record=JOB, record_id=OuterRef("pk"))))


@transaction.atomic
def accept_proposal(run: RuleRun, job: Job, *, by: Member) -> None:
    """Execute a proposal for a locked lead as the member. Raises Refused if it cannot be executed."""
    _expect_open(run)
    read = _read_run(run)
    if read.kind is None or read.problem:
        raise Refused(read.problem or _("It no longer exists."))
    if refusal := switched_off(read.kind, job):
        raise Refused(refusal)
    run.state = RunState.WAITING
    run.next_at = clock.now()
    run.save(update_fields=["state", "next_at"])
    begin_all([LiveRun(run, read, job, by)])
    if undone := next((entry for entry in run.log if entry["state"] in ("refused", "failed")), None):
        raise Refused(undone["words"] or _("It could not be carried out."))
    events.record("rule.proposal_accepted", subject=run.rule, by=by, data={"run": run.pk, "rule": run.rule_id})


@transaction.atomic
def dismiss_proposal(run: RuleRun, *, by: Member) -> None:
    """Dismiss a proposal. The same cause does not propose it again."""
    _expect_open(run)
    run.state = RunState.STOPPED
    run.reason = _("Dismissed by %(name)s.") % {"name": by.name}
    run.save(update_fields=["state", "reason"])
    data = {"run": run.pk, "rule": run.rule_id}
    events.record("rule.proposal_dismissed", subject=run.rule, by=by, data=data, job_id=run.job_id)


def _expect_open(run: RuleRun) -> None:
    run.lock()
    if run.state != RunState.PROPOSED:
        raise Refused(_("Someone has already responded to it."))


def wanted_events() -> frozenset[str]:
    """Return the kinds of events that withdraw proposals, if the tenant has rules that propose."""
    if rules_propose():
        return ENDS
    return frozenset()


def withdraw_proposals(found: Sequence[Event]) -> None:
    """Withdraw the open proposals of leads that have since been moved or closed."""
    ended = {event.subject_id: event for event in sorted(found, key=lambda event: event.pk)}
    for run in RuleRun.objects.open_proposals().filter(record=JOB, record_id__in=ended).order_by("pk"):
        event = ended[run.record_id]
        # In the order of the log; a proposal that a time made is of no event, and has its instant alone.
        if may_end(run, event) if run.event_id else run.at < event.at:
            run.state = RunState.STOPPED
            run.reason = _("It has been moved or closed since.")
            run.save(update_fields=["state", "reason"])


def rules_propose() -> bool:
    """True if the tenant has rules that propose."""
    return any(read.rule.mode == Mode.PROPOSE for read in working_rules().rules.values())


def _read_run(run: RuleRun) -> ReadRule:
    return ReadRule.of(run.rule, Definition.from_json(run.version.definition))
