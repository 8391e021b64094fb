"""Describe a ticket's clock in words, the same in list and page, and render its bar."""

from functools import cached_property, lru_cache
from typing import Any, cast

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.bar import bar
from crm.jobs.bar.clock_words import RowWords
from crm.jobs.models import Level
from crm.kernel import durations
from crm.web.reader import Reader
from tickets.models import STEPS, Metric, Status, Ticket
from tickets.models.metric import OURS, THEIRS


@lru_cache(maxsize=16)
def shape(language: str) -> bar.Shape:
    """Return the shape of a ticket's bar: statuses as phases of one step."""
    names = {step: str(status.label) for status, step in STEPS.items()}
    return bar.Shape(tuple((name, (bar.BarStep(step, name),)) for step, name in names.items()))


class TicketWords(RowWords):
    """Words and classes of one ticket's clock at one moment."""

    row: Ticket

    def __init__(self, ticket: Ticket, reader: Reader) -> None:
        super().__init__(ticket, reader)
        self.ticket = ticket
        # The level's class; a ticket that has ended is done.
        self.css = cast("bar.Level", "won" if self.level == Level.ENDED else self.level.css)

    @cached_property
    def age(self) -> str:
        """Return the time left or overdue: "11m left", "1h 54m late"; for a stopped clock its state."""
        if self.level >= Level.HOLD:
            return _status_words(self.reader.language, self.ticket.status)
        return _time_left_words(self.reader.language, self._time, self.is_late)

    @cached_property
    def promise(self) -> str:
        """Return what is due: "First reply due in 40m", "Next reply 2h late", "Answered 2h late"; "" for nothing."""
        if self.level < Level.HOLD and self.ticket.due_at is not None:
            return _due_words(self.reader.language, self.ticket.clock_metric, self._time, self.is_late)
        return self.lateness

    @cached_property
    def _time(self) -> str:
        """Format the one number of the clock: the time until it is due, or how late it is as its policy counts."""
        ticket = self.ticket
        language = self.reader.language
        if self.is_late:
            return self.late_by
        if ticket.due_at:
            left = (ticket.due_at - self.reader.now).total_seconds()
        else:
            left = ticket.allowed - self.used
        return durations.short_duration(left, language=language)

    @property
    def told(self) -> str:
        """Return the due text of a row: time left while the clock runs, else the state and how late it was."""
        if self.level < Level.HOLD:
            return self.promise or self.age
        return " · ".join(filter(None, (self.age, self.lateness)))

    @cached_property
    def lateness(self) -> str:
        """Return how late a promise was kept, as its policy counts; kept after the ticket is solved."""
        ticket = self.ticket
        language = self.reader.language
        if not ticket.late_seconds:
            return ""
        late = durations.short_duration(ticket.late_seconds, self.workday or durations.DAY, language)
        return _lateness_words(language, ticket.late_metric, late)

    @property
    def sentence(self) -> str:
        """Return a sentence for screen readers and tooltips: "1h 54m late. Their move."."""
        if self.level == Level.HOLD and self.ticket.pause_reason:
            return f"{self.age}: {self.ticket.pause_reason}."
        if self.theirs:
            return f"{self.age}. {_their_move(self.reader.language)}"
        return f"{self.age}."

    def bar(self, *, micro: bool = False) -> SafeString:
        """Render the bar: past statuses, and the current one."""
        return bar.bar(
            shape(self.reader.language),
            past=self.ticket.past,
            stage_id=STEPS[Status(self.ticket.status)],
            level=self.css,
            step=self.step,
            now=self.sentence,
            side=cast("bar.Side", self.ticket.side),
            micro=micro,
            language=self.reader.language,
        )


# Memoised, for a list says fifty of each; `language` is the one in use and only part of the key.


@lru_cache(maxsize=64)
def _their_move(language: str) -> str:
    return _("Their move.")


@lru_cache(maxsize=64)
def _status_words(language: str, status: str) -> str:
    return str(Status(status).label)


@lru_cache(maxsize=8192)
def _time_left_words(language: str, time: str, over: bool) -> str:
    if over:
        return _("%(time)s late") % {"time": time}
    return _("%(time)s left") % {"time": time}


@lru_cache(maxsize=8192)
def _due_words(language: str, metric: str, time: str, late: bool) -> str:
    return (_LATE if late else _DUE)[metric or OURS] % {"time": time}


@lru_cache(maxsize=8192)
def _lateness_words(language: str, metric: str, time: str) -> str:
    return _KEPT_LATE.get(metric, _KEPT_LATE[Metric.NEXT_REPLY]) % {"time": time}


_DUE: dict[str, Any] = {
    Metric.FIRST_REPLY: gettext_lazy("First reply due in %(time)s"),
    Metric.NEXT_REPLY: gettext_lazy("Reply due in %(time)s"),
    Metric.UPDATE: gettext_lazy("Update due in %(time)s"),
    Metric.RESOLUTION: gettext_lazy("Resolution due in %(time)s"),
    OURS: gettext_lazy("Our move, due in %(time)s"),
    THEIRS: gettext_lazy("Waiting on the customer, nudge in %(time)s"),
}
_LATE: dict[str, Any] = {
    Metric.FIRST_REPLY: gettext_lazy("First reply %(time)s late"),
    Metric.NEXT_REPLY: gettext_lazy("Reply %(time)s late"),
    Metric.UPDATE: gettext_lazy("Update %(time)s late"),
    Metric.RESOLUTION: gettext_lazy("Resolution %(time)s late"),
    OURS: gettext_lazy("Our move, %(time)s late"),
    THEIRS: gettext_lazy("No reply, nudge %(time)s late"),
}
_KEPT_LATE: dict[str, Any] = {
    Metric.FIRST_REPLY: gettext_lazy("Answered %(time)s late"),
    Metric.NEXT_REPLY: gettext_lazy("Answered %(time)s late"),
    Metric.UPDATE: gettext_lazy("Updated %(time)s late"),
    Metric.RESOLUTION: gettext_lazy("Solved %(time)s late"),
}
