"""Detail of one run: its cause, the conditions that held, the outcome of each step, and the steps to come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from crm.automation.definition import Definition
from crm.automation.editor import rule_text
from crm.automation.log.run_lines import condition_words
from crm.automation.models import RuleRun, RunState
from crm.automation.setup import ReadRule
from crm.platform.models import Event
from crm.web.reader import Reader
from crm.web.timeline.event_words import describe_event, name_of


class RunStepLine(NamedTuple):
    """A step of a run. `css`: the class of its mark."""

    words: str
    css: str
    state: str
    at: str


@dataclass(frozen=True)
class RunAccount:
    """The detail of a run. `cause`: the starting event, or that a time was reached."""

    cause: str
    cause_at: str
    when: str
    conditions: list[list[tuple[str, bool]]]
    steps: list[RunStepLine]
    next_at: str


def run_account(run: RuleRun, reader: Reader) -> RunAccount:
    """Return the detail of a run, by the rule version it used."""
    read = ReadRule.of(run.rule, Definition.from_json(run.version.definition))
    event = None
    if run.event_id:
        event = Event.objects.filter(pk=run.event_id).first()
    return RunAccount(
        _cause_text(event),
        reader.moment(event.at if event else run.at),
        rule_text.trigger_text(read),
        [[(condition_words(read.kind, str(text)), bool(holds)) for text, holds in group] for group in run.judged],
        _step_lines(run, read, reader),
        reader.moment(run.next_at) if run.next_at else "",
    )


def _cause_text(event: Event | None) -> str:
    if event is None:
        return _("Its time has come.")
    sentence = describe_event(event.kind, event.data, event.actor_id).words
    who = name_of(event.actor_id)
    if who:
        return f"{who} {sentence}"
    return sentence


def _step_lines(run: RuleRun, read: ReadRule, reader: Reader) -> list[RunStepLine]:
    """Return a line per step: the outcome of its last attempt, or that it is still to come."""
    came: dict[int, Mapping[str, Any]] = {int(entry["step"]): entry for entry in run.log if entry["state"] != "moved"}
    moved = {int(entry["step"]): entry["data"] for entry in run.log if entry["state"] == "moved"}
    lines = []
    for at, text in enumerate(rule_text.step_texts(read)):
        entry = came.get(at)
        if at in moved:
            text = f"{text} · {_moved_text(moved[at], reader)}"
        lines.append(_step_done(read, at, text, entry, reader) if entry else _step_open(run, at, text))
    return lines


def _moved_text(data: Mapping[str, Any], reader: Reader) -> str:
    """Describe how a wait was moved: old time, new time and reason."""
    instants = {name: reader.moment(datetime.fromisoformat(data[name])) for name in ("from", "to")}
    return _("moved from %(from)s to %(to)s: working hours or the time zone changed") % instants


def _step_done(read: ReadRule, at: int, text: str, entry: Mapping[str, Any], reader: Reader) -> RunStepLine:
    css, state = {
        "done": ("is-good", _("Done")),
        "skipped": ("is-warn", _("Nothing to do")),
        "refused": ("is-warn", _("Not done")),
        "failed": ("is-bad", _("Failed")),
    }[entry["state"]]
    came = None
    if at < len(read.steps):
        came = read.steps[at]
    if entry["words"]:
        text = f"{text}: {entry['words']}"
    elif came is not None and came[0].told is not None and entry["data"]:
        text = came[0].told(entry["data"])
    return RunStepLine(text, css, state, reader.near(datetime.fromisoformat(entry["at"])))


def _step_open(run: RuleRun, at: int, said: str) -> RunStepLine:
    if run.state in (RunState.UNMATCHED, RunState.SKIPPED):
        return RunStepLine(said, "", _("Not done"), "")
    if run.state == RunState.PROPOSED:
        return RunStepLine(said, "is-brand", _("Suggested"), "")
    if run.state == RunState.SHADOW:
        return RunStepLine(said, "", _("Would have been done"), "")
    if at < run.step:
        return RunStepLine(said, "is-brand" if run.state == RunState.WAITING else "", _("Waited"), "")
    return RunStepLine(said, "", _("Upcoming") if run.state == RunState.WAITING else _("Not done"), "")
