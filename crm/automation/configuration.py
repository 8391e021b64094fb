"""Sections of the configuration file: triggers, priority points, and the policy of triggers."""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.automation.definition import Definition, DoStep, Once, RuleLimit, Step, WaitStep
from crm.automation.editor.rule_text import rule_sentences
from crm.automation.models import AutomationPolicy, Mode, PriorityPoint, Rule
from crm.automation.models.policy import automation_policy
from crm.automation.models.webhook import Webhook
from crm.automation.points.counting import job_kind, recount_all
from crm.automation.registry.actions import find_action
from crm.automation.registry.options import Options
from crm.automation.registry.records import RecordKind, record_kind
from crm.automation.registry.triggers import find_trigger
from crm.automation.setup import ReadRule, organization_member, read_rule
from crm.automation.span import Span, SpanUnit
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.platform.configuration.row_content import FieldRefused, RowContent, RowPart, ValuesContent
from crm.platform.configuration.sections import ConfigurationSection, UnexportedModel
from crm.platform.configuration.values import WholeCodec, check_names, plain_flag, plain_list, plain_mapping
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.configuration.book import BookChapter, BookEntry, BookPart
from crm.web.lists.conditions.plain_conditions import (
    LANGUAGE,
    decode_choice,
    decode_conditions,
    encode_choice,
    encode_conditions,
    written_choices,
)

# The preset of a trigger that the page of a step made: its id, and what starts it (crm/automation/registry/moves.py).
_OF_STEP = re.compile(r"step\.(\d+)\.(.+)")
RULE_FIELDS = ("record", "when", "options", "span", "before", "weekdays", "at_hour", "if", "then", "limit")


def encode_options(options: type[Options], stored: Mapping[str, str]) -> dict[str, str]:
    """Return stored options with the labels of choices instead of ids."""
    form = options(dict(stored))
    choices = _option_choices(options)
    plain = {}
    for name, value in stored.items():
        plain[name] = str(value)
        if name in choices:
            plain[name] = encode_choice(str(form[name].value() or ""), choices[name])
    return plain


def decode_options(options: type[Options], plain: Any) -> dict[str, str]:
    """Return options as they are stored. Raises FieldRefused for one that is not possible."""
    values = {name: "" if value is None else str(value) for name, value in plain_mapping(plain or {}).items()}
    check_names(values, options().fields)
    choices = _option_choices(options)
    stored = {}
    for name, value in values.items():
        if name in choices and value:
            try:
                value = decode_choice(value, choices[name])
            except Refused as why:
                raise FieldRefused((name,), str(why)) from why
        stored[name] = value
    return stored


def _option_choices(options: type[Options]) -> dict[str, list[tuple[str, str]]]:
    """Return the choices of an option form by field, in the language of the file."""
    with translation.override(LANGUAGE):
        fields = options().fields.items()
        return {
            name: written_choices(partial(_flat_choices, field))
            for name, field in fields
            if isinstance(field, forms.ChoiceField)
        }


def _flat_choices(field: Any) -> Iterator[tuple[str, str]]:
    """Yield the choices of a field, those within groups too."""
    for value, label in field.choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label


def encode_span(span: Span) -> str:
    """Return a span as text: "3 days"; "" for none."""
    if not span.count:
        return ""
    return f"{span.count} {SpanUnit(span.unit).value}"


def decode_span(plain: Any) -> Span:
    """Return the span of a text. Raises Refused."""
    if not plain:
        return Span(0)
    count, _space, unit = str(plain).partition(" ")
    if not count.isdecimal() or unit not in SpanUnit.values:
        words = {"text": str(plain)[:40], "units": ", ".join(SpanUnit.values)}
        raise Refused(_("“%(text)s” is not a number with one of: %(units)s.") % words)
    return Span(int(count), SpanUnit(unit))


def encode_action(action: str, options: Mapping[str, str]) -> dict[str, Any]:
    """Return an action of a trigger or sequence with its options as plain data."""
    entry = find_action(action)
    if entry is None:
        return {"do": action, "options": dict(options)}
    return {"do": action, "options": encode_options(entry.options, options)}


