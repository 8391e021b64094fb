"""The list filter behind each number: `?counted=won.2026-05-01.2026-05-07` selects the leads it counts.

Parts are joined by dots: a measure and its days, then what became of them (`won`) or how far they came (`p3`: to the
third phase, or beyond); or a state of now: `untouched`, `unanswered`.
"""

from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.pipelines.setup import pipeline_setup
from crm.jobs.untouched import untouched_condition
from crm.kernel import clock
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.web.lists.conditions.filters import Filter
from crm.web.lists.conditions.viewer import Viewer
from leads.models import FirstContact
from reports.figures.days import MOST_DAYS, ZonedDays
from reports.figures.measures import DECIDED, MEASURES, OUTCOMES, outcome

UNTOUCHED = "untouched"
UNANSWERED = "unanswered"


class FigureCount(NamedTuple):
    """Definition of a count: measure, days, outcome and phase of its leads."""

    measure: str
    days: ZonedDays
    outcome: str = ""
    phase: int = 0

    def __str__(self) -> str:
        parts = [self.measure, self.days.first.isoformat(), self.days.last.isoformat()]
        return ".".join([*parts, *filter(None, [self.outcome, f"p{self.phase}" if self.phase else ""])])

    @classmethod
    def read(cls, text: str) -> "FigureCount":
        """Parse the text that `str` returns. Raises ValueError."""
        measure, first, last, *more = text.split(".")
        days = ZonedDays.read(first, last, most=MOST_DAYS)
        if measure not in MEASURES or days is None:
            raise ValueError("no such number")
        counted = cls(measure, days)
        for part in more:
            counted = counted._replace(
                **{"outcome": part} if part in (*OUTCOMES, DECIDED) else {"phase": _parse_phase(part)}
            )
        return counted

    def condition(self) -> Q:
        """Return the condition for the leads that are counted."""
        condition = MEASURES[self.measure].leads_of(self.days)
        if self.outcome:
            condition &= outcome(self.outcome)
        if self.phase:
            return condition & Q(stage_id__in=stages_from_phase(self.phase))
        return condition


def _parse_phase(text: str) -> int:
    place = read_number(text[1:], least=1, most=len(pipeline_setup().phases))
    if place is None or not text.startswith("p"):
        raise ValueError("no such phase")
    return place


def stages_from_phase(phase: int) -> list[int]:
    """Return the steps of a phase, given by its place from 1, and of all later ones."""
    setup = pipeline_setup()
    return [stage for row in setup.phases[phase - 1 :] for stage in setup.stages_in_phase(row.pk)]


def unanswered_condition() -> Q:
    """Return the condition for open leads whose first contact is overdue."""
    late = FirstContact.objects.filter(job=OuterRef("pk"), contacted_at=None, due_at__lt=clock.now())
    return Q(Exists(late)) & Q(state="open")


class CountedFilter(Filter):
    """List filter that only links from reports set."""

    tests = ("is",)

    def __init__(self) -> None:
        super().__init__(gettext_lazy("Counted"))

    def offers(self, member: Member) -> bool:
        return False

    def operand(self, test: str, viewer: Viewer) -> forms.Field:
        return _FigureCountField()

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        if value == UNTOUCHED:
            return untouched_condition()
        if value == UNANSWERED:
            return unanswered_condition()
        return FigureCount.read(value).condition()

    def value_words(self, test: str, value: str, viewer: Viewer) -> str:
        if value in (UNTOUCHED, UNANSWERED):
            if value == UNTOUCHED:
                return _("no contact yet")
            return _("late for first contact")
        counted = FigureCount.read(value)
        words = [str(MEASURES[counted.measure].words)]
        if counted.outcome:
            words.append(outcome_words()[counted.outcome])
        if counted.phase:
            name = pipeline_setup().phases[counted.phase - 1].name
            words.append(_("as far as %(phase)s") % {"phase": name})
        first, last = (viewer.reader.date(day) for day in (counted.days.first, counted.days.last))
        return ", ".join([*words, first if first == last else f"{first} – {last}"])


class _FigureCountField(forms.CharField):
    def validate(self, value: str) -> None:
        super().validate(value)
        if value in (UNTOUCHED, UNANSWERED):
            return
        try:
            FigureCount.read(value)
        except ValueError:
            raise ValidationError(_("Open the list from the number in the report.")) from None


def outcome_words() -> dict[str, str]:
    """Return an outcome of leads in words."""
    words = (_("still open"), _("won"), _("lost"), _("dropped"), _("done"), _("decided"))
    return dict(zip((*OUTCOMES, DECIDED), words, strict=True))
