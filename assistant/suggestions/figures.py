"""How useful suggestions are: shown, accepted and put aside, by kind, in the last 90 days."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Count

from assistant.models import SuggestionAnswer
from assistant.models.suggestion_answer import SuggestionKind
from crm.kernel import clock

PERIOD = timedelta(days=90)


class SuggestionFigure(NamedTuple):
    """A kind of suggestion: how many were shown to members, and their answers."""

    label: str
    shown: int
    accepted: int
    not_now: int
    never: int

    @property
    def percent(self) -> int:
        """The share of accepted ones, in percent."""
        return round(100 * self.accepted / self.shown) if self.shown else 0


def suggestion_figures() -> list[SuggestionFigure]:
    """Return the figures of each kind that was shown. One query."""
    rows = SuggestionAnswer.objects.filter(shown_at__gte=clock.now() - PERIOD)
    counts: dict[tuple[str, str], int] = {}
    for kind, answer, count in rows.order_by().values_list("kind", "answer").annotate(count=Count("pk")):
        counts[kind, answer] = count
    figures = []
    for kind in SuggestionKind:
        total = sum(count for (one, _answer), count in counts.items() if one == kind)
        answers = [counts.get((kind, answer), 0) for answer in ("accepted", "not_now", "never")]
        if total:
            figures.append(SuggestionFigure(str(kind.label), total, *answers))
    return figures
