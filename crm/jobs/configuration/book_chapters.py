"""Chapter of the configuration book: pipelines with their steps and times, and lost reasons."""

from collections.abc import Iterator

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from crm.jobs.losses.setup import lost_reasons
from crm.jobs.models import Stage, StageTarget
from crm.jobs.models.losses import Ends
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.durations import exact_duration
from crm.platform.features import Feature
from crm.web.configuration.book import BookChapter, BookEntry, BookPart, BookTable


def _pipeline_parts() -> Iterator[BookPart]:
    setup = pipeline_setup()
    plain = StageTarget.objects.filter(brand=None, priority=None).exclude(stage=None)
    targets = {target.stage_id: target for target in plain}
    for pipeline in setup.pipelines.values():
        if pipeline.archived_at is None:
            rows = tuple(_step_row(stage, targets.get(stage.pk)) for stage in setup.steps(pipeline.pk))
            yield BookTable(pipeline.name, (_("Step"), _("Phase"), _("Our time"), _("Their time")), rows)
            yield from _step_texts(pipeline.name, setup.steps(pipeline.pk))


def _step_row(stage: Stage, target: StageTarget | None) -> tuple[str, ...]:
    times = ["", ""]
    if target is not None:
        times = [exact_duration(seconds) if seconds else "" for seconds in (target.ours, target.theirs)]
        if target.working_hours and times[0]:
            times[0] = _("%(time)s, working hours") % {"time": times[0]}
    phase = next((phase.name for phase in pipeline_setup().phases if phase.pk == stage.phase_id), "")
    return (stage.name, phase, *times)


def _step_texts(name: str, steps: list[Stage]) -> Iterator[BookPart]:
    """Yield the guidance of the steps, and their texts for customers."""
    lines = []
    for stage in steps:
        text = stage.customer_text([get_language() or "en"])
        if stage.guidance:
            lines.append(f"{stage.name}: {' '.join(stage.guidance.split())}")
        if text:
            words = {"step": stage.name, "text": " – ".join(filter(None, text))}
            lines.append(_("%(step)s, for customers: %(text)s") % words)
    if lines:
        yield BookEntry(_("Texts of the steps of %(pipeline)s") % {"pipeline": name}, "", tuple(lines))


def _reason_parts() -> Iterator[BookPart]:
    for ends, label in Ends.choices:
        groups = lost_reasons().live_groups(ends)
        lines = tuple(
            f"{top.name}: {', '.join(row.name for row in below)}" if below else top.name for top, below in groups
        )
        if lines:
            yield BookEntry(str(label), "", lines)


CHAPTERS: list[Feature] = [
    BookChapter(
        name="pipelines", label=gettext_lazy("Pipelines"), read=_pipeline_parts, sections=("phases", "pipelines")
    ),
    BookChapter(
        name="lost_reasons", label=gettext_lazy("Lost reasons"), read=_reason_parts, sections=("lost_reasons",)
    ),
]