def decode_action(plain: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return the name of an action and its options. Raises Refused for an unknown one."""
    action = str(plain.get("do", ""))
    entry = find_action(action)
    if entry is None:
        raise FieldRefused(("do",), _("There is no action “%(name)s”.") % {"name": action[:60]})
    try:
        return action, decode_options(entry.options, plain.get("options"))
    except FieldRefused as why:
        raise FieldRefused(("options", *why.path), str(why)) from why


class PresetCodec:
    """The codec of the key of a ready-made trigger: of one that belongs to a step, with its names instead of its id."""

    def encode(self, value: Any) -> str:
        match = _OF_STEP.fullmatch(value)
        stage = None
        if match:
            stage = pipeline_setup().stages.get(int(match[1]))
        if match is None or stage is None:
            return str(value)
        pipeline = pipeline_setup().pipelines[stage.pipeline_id]
        return f"step.{pipeline.name} / {stage.name}.{match[2]}"

    def decode(self, plain: Any) -> str:
        text = str(plain or "")
        if not text.startswith("step."):
            return text
        for stage in pipeline_setup().stages.values():
            prefix = f"step.{pipeline_setup().pipelines[stage.pipeline_id].name} / {stage.name}."
            if stage.archived_at is None and text.startswith(prefix):
                return f"step.{stage.pk}.{text.removeprefix(prefix)}"
        raise Refused(_("“%(name)s” does not exist here.") % {"name": text[:80]})


def _encode_definition(rule: Rule) -> dict[str, Any]:
    if rule.version is None:
        return {}
    definition = Definition.from_json(rule.version.definition)
    trigger = find_trigger(definition.trigger)
    options = dict(definition.options)
    if trigger is not None:
        options = encode_options(trigger.options, definition.options)
    kind = record_kind(definition.record)
    conditions: Any = definition.where
    if kind is not None:
        conditions = encode_conditions(kind.filterset, definition.where, organization_member())
    return {
        "record": definition.record,
        "when": definition.trigger,
        "options": options,
        "span": encode_span(definition.span),
        "before": definition.before,
        "weekdays": list(definition.weekdays),
        "at_hour": definition.at_hour,
        "if": conditions,
        "then": [_encode_step(step) for step in definition.steps],
        "limit": {"once": definition.limit.once.value, "days": definition.limit.days},
    }


def _encode_step(step: Step) -> dict[str, Any]:
    if isinstance(step, WaitStep):
        return {"wait": encode_span(step.span), "stop_if": list(step.stop_if)}
    return encode_action(step.action, step.options)


def _decode_definition(plain: Any) -> Definition:
    values = plain_mapping(plain)
    check_names(values, RULE_FIELDS)
    kind = record_kind(str(values.get("record", "")))
    trigger = find_trigger(str(values.get("when", "")))
    if kind is None or trigger is None or trigger.record != kind.key:
        raise FieldRefused(("when",), _("There is no such record and trigger."))
    limit = plain_mapping(values.get("limit") or {})
    if limit.get("once", Once.VALUE) not in Once.values:
        raise FieldRefused(("limit",), _("“%(code)s” is not one of the choices.") % {"code": limit["once"]})
    return Definition(
        record=kind.key,
        trigger=trigger.name,
        options=_within("options", lambda: decode_options(trigger.options, values.get("options"))),
        span=_within("span", lambda: decode_span(values.get("span"))),
        before=_within("before", lambda: plain_flag(values.get("before") or False)),
        weekdays=tuple(_within("weekdays", lambda: _decode_weekdays(values.get("weekdays")))),
        at_hour=_within("at_hour", lambda: WholeCodec(23, may_lack=True).decode(values.get("at_hour"))),
        where=_within("if", lambda: _decode_where(kind, values.get("if"))),
        steps=tuple(_decode_steps(values.get("then"))),
        limit=RuleLimit(Once(limit.get("once", Once.VALUE)), int(limit.get("days") or 0)),
    )


def _decode_weekdays(plain: Any) -> list[int | None]:
    return [WholeCodec(6).decode(day) for day in plain_list(plain or [])]


def _decode_where(kind: RecordKind, plain: Any) -> str:
    return decode_conditions(kind.filterset, plain or [], organization_member())


def _decode_steps(plain: Any) -> Iterator[Step]:
    for at, step in enumerate(plain_list(plain or [])):
        yield _within("then", lambda step=step: _decode_step(plain_mapping(step)), str(at))


def _decode_step(plain: Mapping[str, Any]) -> Step:
    if "wait" in plain:
        return WaitStep(decode_span(plain["wait"]), tuple(str(name) for name in plain_list(plain.get("stop_if") or [])))
    return DoStep(*decode_action(plain))


def _within(name: str, decode: Any, *below: str) -> Any:
    """Return what `decode` returns. Raises FieldRefused with the path of the field."""
    try:
        return decode()
    except FieldRefused as why:
        raise FieldRefused((name, *below, *why.path), str(why)) from why
    except Refused as why:
        raise FieldRefused((name, *below), str(why)) from why


def _checked_definition(plain: Any, rule: Rule) -> Definition:
    """Return a definition that works. Raises Refused for one that doesn’t."""
    definition = _decode_definition(plain)
    if problem := ReadRule.of(rule, definition).problem:
        raise Refused(problem)
    return definition


def _add_rule(model: Any, name: str, values: dict[str, Any], by: Member | None) -> Rule:
    definition = _within("definition", lambda: _checked_definition(values["definition"], Rule(name=name)))
    preset = values.get("preset", "")
    if Rule.objects.filter(archived_at=None, preset=preset).exists():
        preset = ""
    rule = Rule.add(name, definition, by=by, preset=preset)
    _switch_rule(rule, values.get("mode", Mode.SHADOW), by)
    return rule


def _edit_rule(rule: Rule, values: dict[str, Any], by: Member | None) -> None:
    _switch_rule(rule, values["mode"], by)


def _switch_rule(rule: Rule, mode: str, by: Member | None) -> None:
    """Set the mode. A rule that is switched on does nothing for what matches already."""
    if rule.mode != mode:
        rule.switch(Mode(mode), by=by, skips_present=True)


def _write_definition(rule: Rule, plain: Any, by: Member | None) -> None:
    rule.edit(_checked_definition(plain, rule), by=by)


def _save_policy(values: dict[str, Any], by: Member | None) -> None:
    AutomationPolicy.switch(values["is_on"], by=by)
    AutomationPolicy.set_person_wins(values["person_wins_hours"], by=by)
    AutomationPolicy.set_thresholds(values["high_from"], values["urgent_from"], by=by)


def _add_point(model: Any, name: str, values: dict[str, Any], by: Member | None) -> PriorityPoint:
    point = PriorityPoint.add(name, values.get("where", ""), values.get("points", 0), by=by)
    recount_all()
    return point


def _edit_point(point: PriorityPoint, values: dict[str, Any], by: Member | None) -> None:
    """Set the number of points; points with other conditions replace it, as on the page."""
    if values["where"] != point.where:
        point.remove(by=by)
        PriorityPoint.add(point.words, values["where"], values["points"], by=by)
    else:
        point.weigh(values["points"], by=by)
    recount_all()


class _JobConditions:
    """The codec of conditions of the lead list."""

    def encode(self, value: Any) -> Any:
        return encode_conditions(job_kind().filterset, value, organization_member())

    def decode(self, plain: Any) -> str:
        return _decode_where(job_kind(), plain)


def _trigger_parts() -> Iterator[BookPart]:
    for rule in Rule.objects.filter(archived_at=None).select_related("version").order_by("name", "pk"):
        if rule.version is not None:
            yield BookEntry(rule.name, str(Mode(rule.mode).label), tuple(rule_sentences(read_rule(rule))))


SECTIONS: list[Feature] = [
    BookChapter(name="triggers", label=gettext_lazy("Triggers"), read=_trigger_parts, sections=("triggers",)),
    ConfigurationSection(
        name="triggers",
        label=gettext_lazy("Triggers"),
        page="automation:rules",
        content=RowContent(
            model=Rule,
            fields=("mode", "preset"),
            codecs={"preset": PresetCodec()},
            rows=lambda: Rule.objects.select_related("version"),
            parts={"definition": RowPart(_encode_definition, _write_definition)},
            begins_with="definition",
            add=_add_rule,
            edit=_edit_rule,
        ),
    ),
    ConfigurationSection(
        name="triggers_policy",
        label=gettext_lazy("Switches of triggers"),
        page="automation:rules",
        content=ValuesContent(
            model=AutomationPolicy,
            fields=("is_on", "person_wins_hours", "high_from", "urgent_from"),
            get=automation_policy,
            save=_save_policy,
        ),
    ),
    ConfigurationSection(
        name="priority_points",
        label=gettext_lazy("Priority points"),
        page="automation:points",
        content=RowContent(
            model=PriorityPoint,
            fields=("points", "where"),
            codecs={"where": _JobConditions()},
            name_of=lambda row: str(row.words),
            add=_add_point,
            edit=_edit_point,
            can_prune=False,
        ),
    ),
    UnexportedModel(Webhook, "A webhook has a secret; it is set up in each organization."),
]
