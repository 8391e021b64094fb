"""Render a job's pipeline bar for email: a table with colours in its cells, because mail programs drop style sheets."""

from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString

from crm.jobs.bar.bar import visits
from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bar.shapes import shapes

# The light colours of static/css/tokens.css: of the active step, and of past ones.
ACTIVE = {
    "ok": "#1f9a93",
    "soon": "#e3b21c",
    "late": "#dd6b20",
    "crit": "#b3122f",
    "hold": "#8a8f98",
    "lost": "#8a8f98",
    "won": "#1f9a93",
}
PAST = {"ok": "#c3dfdc", "hold": "#c3dfdc", "soon": "#efe0ac", "late": "#f2c6a5", "crit": "#e6aab2"}
COMING = "#e6e8eb"


class BarCell(NamedTuple):
    """One step as a cell: its colour, and whether a phase begins with it."""

    colour: str
    is_first: bool


def mail_bar(words: ClockWords) -> SafeString:
    """Return the bar of a job as a table. It says nothing to a screen reader: the words stand below it."""
    shape = shapes()[words.job.pipeline_id]
    cells = list(_list_cells(words))
    if not cells:
        return SafeString("")
    width = 100 // max(shape.length, 1)
    columns = "".join(
        f'<td bgcolor="{cell.colour}" width="{width}%" height="8" style="background:{cell.colour};height:8px;'
        f'font-size:0;line-height:0;border-left:{4 if cell.is_first else 1}px solid #ffffff">&nbsp;</td>'
        for cell in cells
    )
    return SafeString(
        '<table role="presentation" aria-hidden="true" width="100%" cellpadding="0" cellspacing="0" border="0"'
        f' style="border-collapse:collapse;max-width:420px" title="{escape(words.sentence)}"><tr>{columns}</tr></table>'
    )


def _list_cells(words: ClockWords) -> Iterator[BarCell]:
    seen = visits(words.job.past)
    is_past = words.stage_id is not None
    for _name, steps in shapes()[words.job.pipeline_id].drawn_phases({*seen, words.stage_id or 0}):
        for place, step in enumerate(steps):
            if step.id == words.stage_id:
                is_past = False
                colour = ACTIVE.get(words.css, COMING)
            elif is_past:
                colour = PAST.get(seen.get(step.id, ""), COMING)
            else:
                colour = COMING
            yield BarCell(colour, place == 0)
