"""One run in full: what started it, which conditions held, what came of each step, and what is still to come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from crm.automation.definition import Definition
from crm.automation.editor import words
from crm.automation.log.lines import condition_words
from crm.automation.models import RuleRun, RunState
from crm.automation.setup import ReadRule
from crm.platform.models import Event
from crm.web.reader import Reader
from crm.web.timeline.event_words import describe, name_of


class Step(NamedTuple):
    """A step of a run. `css`: the class of its mark."""

    words: str
    css: str
    state: str
    at: str


@dataclass(frozen=True)
class Account:
    """A run, in words. `cause`: the event that started it, or that its time had come."""

    cause: str
    cause_at: str
    when: str
    conditions: list[list[tuple[str, bool]]]
    steps: list[Step]
    next_at: str


def account(run: RuleRun, reader: Reader) -> Account:
    """Return a run in words, by the version it went by."""
    read = ReadRule.of(run.rule, Definition.from_json(run.version.definition))
    event = None
    if run.event_id:
        event = Event.objects.filter(pk=run.event_id).first()
    return Account(
        _cause(event),
        reader.moment(event.at if event else run.at),
        words.when(read),
        [[(condition_words(read.kind, str(text)), bool(held)) for text, held in group] for group in run.judged],
        _steps(run, read, reader),
        reader.moment(run.next_at) if run.next_at else "",
    )


def _cause(event: Event | None) -> str:
    if event is None:
        return _("Its time has come.")
    said = describe(event.kind, event.data, event.actor_id).words
    who = name_of(event.actor_id)
    if who:
        return f"{who} {said}"
    return said


def _steps(run: RuleRun, read: ReadRule, reader: Reader) -> list[Step]:
    """Return what came of each step, the last try of it, and what is still to come."""
    came: dict[int, Mapping[str, Any]] = {int(entry["step"]): entry for entry in run.log if entry["state"] != "moved"}
    moved = {int(entry["step"]): entry["data"] for entry in run.log if entry["state"] == "moved"}
    found = []
    for at, said in enumerate(words.steps(read)):
        entry = came.get(at)
        if at in moved:
            said = f"{said} · {_moved(moved[at], reader)}"
        found.append(_step_done(read, at, said, entry, reader) if entry else _step_open(run, at, said))
    return found


def _moved(data: Mapping[str, Any], reader: Reader) -> str:
    """Say from when to when a wait moved, and why."""
    instants = {name: reader.moment(datetime.fromisoformat(data[name])) for name in ("from", "to")}
    return _("moved from %(from)s to %(to)s: working hours or the time zone changed") % instants


def _step_done(read: ReadRule, at: int, said: str, entry: Mapping[str, Any], reader: Reader) -> Step:
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
        said = f"{said}: {entry['words']}"
    elif came is not None and came[0].told is not None and entry["data"]:
        said = came[0].told(entry["data"])
    return Step(said, css, state, reader.near(datetime.fromisoformat(entry["at"])))


def _step_open(run: RuleRun, at: int, said: str) -> Step:
    if run.state in (RunState.UNMATCHED, RunState.SKIPPED):
        return Step(said, "", _("Not done"), "")
    if run.state == RunState.PROPOSED:
        return Step(said, "is-brand", _("Suggested"), "")
    if run.state == RunState.SHADOW:
        return Step(said, "", _("Would have been done"), "")
    if at < run.step:
        return Step(said, "is-brand" if run.state == RunState.WAITING else "", _("Waited"), "")
    return Step(said, "", _("Upcoming") if run.state == RunState.WAITING else _("Not done"), "")
