"""Sections of the configuration file: phases, and pipelines with their steps and targets."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.configuration.codecs import PriorityCodec, decode_key_field, encode_criteria, encode_key_fields
from crm.jobs.models import Phase, Pipeline, Stage, StageTarget
from crm.jobs.pipelines.stage import BLOCK, WARN, CustomerText
from crm.jobs.pipelines.target import TargetCase, Terms
from crm.kernel.refusal import Refused
from crm.platform.configuration.row_content import FieldRefused, RowContent, RowPart, decode_field
from crm.platform.configuration.sections import ConfigurationSection
from crm.platform.configuration.values import (
    FLAG,
    DurationCodec,
    check_names,
    check_names_differ,
    find_by_name,
    plain_flag,
    plain_list,
    plain_mapping,
)
from crm.platform.models import Brand, Member

STEP_FIELDS = ("phase", "customers", "guidance", "key_fields", "exit_criteria", "quoted")
TARGET_FIELDS = ("step", "brand", "priority", "ours", "theirs", "working_hours")


def _add_phase(model: Any, name: str, values: dict[str, Any], by: Member | None) -> Phase:
    phase = Phase.add(name, by=by)
    phase.set_sold(values.get("is_sold", False), by=by)
    return phase


def _remove_phase(phase: Phase, by: Member | None) -> None:
    """Remove a phase without live steps; its archived ones join the phase beside it."""
    steps = phase.stages.filter(archived_at=None)
    if steps:
        raise Refused(_("It still has steps: %(steps)s.") % {"steps": ", ".join(step.name for step in steps)})
    before = Phase.objects.filter(position__lt=phase.position).order_by("-position").first()
    into = before or Phase.objects.exclude(pk=phase.pk).order_by("position").first()
    if into is not None:
        phase.remove(into=into, by=by)


def _add_pipeline(model: Any, name: str, values: dict[str, Any], by: Member | None) -> Pipeline:
    pipeline = Pipeline.add(name, begins_empty=True, by=by)
    _edit_pipeline(pipeline, values, by)
    return pipeline


def _edit_pipeline(pipeline: Pipeline, values: dict[str, Any], by: Member | None) -> None:
    setters = {"type": pipeline.set_type, "work_type": pipeline.set_work_type, "drawing": pipeline.draw}
    for name, value in values.items():
        setters[name](value, by=by)


def _live_steps(pipeline: Pipeline) -> list[Stage]:
    steps = Stage.objects.filter(pipeline=pipeline, archived_at=None).select_related("phase")
    return sorted(steps, key=lambda step: (step.phase.position, step.position, step.pk))


def read_steps(pipeline: Pipeline) -> dict[str, Any]:
    """Return the live steps of a pipeline by name, in order, as plain data."""
    return {step.name: _read_step(step) for step in _live_steps(pipeline)}


def _read_step(step: Stage) -> dict[str, Any]:
    return {
        "phase": step.phase.name,
        "customers": {
            language: {"title": title, "text": text} for language, (title, text) in sorted(step.customer_texts.items())
        },
        "guidance": step.guidance,
        "key_fields": encode_key_fields(step.key_fields),
        "exit_criteria": encode_criteria(step.exit_criteria),
        "quoted": step.is_quoted,
    }


def _write_steps(pipeline: Pipeline, plain: Any, by: Member | None) -> None:
    steps = plain_mapping(plain)
    check_names_differ(steps)
    before = read_steps(pipeline)
    for name, values in steps.items():
        if before.get(name) != values:
            try:
                _write_step(pipeline, name, plain_mapping(values or {}), by)
            except FieldRefused as why:
                raise FieldRefused((name, *why.path), str(why)) from why
            except Refused as why:
                raise FieldRefused((name,), str(why)) from why
    _arrange_steps(pipeline, list(steps), by)


def _write_step(pipeline: Pipeline, name: str, values: Mapping[str, Any], by: Member | None) -> None:
    check_names(values, STEP_FIELDS)
    step = _find_step(pipeline, name)
    phase = None
    if "phase" in values:
        phase = find_by_name(Phase, str(values["phase"]))
    if step is None:
        if phase is None:
            raise Refused(_("A new step names its phase."))
        step = Stage.add(pipeline, phase, name, by=by)
    elif step.archived_at:
        step.restore(by=by)
    if phase is not None and step.phase_id != phase.pk:
        step.move(phase, before=None, by=by)
    if "customers" in values:
        step.tell_customers(_parse_texts(values["customers"]), by=by)
    _guide_step(step, values, by)
    is_quoted = decode_field(FLAG, "quoted", values.get("quoted", step.is_quoted))
    if is_quoted != step.is_quoted:
        pipeline.quote_from(step if is_quoted else None, by=by)


def _parse_texts(plain: Any) -> dict[str, CustomerText]:
    texts = {language: plain_mapping(text) for language, text in plain_mapping(plain or {}).items()}
    return {
        language: CustomerText(str(text.get("title") or ""), str(text.get("text") or ""))
        for language, text in texts.items()
    }


def _guide_step(step: Stage, values: Mapping[str, Any], by: Member | None) -> None:
    """Set guidance, key fields and exit criteria. Raises Refused for a key field that there is not."""
    keys = step.key_fields
    if "key_fields" in values:
        keys = [decode_key_field(str(name)) for name in plain_list(values["key_fields"])]
    criteria = step.exit_criteria
    if "exit_criteria" in values:
        exit_values = plain_mapping(values["exit_criteria"] or {})
        criteria = {decode_key_field(name): str(strength) for name, strength in exit_values.items()}
    wrong = next((strength for strength in criteria.values() if strength not in (WARN, BLOCK)), None)
    if wrong is not None:
        words = {"text": wrong[:40], "choices": f"{WARN}, {BLOCK}"}
        raise FieldRefused(("exit_criteria",), _("“%(text)s” is not one of: %(choices)s.") % words)
    step.guide(str(values.get("guidance", step.guidance) or ""), keys, criteria, by=by)


def _find_step(pipeline: Pipeline, name: str) -> Stage | None:
    step: Stage | None = Stage.objects.filter(pipeline=pipeline, name__iexact=name).order_by("archived_at").first()
    live = Stage.objects.filter(pipeline=pipeline, name__iexact=name, archived_at=None).first()
    return live or step


def _arrange_steps(pipeline: Pipeline, names: list[str], by: Member | None) -> None:
    """Put the steps in this order within their phases, in front of the others."""
    rank = {name.casefold(): at for at, name in enumerate(names)}
    steps = _live_steps(pipeline)
    order = sorted(steps, key=lambda step: (step.phase.position, rank.get(step.name.casefold(), len(rank))))
    if [step.pk for step in order] != [step.pk for step in steps]:
        for step in order:
            step.refresh_from_db()
            step.move(step.phase, before=None, by=by)


def _prune_steps(pipeline: Pipeline, plain: Any, by: Member | None) -> None:
    kept_names = {name.casefold() for name in plain_mapping(plain)}
    for step in _live_steps(pipeline):
        if step.name.casefold() not in kept_names:
            try:
                step.archive(into=None, by=by)
            except Refused as why:
                raise FieldRefused(("steps", step.name), str(why)) from why


def _read_targets(pipeline: Pipeline) -> list[dict[str, Any]]:
    rows = StageTarget.objects.filter(pipeline=pipeline).select_related("brand", "stage__phase")
    live = [row for row in rows if row.stage is None or row.stage.archived_at is None]
    live.sort(key=_target_order)
    return [
        {
            "step": row.stage.name if row.stage else None,
            "brand": row.brand.name if row.brand else None,
            "priority": PriorityCodec().encode(row.priority),
            "ours": DurationCodec().encode(row.ours),
            "theirs": DurationCodec().encode(row.theirs),
            "working_hours": row.working_hours,
        }
        for row in live
    ]


def _target_order(row: StageTarget) -> tuple[Any, ...]:
    brand = row.brand.name if row.brand else ""
    if row.stage is None:
        return (-1, -1, brand, row.priority or 0)
    return (row.stage.phase.position, row.stage.position, brand, row.priority or 0)


def _parse_target(pipeline: Pipeline, plain: Any) -> tuple[TargetCase, Terms]:
    values = plain_mapping(plain)
    check_names(values, TARGET_FIELDS)
    stage = None
    if values.get("step") is not None:
        stage = Stage.objects.filter(pipeline=pipeline, archived_at=None, name__iexact=str(values["step"])).first()
        if stage is None:
            raise Refused(_("There is no step “%(name)s”.") % {"name": str(values["step"])[:60]})
    brand = None
    if values.get("brand") is not None:
        brand = find_by_name(Brand, str(values["brand"]))
    ours, theirs = (DurationCodec().decode(values.get(name)) for name in ("ours", "theirs"))
    case = TargetCase(stage and stage.pk, brand and brand.pk, PriorityCodec().decode(values.get("priority")))
    return case, Terms(ours, theirs, plain_flag(values.get("working_hours", True)))


def _write_targets(pipeline: Pipeline, plain: Any, by: Member | None) -> None:
    for at, target in enumerate(plain_list(plain)):
        try:
            case, terms = _parse_target(pipeline, target)
        except Refused as why:
            raise FieldRefused((str(at),), str(why)) from why
        StageTarget.set(pipeline, case, terms, by=by)


def _prune_targets(pipeline: Pipeline, plain: Any, by: Member | None) -> None:
    cases = {_parse_target(pipeline, target)[0] for target in plain_list(plain)}
    for row in StageTarget.objects.filter(pipeline=pipeline):
        case = TargetCase(row.stage_id, row.brand_id, row.priority)
        if case not in cases:
            StageTarget.set(pipeline, case, Terms(None, None, True), by=by)


PHASES = ConfigurationSection(
    name="phases",
    label=gettext_lazy("Phases"),
    page="jobs:pipelines",
    content=RowContent(
        model=Phase,
        fields=("is_sold",),
        is_ordered=True,
        add=_add_phase,
        edit=lambda phase, values, by: phase.set_sold(values["is_sold"], by=by),
        archive=_remove_phase,
    ),
)
PIPELINES = ConfigurationSection(
    name="pipelines",
    label=gettext_lazy("Pipelines"),
    page="jobs:pipelines",
    content=RowContent(
        model=Pipeline,
        within=(Stage, StageTarget),
        fields=("type", "work_type", "drawing"),
        parts={
            "steps": RowPart(read_steps, _write_steps, _prune_steps),
            "targets": RowPart(_read_targets, _write_targets, _prune_targets),
        },
        has_default=True,
        is_ordered=True,
        add=_add_pipeline,
        edit=_edit_pipeline,
    ),
)
