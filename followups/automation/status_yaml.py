"""The status triggers of the brief as YAML: read into rules, as they stand, and written back (S2, A1).

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
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from comms.library.catalogue import catalogue
from comms.models.template import WRITTEN
from crm.automation.definition import Definition, Do, Wait
from crm.automation.models import Mode, Rule
from crm.automation.registry.presets import rule_preset
from crm.automation.span import Span, Unit
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.refusal import Refused
from crm.platform.models import Member
from followups.automation.presets.parts import plan, rule, send, step

LARGEST = 64 << 10
# The keys of rules that came by YAML begin so.
KEY = "yaml."
_SPAN = re.compile(r"(\d{1,4})_(minute|hour|day)s?")
_SLUG = re.compile(r"[^\w]{1,60}")
_STOPS = ("job.heard", "job.moved", "job.ended")
_SURVEY, _WEEKLY = "survey", "weekly"
_EVENTS = {"new_order": "job.opened", "completed": "job.finished", "on_hold": "job.paused"}
_FIELDS = {"channels", "template", "delay", "follow_up", "reminder", "survey"}


@dataclass(frozen=True)
class Imported:
    """What came of an import: the names of rules, and what is not one."""

    added: tuple[str, ...]
    edited: tuple[str, ...]
    left: tuple[str, ...]


@transaction.atomic
def import_triggers(text: str, *, by: Member | None) -> Imported:
    """Make rules of a YAML, in the shadow; those it made before are edited. Raises Refused, changing nothing."""
    added, edited, left = [], [], []
    known = {row.preset: row for row in Rule.objects.filter(archived_at__isnull=True, preset__startswith=KEY)}
    for name, given in _read(text).items():
        for key, title, definition in _rules(name, given):
            if made := known.get(key):
                made.edit(definition, by=by)
                edited.append(made.name)
            else:
                added.append(Rule.add(title, definition, by=by, preset=key, mode=Mode.SHADOW).name)
        if "reminder" in given:
            left.append(_("%(name)s: reminders are set on the types of appointments") % {"name": name})
    return Imported(tuple(added), tuple(edited), tuple(left))


def _read(text: str) -> Mapping[str, dict[str, Any]]:
    if len(text) > LARGEST:
        raise Refused(_("That is more than a list of triggers."))
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise Refused(_("That is no YAML: %(why)s") % {"why": " ".join(str(error).split())[:200]}) from error
    found = found.get("status_triggers") if isinstance(found, dict) else None
    if not isinstance(found, dict) or not all(isinstance(given, dict) for given in found.values()):
        raise Refused(_("It has no status_triggers with a name and settings each."))
    for name, given in found.items():
        if strange := sorted(map(str, given.keys() - _FIELDS)):
            raise Refused(_("%(name)s: nobody knows “%(field)s”.") % {"name": name, "field": strange[0]})
    return {str(name): given for name, given in found.items()}


def _rules(name: str, given: Mapping[str, Any]) -> Iterator[tuple[str, str, Definition]]:
    """Yield the rules of one trigger: key, name and definition."""
    title = name.replace("_", " ").capitalize()[:60]
    trigger, options = _trigger(name)
    steps: list[Do | Wait] = []
    if (delay := _span(given.get("delay", "immediate"), name)).count:
        steps.append(Wait(delay))
    steps.append(_send(name, given))
    follow_up = given.get("follow_up")
    if follow_up and follow_up != _WEEKLY:
        steps += [Wait(_span(follow_up, name), _STOPS), plan("call", _("Follow up: %(name)s") % {"name": title})]
    yield f"{KEY}{name}"[:60], title, rule("job", trigger, *steps, options=options)
    if follow_up == _WEEKLY:
        weekly = rule_preset("status.hold_weekly")
        if name != "on_hold" or weekly is None:
            raise Refused(_("%(name)s: only what is on hold is looked at every week.") % {"name": name})
        yield f"{KEY}{name}.{_WEEKLY}"[:60], _("%(name)s: every week") % {"name": title}, weekly.definition()
    if survey := given.get("survey"):
        if name != "completed":
            raise Refused(_("%(name)s: a survey follows what is completed.") % {"name": name})
        asked = rule("job", "job.done_since", send("survey_invitation", by=("email",)), span=_span(survey, name))
        yield f"{KEY}{name}.{_SURVEY}"[:60], _("%(name)s: survey") % {"name": title}, asked


def _trigger(name: str) -> tuple[str, dict[str, str]]:
    """Return what starts it: an event of its own, or a step of that meaning or name."""
    if name in _EVENTS:
        return _EVENTS[name], {}
    if name in ("quote_sent", "scheduled"):
        return "job.entered", {"step": step(name)}
    for pk, stage in pipeline_setup().stages.items():
        if stage.archived_at is None and _SLUG.sub("_", stage.name.casefold()) == name.casefold():
            return "job.entered", {"step": str(pk)}
    raise Refused(_("%(name)s: no step of yours is called so.") % {"name": name})


def _send(name: str, given: Mapping[str, Any]) -> Do:
    channels, key = given.get("channels") or (), str(given.get("template", ""))
    if not isinstance(channels, list | tuple) or not channels or not {*channels} <= {*WRITTEN} or len(channels) > 3:
        raise Refused(_("%(name)s: the channels are one to three of email, sms and whatsapp.") % {"name": name})
    if not any(template.key == key for template in catalogue().live()):
        raise Refused(_("%(name)s: there is no template “%(key)s”.") % {"name": name, "key": key})
    return send(key, by=tuple(channels))


def _span(said: object, name: str) -> Span:
    if said == "immediate":
        return Span(0)
    found = _SPAN.fullmatch(str(said)[:20])
    if found is None:
        raise Refused(_("%(name)s: “%(said)s” is no time such as 3_days.") % {"name": name, "said": str(said)[:40]})
    return Span(int(found[1]), Unit(f"{found[2]}s"))


def export_triggers() -> str:
    """Return the rules that came by YAML as one: what they are now, as far as YAML can say it."""
    rows = Rule.objects.filter(archived_at__isnull=True, preset__startswith=KEY).select_related("version")
    found: dict[str, dict[str, Any]] = {}
    for row in rows.order_by("pk"):
        assert row.version is not None, "a rule is added with a version"
        name, _dot, part = row.preset.removeprefix(KEY).partition(".")
        definition = Definition.from_json(row.version.definition)
        into = found.setdefault(name, {})
        if part == _WEEKLY:
            into["follow_up"] = _WEEKLY
        elif part == _SURVEY:
            into["survey"] = _said(definition.span)
        else:
            into |= _exported(definition)
    return yaml.safe_dump({"status_triggers": found}, sort_keys=False, default_flow_style=None)


def _exported(definition: Definition) -> dict[str, Any]:
    found: dict[str, Any] = {"channels": [], "template": "", "delay": "immediate"}
    for at, one in enumerate(definition.steps):
        if isinstance(one, Wait):
            found["delay" if at == 0 else "follow_up"] = _said(one.span)
        elif one.action == "message.send" and not found["template"]:
            media = (one.options.get(name, "") for name in ("first", "second", "third"))
            found |= {"channels": [medium for medium in media if medium], "template": one.options["template"]}
    return found


def _said(span: Span) -> str:
    return f"{span.count}_{span.unit.removeprefix('working_')}" if span.count else "immediate"
