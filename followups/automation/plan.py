"""Plan a follow-up by a rule, with its reason; cancel it when an event the rule names makes it unnecessary."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from crm.automation.definition import Definition, DoStep
from crm.automation.models import RuleRun
from crm.automation.notices import addressed_members, who_words
from crm.automation.registry.actions import ActionResult, Firing, RuleAction
from crm.automation.registry.stops import StopSignal, stop_signals
from crm.automation.registry.triggers import Chosen
from crm.automation.setup import working_rules
from crm.automation.span import Span, SpanUnit
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import cached_per_tenant, directory
from followups.automation.due_after import due_after
from followups.automation.moving_dates import is_open_for_other_date
from followups.automation.options import PlanOptions
from followups.automation.origin import ORIGIN, PLAN_NAME
from followups.models import FollowUp
from followups.models.kind_setup import kinds
from followups.models.links import is_linkable

NAME = PLAN_NAME
CAUSE = "rule"


def _choose_assignee(firing: Firing, chosen: Chosen) -> Member:
    """Return the assignee: of several candidates the one with the fewest open follow-ups. Raises Refused if none."""
    members = addressed_members(chosen["who"], firing.kind.member_id(firing.row))
    if not members:
        raise Refused(_("There is nobody to do it."))
    if len(members) == 1:
        return members[0]
    rows = FollowUp.objects.open().filter(assignee__in=members).order_by().values_list("assignee")
    counts = dict(rows.annotate(count=Count("pk")))
    return min(members, key=lambda member: (counts.get(member.pk, 0), member.pk))


def _plan_follow_up(firing: Firing, chosen: Chosen) -> ActionResult:
    if FollowUp.objects.filter(origin=firing.key).exists():
        return ActionResult(skipped=True)
    if is_open_for_other_date(firing):
        return ActionResult(skipped=True)
    with override(directory().tenant.language):
        reason = _("By the trigger “%(name)s”.") % {"name": firing.rule_name}
        title = chosen["title"] or kinds().of(chosen["kind"]).label
    job_id = firing.job_id
    member = _choose_assignee(firing, chosen)
    at = due_after(clock.now(), firing.kind, firing.row, chosen)
    FollowUp.plan(
        kind=chosen["kind"],
        subject=title,
        due_at=at,
        by=None,
        job=Job.objects.get(pk=job_id) if job_id else None,
        person_id=firing.kind.person_id(firing.row),
        about=firing.row if is_linkable(type(firing.row)) else None,
        assignee=member,
        priority=chosen["priority"],
        notes=reason,
        cause=CAUSE,
        origin=firing.key,
    )
    return ActionResult({"kind": chosen["kind"], "member": member.pk, "at": at.isoformat(timespec="minutes")})


def _describe_action(chosen: Chosen) -> str:
    span = Span(chosen["count"], SpanUnit(chosen["unit"])).words()
    words = _("plan a follow-up for %(who)s: %(title)s, due in %(span)s")
    title = chosen["title"] or kinds().of(chosen["kind"]).label
    return words % {"who": who_words(chosen["who"]), "title": title, "span": span}


def _describe_run(data: dict[str, Any]) -> str:
    member = directory().members.get(data.get("member", 0))
    names = {"kind": kinds().of(data.get("kind", "")).label, "name": member.name if member else "—"}
    return _("planned a follow-up for %(name)s: %(kind)s") % names


def _describe_preview(firing: Firing, chosen: Chosen) -> str:
    names = {"kind": kinds().of(chosen["kind"]).label, "name": _choose_assignee(firing, chosen).name}
    return _("would plan a follow-up for %(name)s: %(kind)s") % names


def wanted_events() -> frozenset[str]:
    """Return the kinds of events that can make follow-ups of active rules unnecessary."""
    return frozenset(kind for signal in _stop_signals_in_use().values() for kind in signal.events)


@cached_per_tenant
def _stop_signals_in_use() -> dict[str, StopSignal]:
    """Return the stop signals that the steps of active rules name."""
    named = {
        step.options.get("until")
        for read in working_rules().rules.values()
        for step in read.definition.steps
        if isinstance(step, DoStep) and step.action == NAME
    }
    return {signal.name: signal for signal in stop_signals() if signal.name in named}


def take_back(heard: Sequence[Event]) -> None:
    """Cancel follow-ups planned by rules that these events make unnecessary, unless a person changed them since."""
    signals = _stop_signals_in_use()
    for event in heard:
        for name, signal in signals.items():
            record_id = None
            if event.kind in signal.events and signal.heeds(event):
                record_id = signal.about(event)
            if record_id:
                _take_back(name, signal, record_id, event)


def _take_back(name: str, signal: StopSignal, record_id: int, event: Event) -> None:
    runs = RuleRun.objects.of_record(signal.record, record_id).that_fired().filter(at__lte=event.at)
    steps = {
        f"{ORIGIN}{run.pk}:{at}"
        for run in runs.select_related("version").order_by("-pk")[:50]
        for at, step in enumerate(Definition.from_json(run.version.definition).steps)
        if isinstance(step, DoStep) and step.action == NAME and step.options.get("until") == name
    }
    rows = FollowUp.objects.open().filter(origin__in=steps, version=1, created_at__lt=event.at)
    for row in rows.order_by("job_id", "pk"):
        row.cancel(by=None, cause=CAUSE)


PLAN = RuleAction(
    name=NAME,
    records=(),
    icon="clock-check",
    label=gettext_lazy("plan a follow-up"),
    act=_plan_follow_up,
    words=_describe_action,
    options=PlanOptions,
    told=_describe_run,
    foresee=_describe_preview,
)
