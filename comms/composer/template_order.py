"""Order of templates in the picker: best matches for the customer and the job's step first.

What was written in the step before counts most, then what was written for the same type of work; where nothing was yet,
what the product's own templates are for. A template that has no value for something it says comes after the others.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comms.composer.matter import Matter
from comms.library.variables import values_of
from comms.models import Template, TemplateUse, TemplateVersion
from comms.rendering.content import sources
from comms.rendering.liquid_text import is_conditional, variables
from crm.jobs.models import Job, Side
from crm.jobs.models.job_record import JobState
from crm.jobs.pipelines.setup import pipeline_setup

# By the situation of a job, the keys of templates that were made for it.
_LOST = ("decline", "checking_in")
_NEW = ("welcome", "product_information", "appointment_confirmation")
_QUOTED = ("quote_follow_up", "quote_notification", "checking_in")
_SOLD = ("order_confirmation", "appointment_confirmation", "hold_notification", "completion_thank_you")
_ON_HOLD = ("hold_notification", "checking_in")
_ELSEWHERE = frozenset((*_LOST, *_NEW, *_QUOTED, *_SOLD))


@dataclass
class _Uses:
    """Use counts of a template in the step, for the type of work, and overall; and the last use."""

    in_step: int = 0
    in_pipeline: int = 0
    last: datetime | None = None


def order_key(matter: Matter, medium: str, subject_for: Callable[[TemplateVersion], Any]) -> Callable[[Any], Any]:
    """Return the sort key of template offers: best match first."""
    language = (matter.person.language if matter.person else "") or matter.brand.language
    uses = _read_uses(matter.job, medium)
    made_for = _keys_for(matter.job)

    def key(offer: Any) -> tuple[Any, ...]:
        used = uses.get(offer.template.pk, _Uses())
        return (
            offer.version.language != language,
            _lacks_values(offer.version, subject_for),
            -used.in_step,
            -used.in_pipeline,
            _situation_rank(offer.template, made_for),
            -(used.last.timestamp() if used.last else 0),
        )

    return key


def _situation_rank(template: Template, made_for: tuple[str, ...]) -> int:
    """Return the rank of a template for a situation; templates for another one come last."""
    if template.key in made_for:
        return made_for.index(template.key)
    is_for_others = template.key in _ELSEWHERE or template.category == Template.Category.PARTNER
    return len(made_for) + is_for_others


def _read_uses(job: Job | None, medium: str) -> dict[int, _Uses]:
    """Load the uses of each template in one query; uses by another medium count half."""
    stages = pipeline_setup().stages
    uses: dict[int, _Uses] = {}
    for row in TemplateUse.objects.all():
        used = uses.setdefault(row.template_id, _Uses())
        weight = row.count * (2 if row.medium == medium else 1)
        stage = None
        if row.stage_id:
            stage = stages.get(row.stage_id)
        if job and row.stage_id == job.stage_id:
            used.in_step += weight
        if job and stage and stage.pipeline_id == job.pipeline_id:
            used.in_pipeline += weight
        used.last = max(filter(None, (used.last, row.last_at)))
    return uses


def _keys_for(job: Job | None) -> tuple[str, ...]:
    if job is None:
        return ()
    if job.state == JobState.LOST:
        return _LOST
    if job.side == Side.PAUSED:
        return _ON_HOLD
    if job.is_sold:
        return _SOLD
    if _is_quoted(job):
        return _QUOTED
    return _NEW


def _is_quoted(job: Job) -> bool:
    setup = pipeline_setup()
    stage = None
    if job.stage_id:
        stage = setup.stages.get(job.stage_id)
    quoted_from = setup.quoted_from(job.pipeline_id)
    return bool(stage and quoted_from and stage.position >= quoted_from.position)


def _lacks_values(version: TemplateVersion, subject_for: Callable[[TemplateVersion], Any]) -> bool:
    """True if a required part of the text has no value for this customer."""
    plain = (source for _part, source in sources(version.content) if not is_conditional(source))
    names = list(dict.fromkeys(name for source in plain for name in variables(source)))
    values = values_of(subject_for(version), names)
    return any(_value_of(values, name.split(".")) is None for name in names)


def _value_of(values: Any, path: Iterable[str]) -> Any:
    for part in path:
        if isinstance(values, dict):
            values = values.get(part)
        else:
            values = None
    return values
