"""Actions on jobs: move to a step, assign, set the priority, set whose turn it is."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.jobs.options import MemberOptions, PriorityOptions, SideOptions, StepOptions
from crm.automation.jobs.step_choices import stage_in, step_label
from crm.automation.jobs.triggers import JOB
from crm.automation.models.policy import automation_policy
from crm.automation.person_first import refuse_if_just_set
from crm.automation.registry.actions import ActionResult, Firing, RuleAction
from crm.automation.registry.triggers import Chosen
from crm.jobs.assignment import engine
from crm.jobs.models import Job, Priority, Side, Stage
from crm.jobs.models.job_record import JobState
from crm.jobs.pipelines.exit_criteria import Heed, check_criteria
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from crm.platform.organization.configuration import directory

MOVES = ("job.moved", "job.turned", "job.reopened", "job.paused", "job.resumed")


def _step_of(job: Job, chosen: Chosen) -> Stage:
    """Return the step of the job's own pipeline that matches the choice. Raises Refused if there is none."""
    stage = stage_in(chosen["step"], job.pipeline_id)
    if stage is None:
        raise Refused(_("Its pipeline has no step “%(name)s”.") % {"name": step_label(chosen["step"])})
    return stage


def _expect_no_person(job: Job) -> None:
    """Raise Refused if a person moved the job recently: a person's move takes precedence."""
    hours = automation_policy().person_wins_hours
    since = clock.now() - timedelta(hours=hours)
    if Event.objects.of(job).filter(kind__in=MOVES, actor__isnull=False, at__gt=since).exists():
        raise Refused(_("Someone moved it in the last %(count)s hours, so it stays.") % {"count": hours})


def _move_job(firing: Firing, chosen: Chosen) -> ActionResult:
    job: Job = firing.row
    step = _step_of(job, chosen)
    if job.stage_id == step.pk and job.is_open:
        return ActionResult({"step": step.pk}, skipped=True)
    if firing.by is None:
        _expect_no_person(job)
    job.move_to(step, by=firing.by, cause=firing.rule_name, heed=Heed.BLOCKS)
    return ActionResult({"step": step.pk})


def _foresee_move(firing: Firing, chosen: Chosen) -> str:
    step = _step_of(firing.row, chosen)
    if firing.row.stage_id == step.pk:
        return _("stays in %(step)s") % {"step": step.name}
    firing.row.check_may_enter(step)
    check_criteria(firing.row, step, Heed.BLOCKS, Job.objects)
    _expect_no_person(firing.row)
    return _("would move to %(step)s") % {"step": step.name}


def _assign_job(firing: Firing, chosen: Chosen) -> ActionResult:
    member = directory().members[int(chosen["member"])]
    if firing.row.member_id == member.pk:
        return ActionResult({"member": member.pk}, skipped=True)
    refuse_if_just_set(firing, "job.assigned")
    firing.row.assign_to(member, by=firing.by)
    return ActionResult({"member": member.pk})


def _distribute_job(firing: Firing, chosen: Chosen) -> ActionResult:
    job: Job = firing.row
    job.lock()
    if job.state != JobState.OPEN:
        raise Refused(_("It is closed. Reopen it first."))
    placement = engine.assign("leads", job)
    if placement is None or placement.member_id is None:
        raise Refused(_("Nobody is available to take it."))
    return ActionResult({"member": placement.member_id})


def _prioritize_job(firing: Firing, chosen: Chosen) -> ActionResult:
    job: Job = firing.row
    if job.priority == chosen["priority"] or (chosen["raise_only"] and job.priority < chosen["priority"]):
        return ActionResult({"priority": job.priority}, skipped=True)
    refuse_if_just_set(firing, "job.prioritized")
    job.prioritize(chosen["priority"], by=firing.by)
    return ActionResult({"priority": chosen["priority"]})


def _turn_job(firing: Firing, chosen: Chosen) -> ActionResult:
    if firing.row.side == chosen["side"]:
        return ActionResult(skipped=True)
    _expect_no_person(firing.row)
    firing.row.turn_to(chosen["side"], by=firing.by)
    return ActionResult()


def _member_name(pk: Any) -> str:
    member = directory().members.get(int(pk))
    if member:
        return member.name
    return "—"


def _step_name(pk: Any) -> str:
    stage = pipeline_setup().stages.get(int(pk))
    if stage:
        return stage.name
    return "—"


ACTIONS = [
    RuleAction(
        name="job.move",
        records=(JOB,),
        icon="arrow-right",
        label=gettext_lazy("move to"),
        act=_move_job,
        words=lambda chosen: _("move to %(step)s") % {"step": step_label(chosen["step"])},
        options=StepOptions,
        told=lambda data: _("moved it to %(step)s") % {"step": _step_name(data["step"])},
        foresee=_foresee_move,
    ),
    RuleAction(
        name="job.assign",
        records=(JOB,),
        icon="user-plus",
        label=gettext_lazy("assign to"),
        act=_assign_job,
        words=lambda chosen: _("assign to %(name)s") % {"name": _member_name(chosen["member"])},
        options=MemberOptions,
        told=lambda data: _("assigned it to %(name)s") % {"name": _member_name(data["member"])},
    ),
    RuleAction(
        name="job.distribute",
        records=(JOB,),
        icon="users",
        label=gettext_lazy("assign by the assignment rules"),
        act=_distribute_job,
        words=lambda chosen: _("assign by the assignment rules"),
        told=lambda data: _("assigned it to %(name)s") % {"name": _member_name(data["member"])},
    ),
    RuleAction(
        name="job.prioritize",
        records=(JOB,),
        icon="flag",
        label=gettext_lazy("set priority to"),
        act=_prioritize_job,
        words=lambda chosen: _("set the priority to %(priority)s") % {"priority": Priority(chosen["priority"]).label},
        options=PriorityOptions,
        told=lambda data: _("set the priority to %(priority)s") % {"priority": Priority(data["priority"]).label},
    ),
    RuleAction(
        name="job.turn",
        records=(JOB,),
        icon="arrow-right-left",
        label=gettext_lazy("set the next move to"),
        act=_turn_job,
        words=lambda chosen: (
            _("set the next move to the customer") if chosen["side"] == Side.CUSTOMER else _("set the next move to us")
        ),
        options=SideOptions,
    ),
]
