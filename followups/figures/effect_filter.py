"""The list filter behind the numbers of comparisons: `?compared=7.12.2026-05-01.2026-05-31.in.won`."""

from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel.days import DayRange
from crm.kernel.whole_numbers import read_number
from crm.web.charts.figure_table import MOST
from crm.web.lists.conditions.link_filter import LinkFilter
from crm.web.lists.conditions.viewer import Viewer
from followups.figures.sequence_effect import leads_of_group
from followups.sequences.models.sequence import sequences_by_id

ENROLLED = "in"
OTHERS = "out"
RESULTS = ("all", "won")


class ComparedGroup(NamedTuple):
    """One group of a comparison: of a sequence and a step, in a period; all of it, or those won."""

    sequence_id: int
    stage_id: int
    days: DayRange
    side: str
    result: str = "all"

    def __str__(self) -> str:
        parts = (self.sequence_id, self.stage_id, self.days.first, self.days.last, self.side, self.result)
        return ".".join(str(part) for part in parts)

    @classmethod
    def read(cls, text: str) -> "ComparedGroup":
        """Parse the text that `str` returns. Raises ValueError."""
        sequence, stage, first, last, side, result = text.split(".")
        sequence_id = read_number(sequence)
        stage_id = read_number(stage)
        days = DayRange.read(first, last, most=MOST)
        if sequence_id not in sequences_by_id() or stage_id not in pipeline_setup().stages or days is None:
            raise ValueError("no such comparison")
        if side not in (ENROLLED, OTHERS) or result not in RESULTS:
            raise ValueError("no such group")
        return cls(sequence_id or 0, stage_id or 0, days, side, result)


class EffectFilter(LinkFilter):
    """Filter by the leads of a comparison."""

    def __init__(self) -> None:
        super().__init__(gettext_lazy("Compared"))

    def read(self, text: str) -> ComparedGroup:
        return ComparedGroup.read(text)

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        group = ComparedGroup.read(value)
        since, until = group.days.instants(viewer.reader.zone)
        return leads_of_group(
            group.sequence_id,
            group.stage_id,
            since,
            until,
            enrolled=group.side == ENROLLED,
            won=group.result == "won",
        )

    def describe(self, value: str, viewer: Viewer) -> str:
        group = ComparedGroup.read(value)
        words = {ENROLLED: _("in “%(sequence)s” at %(step)s"), OTHERS: _("at %(step)s, never in “%(sequence)s”")}
        text = words[group.side] % {
            "sequence": sequences_by_id()[group.sequence_id].name,
            "step": pipeline_setup().stages[group.stage_id].name,
        }
        if group.result == "won":
            text = _("%(group)s, won") % {"group": text}
        first, last = (viewer.reader.date(day) for day in (group.days.first, group.days.last))
        return f"{text}, {first} – {last}"
