"""Parts of the installation: tick, sweep, workers and live; their last heartbeat, and the last hour."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.platform.health.heartbeats import LIVE, SWEEP, TICK, WORKER
from crm.platform.tenancy.context import current_tenant_id
from crm.web.health.findings import Finding, HealthState, PartMinutes
from crm.web.health.snapshot import HealthSnapshot, format_span

# Silence of a part: so long is slow, and so long is an alarm. Each gives a sign at least every minute.
SLOW = timedelta(seconds=100)
DOWN = timedelta(minutes=3)
MINUTES = 60


@dataclass(frozen=True)
class SignMark:
    """A minute of the strip: its position, and its state ("", "gap"; "off" before anything was recorded)."""

    x: int
    css: str


@dataclass(frozen=True)
class SystemPartRow:
    """A row of the card "Heart"."""

    key: str
    name: str
    note: str
    state: HealthState
    words: str
    since: str
    marks: list[SignMark]
    said: str


def system_parts() -> list[tuple[str, str, str]]:
    """Return (key, name, purpose) of the installed parts."""
    parts_ = [
        (TICK, _("Tick"), _("due work, every ten seconds")),
        (f"{WORKER}celery", _("Worker"), _("triggers, notices, reports")),
        (f"{WORKER}io", _("Worker of messages"), _("sends, fetches, calls others")),
        (SWEEP, _("Sweep"), _("finds work that was missed")),
    ]
    return parts_ + ([(LIVE, _("Live pages"), "")] if settings.LIVE_URL else [])


def state_of(silence: timedelta | None) -> HealthState:
    """Return the state of a part from the time since its last heartbeat."""
    if silence is None or silence >= DOWN:
        return HealthState.DOWN
    if silence >= SLOW:
        return HealthState.SLOW
    return HealthState.OK


def system_part_rows(look: HealthSnapshot) -> list[SystemPartRow]:
    """Return the rows of the card."""
    words = {HealthState.OK: _("works"), HealthState.SLOW: _("slow"), HealthState.DOWN: _("stopped")}
    rows = []
    for key, name, note in system_parts():
        silence = look.silence(key)
        state = state_of(silence)
        if silence is None:
            since = _("no signal for a day")
        else:
            since = _("%(time)s ago") % {"time": format_span(silence)}
        marks = list(_sign_marks(look, key))
        gaps = sum(mark.css == "gap" for mark in marks)
        if gaps:
            sentence = _("Last hour: %(count)s minutes without a signal") % {"count": gaps}
        else:
            sentence = _("Last hour: no gap")
        rows.append(
            SystemPartRow(key, name, note or _connected_pages(look), state, words[state], since, marks, sentence)
        )
    return rows


def _connected_pages(look: HealthSnapshot) -> str:
    count = 0
    if look.live:
        count = look.live.connected.get(current_tenant_id() or 0, 0)
    return ngettext("%(count)s page connected", "%(count)s pages connected", count) % {"count": count}


def _sign_marks(look: HealthSnapshot, key: str) -> Iterator[SignMark]:
    """Return a mark for each full minute of the last hour; "off" before the first heartbeat of any part."""
    this = look.now.replace(second=0, microsecond=0)
    beats = look.beats.get(key)
    minutes = [minute for other in look.beats.values() for minute in other.minutes]
    first = min(minutes, default=this)
    for place in range(MINUTES):
        minute = this - timedelta(minutes=MINUTES - place)
        # A sign a minute may fall just before and after one: only two silent minutes are a gap.
        came = beats is not None and ({minute, minute - timedelta(minutes=1)} & beats.minutes.keys())
        css_class = "off"
        if came:
            css_class = ""
        elif minute >= first:
            css_class = "gap"
        yield SignMark(place * 4, css_class)


@dataclass(frozen=True)
class MinuteStrip:
    """The last hour of a part that need not work every minute, as marks and as text."""

    marks: list[SignMark]
    said: str


def minute_strip(minutes: PartMinutes | None) -> MinuteStrip | None:
    """Return the strip of minutes in which a part worked ("") or failed ("gap"); others are idle ("off")."""
    if minutes is None:
        return None
    css = dict.fromkeys(minutes.worked, "") | dict.fromkeys(minutes.failed, "gap")
    marks = [SignMark((MINUTES - 1 - ago) * 4, css.get(ago, "off")) for ago in reversed(range(MINUTES))]
    names = {"worked": len(minutes.worked), "failed": len(minutes.failed)}
    return MinuteStrip(marks, _("Last hour: at work in %(worked)s minutes, something failed in %(failed)s") % names)


def check_parts(look: HealthSnapshot) -> Iterable[Finding]:
    """Check that every part has sent a heartbeat recently."""
    for key, name, _note in system_parts():
        silence = look.silence(key)
        state = state_of(silence)
        if state != HealthState.OK:
            if silence is not None:
                lasts = format_span(silence)
            else:
                lasts = _("a day")
            words = _("No signal from %(part)s for %(time)s") % {"part": name, "time": lasts}
            yield Finding(state, words, _describe_consequence(key), about=key)
    if all(state_of(look.silence(key)) == HealthState.OK for key, *_rest in system_parts()):
        yield Finding(HealthState.OK, _("All components work"))


def _describe_consequence(key: str) -> str:
    sentences = {
        TICK: _("Scheduled work waits until it is back. Nothing is lost."),
        SWEEP: _("Some updates are delayed. Nothing is lost."),
        f"{WORKER}celery": _("Triggers, notices and reports wait. Nothing is lost."),
        f"{WORKER}io": _("No messages are sent or received. Nothing is lost."),
        LIVE: _("Open pages don’t update by themselves. Reload them to see changes."),
    }
    return sentences.get(key, "")


def name_of(key: str) -> str:
    """Return the name of a part."""
    return next((name for part, name, _note in system_parts() if part == key), key)
