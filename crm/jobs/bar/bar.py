"""Render the pipeline bar as one HTML string: equally wide phases, past steps by how they ended, the active one filled.

Built in Python, not in a template: a list shows fifty. What a job has behind it changes rarely, so the two
halves around the active step are memoised; level, share step and label are put between them at render.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from html import escape
from typing import Literal

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.jobs.models.visit import NO_STATUS

Level = Literal["none", "crit", "late", "soon", "ok", "hold", "lost", "won"]
Side = Literal["us", "customer", "paused"]

# Of two visits to the same step, the worse one shows.
_BADNESS = {"ok": 0, "hold": 0, "soon": 1, "late": 2, "crit": 3}


@dataclass(frozen=True)
class BarStep:
    """Fields of a step that the bar needs."""

    id: int
    name: str
    archived: bool = False


@dataclass(frozen=True, eq=False)
class Shape:
    """A pipeline's steps on the tenant's phases, in order. Compared by identity: built once per configuration."""

    phases: tuple[tuple[str, tuple[BarStep, ...]], ...]
    places: dict[int, tuple[int, BarStep]] = field(init=False)
    length: int = field(init=False)

    def __post_init__(self) -> None:
        places = {step.id: (phase, step) for phase, (_name, steps) in enumerate(self.phases) for step in steps}
        object.__setattr__(self, "places", places)
        object.__setattr__(self, "length", sum(not step.archived for _phase, step in places.values()))

    def drawn_phases(self, visited: Iterable[int]) -> list[tuple[str, list[BarStep]]]:
        """List phases with the steps to draw: live ones, and archived ones that the job was in."""
        kept = set(visited)
        return [(name, [s for s in steps if not s.archived or s.id in kept]) for name, steps in self.phases]


@dataclass(frozen=True)
class BarFrame:
    """A rendered bar without its active step: the HTML before and after it, and the words of both."""

    before: str
    after: str
    where: str
    was_late: str
    name: str
    # The class of the active step where the time without a status was late and no section before it can show that.
    mark: str = ""


def visits(past: str) -> dict[int, str]:
    """Parse a job's past visits, `"0:late 12:ok 13:late"`, into stage id → worst level. Broken pairs are ignored.

    The id NO_STATUS is of the time without a status.
    """
    worst: dict[int, str] = {}
    for pair in past.split():
        stage, _colon, level = pair.partition(":")
        if not stage.isdigit() or level not in _BADNESS:
            continue
        worst_level = worst.get(int(stage))
        if worst_level is None or _BADNESS[level] > _BADNESS[worst_level]:
            worst[int(stage)] = level
    return worst


@lru_cache(maxsize=8192)
def _build_frame(shape: Shape, past: str, stage_id: int, language: str) -> BarFrame:
    seen = visits(past)
    unassigned = seen.pop(NO_STATUS, "ok")
    was_late = unassigned in ("late", "crit")
    current_phase, current = shape.places.get(stage_id, (0, BarStep(stage_id, "")))
    phases = shape.drawn_phases({*seen, stage_id})
    if stage_id not in shape.places:
        phases[0][1].append(current)
    halves = ["", ""]
    half = 0
    position = 0
    steps_so_far = 0
    for _name, steps in phases:
        halves[half] += "<b>"
        for step in steps:
            steps_so_far += 1
            if step.id == stage_id:
                half = 1
                position = steps_so_far
            elif half == 0:
                level = seen.get(step.id)
                # The first section shows the time without a status too: the worse of both.
                if was_late and steps_so_far == 1 and _BADNESS[level or "ok"] < _BADNESS[unassigned]:
                    level = unassigned
                halves[0] += f'<i class="{_past_class(level)}"></i>'
            else:
                halves[1] += "<i></i>"
        halves[half] += "</b>"
    phase = ""
    if shape.phases:
        phase = shape.phases[current_phase][0]
    # A step that is its own phase is named once.
    if phase == current.name:
        text = _("%(step)s, step %(position)s of %(count)s.")
    else:
        text = _("%(step)s, %(phase)s, step %(position)s of %(count)s.")
    where = text % {
        "step": current.name,
        "phase": phase,
        "position": position,
        "count": max(steps_so_far, position),
    }
    words = _was_late(shape, seen, unassigned=was_late)
    mark = ""
    if was_late and position == 1:
        mark = f" was-{unassigned}"
    return BarFrame(halves[0], halves[1], escape(where), escape(words), escape(current.name), mark)


def _past_class(level: str | None) -> str:
    if level is None:
        return "gap"
    if level == "hold":
        return "ok"
    return level


def _was_late(shape: Shape, seen: dict[int, str], *, unassigned: bool) -> str:
    late = []
    if unassigned:
        late = [_("No status")]
    late += [step.name for step_id, (_phase, step) in shape.places.items() if seen.get(step_id) in ("late", "crit")]
    if late:
        return _("Was late at %(steps)s.") % {"steps": ", ".join(late)}
    return ""


def bar(
    shape: Shape,
    *,
    past: str,
    stage_id: int | None,
    level: Level,
    step: int = 0,
    now: str = "",
    hang: str = "",
    side: Side = "us",
    micro: bool = False,
    language: str = "",
) -> SafeString:
    """Render the bar of one job.

    `past`: pairs of stage id and level of the visits that ended. `step`: twentieths of the allowance used, as
    clock.share_step counts them.
    `now`: the sentence on the present stay ("8d 2h of 3d allowed, 5d 2h over."). `hang`: words under the active
    step; its name unless given. A job without a stage is one dashed tube; `now` then says why.
    `language` is the one in use; a list passes it, for asking Django costs as much as the bar.
    """
    if stage_id is None:
        return _render_no_status(now, hang, micro, language or get_language() or "")
    frame = _build_frame(shape, past, stage_id, language or get_language() or "")
    label = " ".join(filter(None, (frame.where, escape(now), frame.was_late)))
    if micro:
        words = ""
    else:
        words = f"<u>{escape(hang) if hang else frame.name}</u>"
    # A reason is somebody's words, of any length; a name is made to fit.
    css_class = ""
    if hang and not micro:
        css_class = " says"
    ended = ""
    if level in ("lost", "won"):
        ended = " ended"
    theirs = ""
    if side == "customer" and level not in ("hold", "lost", "won"):
        theirs = " cust"
    # Not by mark_safe, which looks first whether it is given something lazy.
    return SafeString(
        f'<span class="plb{ended}{" micro" * micro}{css_class}" role="img" aria-label="{label}">{frame.before}'
        f'<i class="now {level}{theirs}{frame.mark} p{step}">{words}</i>{frame.after}</span>'
    )


@lru_cache(maxsize=8192)
def _render_no_status(now: str, hang: str, micro: bool, language: str) -> SafeString:
    """Render the bar of a job without status: one dashed tube without sections."""
    # Not in an f-string: xgettext does not look into those.
    label = escape((_("No status.") + " " + now).strip())
    words = ""
    if hang and not micro:
        words = f"<u>{escape(hang)}</u>"
    return mark_safe(
        f'<span class="plb none{" micro" * micro}" role="img" aria-label="{label}"><i class="now p0">{words}</i></span>'
    )
