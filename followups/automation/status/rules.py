"""Status triggers as rules: plan an import, import them in shadow mode, and export the present rules.

    status_triggers:
      quote_sent:
        channels: [email, sms]        # tried in this order
        template: quote_notification  # the key of a template
        delay: immediate              # or 3_days, 2_hours
        follow_up: 3_days             # a call, unless they answer; of on_hold also "weekly"
        survey: 7_days                # of completed

Each becomes a rule that is read again under the same key, so importing twice changes nothing. A reminder before an
appointment is a setting of the appointment's type, and is said to be left to that.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from comms.library.catalogue import catalogue
from comms.models.template import WRITTEN
from crm.automation.definition import Definition, DoStep, WaitStep
from crm.automation.models import Mode, Rule
from crm.automation.registry.presets import rule_preset
from crm.automation.span import Span, SpanUnit
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from followups.automation.presets.parts import build_definition, plan_follow_up, send_message, step_option
from followups.automation.status.document import ROOT, TriggerEntry, parse_triggers

# The keys of rules that came by YAML begin so.
KEY = "yaml."
_SPAN = re.compile(r"(\d{1,4})_(minute|hour|day)s?")
_SLUG = re.compile(r"[^\w]{1,60}")
_STOPS = ("job.heard", "job.moved", "job.ended")
_SURVEY = "survey"
_WEEKLY = "weekly"
_EVENTS = {"new_order": "job.opened", "completed": "job.finished", "on_hold": "job.paused"}
# With what is put behind it, it is a rule's key.
LONGEST_NAME = 45
_FIELDS = {"channels", "template", "delay", "follow_up", "reminder", "survey"}


class TriggerProblem(NamedTuple):
    """A part of the file that could not be parsed, with its line."""

    line: int
    words: str


class TriggerRule(NamedTuple):
    """The rule made from a trigger: key, name and definition."""

    key: str
    name: str
    definition: Definition


@dataclass(frozen=True)
class PlannedTrigger:
    """A trigger as it would be imported; no rules if it has a problem. `left`: parts that have to be set elsewhere."""

    entry: TriggerEntry
    parts: tuple[TriggerRule, ...] = ()
    problems: tuple[TriggerProblem, ...] = ()
    left: tuple[TriggerProblem, ...] = ()


@dataclass(frozen=True)
class Imported:
    """Result of an import: names of the rules added and edited; `left`: sentences on parts to set elsewhere."""

    added: tuple[str, ...]
    edited: tuple[str, ...]
    left: tuple[str, ...]


def plan_triggers(text: str) -> list[PlannedTrigger]:
    """Return what each trigger of a YAML text would become. Raises Refused if it is not a list of triggers."""
    return [_plan_trigger(entry) for entry in parse_triggers(text)]


@transaction.atomic
def import_triggers(text: str, *, by: Member | None, partly: bool = False) -> Imported:
    """Import a YAML text as rules in shadow mode; rules imported before are edited. Raises Refused, changing nothing.

    `partly`: leave out the triggers with a problem, as somebody decided who has seen them.
    """
    added = []
    edited = []
    planned = plan_triggers(text)
    problems = [problem for one in planned for problem in one.problems]
    if problems and not partly:
        raise Refused(problems[0].words)
    existing = {row.preset: row for row in Rule.objects.filter(archived_at__isnull=True, preset__startswith=KEY)}
    for part in (part for one in planned for part in one.parts):
        if made := existing.get(part.key):
            made.edit(part.definition, by=by)
            edited.append(made.name)
        else:
            added.append(
                Rule.add(Rule.free_name(part.name), part.definition, by=by, preset=part.key, mode=Mode.SHADOW).name
            )
    left = tuple(left_problem.words for one in planned for left_problem in one.left)
    return Imported(tuple(added), tuple(edited), left)


def made_of(parts: Mapping[str, TriggerRule]) -> dict[str, Rule]:
    """Return the rules that earlier imports created for these keys."""
    rows = Rule.objects.filter(archived_at__isnull=True, preset__in=list(parts))
    return {row.preset: row for row in rows.select_related("version")}


def _plan_trigger(entry: TriggerEntry) -> PlannedTrigger:
    name = entry.name
    if entry.twice:
        return PlannedTrigger(
            entry, problems=(TriggerProblem(entry.line, _("%(name)s: appears twice.") % {"name": name}),)
        )
    strange = [
        TriggerProblem(
            entry.lines.get(field, entry.line), _("%(name)s: unknown field “%(field)s”.") % _field_words(name, field)
        )
        for field in entry.given
        if field not in _FIELDS
    ]
    if len(name) > LONGEST_NAME:
        strange = [TriggerProblem(entry.line, _("The name “%(name)s…” is too long.") % {"name": name[:40]})]
    if strange:
        return PlannedTrigger(entry, problems=tuple(strange))
    try:
        parts = tuple(TriggerRule(*made) for made in _trigger_rules(name, entry.given))
    except Refused as why:
        return PlannedTrigger(entry, problems=(TriggerProblem(entry.line, str(why)),))
    if "reminder" not in entry.given:
        return PlannedTrigger(entry, parts)
    words = _("%(name)s: set reminders under Settings, Appointment types") % {"name": name}
    return PlannedTrigger(entry, parts, left=(TriggerProblem(entry.lines.get("reminder", entry.line), words),))


def _field_words(name: str, field: str) -> dict[str, str]:
    return {"name": name, "field": field[:40]}


def _trigger_rules(name: str, given: Mapping[str, Any]) -> Iterator[tuple[str, str, Definition]]:
    """Yield the rules of one trigger: key, name and definition."""
    title = name.replace("_", " ").capitalize()[:60]
    trigger, options = _parse_trigger(name)
    steps: list[DoStep | WaitStep] = []
    if (delay := _parse_span(given.get("delay", "immediate"), name)).count:
        steps.append(WaitStep(delay))
    steps.append(_build_message_step(name, given))
    follow_up = given.get("follow_up")
    if follow_up and follow_up != _WEEKLY:
        steps += [
            WaitStep(_parse_span(follow_up, name), _STOPS),
            plan_follow_up("call", _("Follow up: %(name)s") % {"name": title}),
        ]
    yield f"{KEY}{name}"[:60], title, build_definition("job", trigger, *steps, options=options)
    if follow_up == _WEEKLY:
        weekly = rule_preset("status.hold_weekly")
        if name != "on_hold" or weekly is None:
            raise Refused(_("%(name)s: weekly checks work only for leads on hold.") % {"name": name})
        yield f"{KEY}{name}.{_WEEKLY}"[:60], _("%(name)s: every week") % {"name": title}, weekly.definition()
    if survey := given.get("survey"):
        if name != "completed":
            raise Refused(_("%(name)s: a survey is only possible after completion.") % {"name": name})
        definition = build_definition(
            "job", "job.done_since", send_message("survey_invitation", by=("email",)), span=_parse_span(survey, name)
        )
        yield f"{KEY}{name}.{_SURVEY}"[:60], _("%(name)s: survey") % {"name": title}, definition


def _parse_trigger(name: str) -> tuple[str, dict[str, str]]:
    """Return the event that starts the rule: a named one, or entering the step with that meaning or name."""
    if name in _EVENTS:
        return _EVENTS[name], {}
    if name in ("quote_sent", "scheduled"):
        return "job.entered", {"step": step_option(name)}
    for pk, stage in pipeline_setup().stages.items():
        if stage.archived_at is None and _SLUG.sub("_", stage.name.casefold()) == name.casefold():
            return "job.entered", {"step": str(pk)}
    raise Refused(_("%(name)s: you have no step with this name.") % {"name": name})


def _build_message_step(name: str, given: Mapping[str, Any]) -> DoStep:
    channels = given.get("channels") or ()
    key = str(given.get("template", ""))
    is_list = isinstance(channels, list) and 1 <= len(channels) <= 3
    if not is_list or any(str(medium) not in WRITTEN for medium in channels):
        raise Refused(_("%(name)s: choose one to three channels from email, sms and whatsapp.") % {"name": name})
    if not any(template.key == key for template in catalogue().live()):
        raise Refused(_("%(name)s: there is no template “%(key)s”.") % {"name": name, "key": key})
    return send_message(key, by=tuple(channels))


def _parse_span(said: object, name: str) -> Span:
    if said == "immediate":
        return Span(0)
    match = _SPAN.fullmatch(str(said)[:20])
    if match is None:
        raise Refused(
            _("%(name)s: “%(said)s” is not a valid time. Example: 3_days.") % {"name": name, "said": str(said)[:40]}
        )
    return Span(int(match[1]), SpanUnit(f"{match[2]}s"))


def export_triggers() -> str:
    """Export the imported rules as YAML, as they are now, as far as YAML can express them."""
    rows = Rule.objects.filter(archived_at__isnull=True, preset__startswith=KEY).select_related("version")
    triggers: dict[str, dict[str, Any]] = {}
    for row in rows.order_by("pk"):
        assert row.version is not None, "a rule is added with a version"
        name, _dot, part = row.preset.removeprefix(KEY).partition(".")
        definition = Definition.from_json(row.version.definition)
        into = triggers.setdefault(name, {})
        if part == _WEEKLY:
            into["follow_up"] = _WEEKLY
        elif part == _SURVEY:
            into["survey"] = _format_span(definition.span)
        else:
            into |= _export_definition(definition)
    return yaml.safe_dump({ROOT: triggers}, sort_keys=False, default_flow_style=None)


def _export_definition(definition: Definition) -> dict[str, Any]:
    fields: dict[str, Any] = {"channels": [], "template": "", "delay": "immediate"}
    for at, one in enumerate(definition.steps):
        if isinstance(one, WaitStep):
            fields["delay" if at == 0 else "follow_up"] = _format_span(one.span)
        elif one.action == "message.send" and not fields["template"]:
            media = (one.options.get(name, "") for name in ("first", "second", "third"))
            fields |= {"channels": [medium for medium in media if medium], "template": one.options["template"]}
    return fields


def _format_span(span: Span) -> str:
    if span.count:
        return f"{span.count}_{span.unit.removeprefix('working_')}"
    return "immediate"
