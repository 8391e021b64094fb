"""Steps that a trigger may name: one entry per step name, and meanings that pipelines map to their own step.

Stored is the id of a stage, which stands for the steps of its name in all pipelines, or a meaning.
"""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crm.jobs.models import Pipeline, Stage
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.whole_numbers import read_number

# The first step of each pipeline, the one from which on its jobs count as quoted, and the first that is sold.
FIRST = "first"
QUOTED = "quoted"
SOLD = "sold"
MEANINGS = (FIRST, QUOTED, SOLD)

ChoiceGroup = tuple[str, list[tuple[str, str]]]


def step_choices() -> list[ChoiceGroup]:
    """Return the active steps by name, each name once, preceded by the meanings that some pipeline uses."""
    meanings = [(meaning, step_label(meaning)) for meaning in MEANINGS if stage_ids(meaning)]
    names = {stage.name.casefold(): (str(stage.pk), stage.name) for stage in reversed(_live_stages())}
    in_order = dict.fromkeys(stage.name.casefold() for stage in _live_stages())
    return [(_("In every pipeline"), meanings), (_("By name"), [names[name] for name in in_order])]


def listed_choice(choice: str) -> str:
    """Return the choice for a stored value: of steps with the same name the first. Blank if there is none."""
    if choice in MEANINGS:
        return choice
    stage = pipeline_setup().stages.get(read_number(choice) or 0)
    if stage is None:
        return ""
    same_name = (each for each in _live_stages() if each.name.casefold() == stage.name.casefold())
    return next((str(each.pk) for each in same_name), "")


def stage_ids(choice: str) -> set[int]:
    """Return the ids of all steps a stored choice matches, including archived steps of that name."""
    setup = pipeline_setup()
    if choice in MEANINGS:
        return {stage.pk for pipeline in _live_pipelines() if (stage := stage_in(choice, pipeline.pk))}
    stage = setup.stages.get(read_number(choice) or 0)
    if stage:
        return {each.pk for each in setup.stages.values() if each.name == stage.name}
    return set()


def stage_in(choice: str, pipeline_id: int) -> Stage | None:
    """Return the step of one pipeline that a stored choice matches; None if there is none."""
    setup = pipeline_setup()
    if choice == FIRST:
        return next(iter(setup.steps(pipeline_id)), None)
    if choice == QUOTED:
        return setup.quoted_from(pipeline_id)
    if choice == SOLD:
        return next((stage for stage in setup.steps(pipeline_id) if setup.is_sold(stage.pk)), None)
    stage = setup.stages.get(read_number(choice) or 0)
    same_name = (each for each in setup.steps(pipeline_id) if stage and each.name == stage.name)
    return next(same_name, None)


def step_label(choice: str) -> str:
    """Describe a stored choice: "Quote sent", or "quoted (Roofing: Quote sent, Solar: Bid sent)"."""
    if choice not in MEANINGS:
        stage = pipeline_setup().stages.get(read_number(choice) or 0)
        if stage:
            return stage.name
        return "—"
    words = {FIRST: _("first step"), QUOTED: _("quoted"), SOLD: pgettext("phase", "sold")}
    return f"{words[choice]} ({', '.join(_named_steps(choice))})"


def _named_steps(meaning: str) -> Iterable[str]:
    pipelines = _live_pipelines()
    for pipeline in pipelines:
        if stage := stage_in(meaning, pipeline.pk):
            yield stage.name if len(pipelines) == 1 else f"{pipeline.name}: {stage.name}"


def _live_pipelines() -> list[Pipeline]:
    return [pipeline for pipeline in pipeline_setup().pipelines.values() if pipeline.archived_at is None]


def _live_stages() -> list[Stage]:
    setup = pipeline_setup()
    return [stage for pipeline in _live_pipelines() for stage in setup.steps(pipeline.pk)]
