"""Template variables of updates: what happened, what comes next, what we need; steps and milestones."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from comms.library.dates import long_day
from comms.library.variables import TemplateSubject, TemplateVariable
from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.pipelines.stage import CustomerText
from crm.kernel import clock
from crm.platform.organization.configuration import directory
from service.models import Milestone


def _stage_text(subject: TemplateSubject) -> CustomerText | None:
    stage = None
    if subject.job:
        stage = pipeline_setup().stages.get(subject.job.stage_id or 0)
    if stage:
        return stage.customer_text((subject.language, subject.brand.language))
    return None


def _stage_title(subject: TemplateSubject) -> str:
    text = _stage_text(subject)
    if text:
        return text.title
    return ""


def _stage_sentence(subject: TemplateSubject) -> str:
    text = _stage_text(subject)
    if text:
        return text.text or text.title
    return ""


def _milestones_of(subject: TemplateSubject) -> list[Any]:
    milestones: list[Any] = []
    if subject.job:
        milestones = list(Milestone.objects.filter(project__job_id=subject.job.pk).customers().in_order())
    return milestones


def _last_milestone(subject: TemplateSubject) -> str:
    """Return the milestone reached last."""
    done = [row for row in _milestones_of(subject) if row.done_at]
    if done:
        return _text_of(max(done, key=lambda row: (row.done_at, row.position)), subject)
    return ""


def _text_of(row: Any, subject: TemplateSubject) -> str:
    return str(row.text((subject.language, subject.brand.language)))


def _next_milestone(subject: TemplateSubject) -> Any:
    """Return the next milestone: by day, among those not past; else in order."""
    hours = directory().calendars.get(directory().calendar_of(subject.brand.pk) or 0)
    today = clock.now().astimezone(hours.zone if hours else directory().zone).date()
    left = [row for row in _milestones_of(subject) if not row.is_done]
    coming = sorted(
        (row.planned_on, place) for place, row in enumerate(left) if row.planned_on and row.planned_on >= today
    )
    if coming:
        return left[coming[0][1]]
    return next(iter(left), None)


def _next_milestone_text(subject: TemplateSubject) -> str:
    row = _next_milestone(subject)
    if row:
        return _text_of(row, subject)
    return ""


def _following_day(subject: TemplateSubject) -> str:
    row = _next_milestone(subject)
    if row and row.planned_on:
        return long_day(row.planned_on, subject.language, subject.brand.country)
    return ""


def _empty_text(subject: TemplateSubject) -> str:
    """Return "": only the update itself has the value."""
    return ""


VARIABLES = [
    TemplateVariable(
        name="update.happened",
        words=_("What happened, in sentences"),
        example=_("The permit is there."),
        value=_empty_text,
    ),
    TemplateVariable(
        name="update.next",
        words=_("What comes next, in sentences"),
        example=_("We begin on Monday."),
        value=_empty_text,
    ),
    TemplateVariable(
        name="update.needed",
        words=_("What we need from them, in sentences"),
        example=_("Please choose a colour."),
        value=_empty_text,
    ),
    TemplateVariable(
        name="update.short",
        words=_("The update in a sentence or two"),
        example=_("The permit is there. We begin on Monday."),
        value=_empty_text,
    ),
    TemplateVariable(
        name="update.status",
        words=_("What customers read of the step"),
        example=_("Your permit is approved"),
        value=_stage_title,
    ),
    TemplateVariable(
        name="update.status_text",
        words=_("The sentence customers read of the step"),
        example=_("We plan the day we begin."),
        value=_stage_sentence,
    ),
    TemplateVariable(
        name="update.milestone",
        words=_("Milestone that was reached last"),
        example=_("The old roof is off"),
        value=_last_milestone,
    ),
    TemplateVariable(
        name="update.next_milestone",
        words=_("Next milestone"),
        example=_("The new tiles go on"),
        value=_next_milestone_text,
    ),
    TemplateVariable(
        name="update.next_milestone_day",
        words=_("Day of the next milestone"),
        example=_("Monday, May 4"),
        value=_following_day,
    ),
]
