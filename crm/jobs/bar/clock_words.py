"""Describe a clock in words, the same in list, page and search: age, allowance, whose turn it is, how it ended."""

from functools import lru_cache
from typing import NamedTuple, cast

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.jobs.bar import bar
from crm.jobs.clock.arithmetic import share_step
from crm.jobs.clock.clocked import Clocked
from crm.jobs.models import Job, JobState, Level, Side
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import durations
from crm.web.reader import Reader


class RowWords:
    """Words and classes of any clocked row at one moment, derived from the stored instants."""

    def __init__(self, row: Clocked, reader: Reader) -> None:
        self.row, self.reader = row, reader
        self.level = level = row.level_at(reader.now)
        self.used = row.used_at(reader.now)
        hours = row.hours
        # A clock of working hours counts days of work: 3d are three of them, not 72 hours, and it says so.
        self.workday = hours.workday if hours else None
        self.theirs = row.side == Side.CUSTOMER and level < Level.HOLD

    @property
    def step(self) -> int:
        """Twentieths of the allowance used, rounded down: full only once it is over."""
        return share_step(self.used, self.row.allowed)

    def duration(self, seconds: int) -> str:
        """Format seconds of this clock as a duration: "1d 2h", or "1d 2h working time" for a clock of working hours."""
        return durations.clock_duration(seconds, self.workday, self.reader.language)

    @property
    def is_late(self) -> bool:
        return self.used > self.row.allowed

    @property
    def late_by(self) -> str:
        """Format how far the clock is over its allowance, in the hours it counts by: "5d 2h"."""
        return durations.short_duration(
            self.used - self.row.allowed, self.workday or durations.DAY, self.reader.language
        )

    @property
    def allowed(self) -> str:
        return self._clock_text.allowed

    @cached_property
    def _clock_text(self) -> "ClockText":
        used = self.used
        allowed = self.row.allowed
        late = None
        if used > allowed:
            late = (used - allowed) // durations.MINUTE
        return _format_times(self.reader.language, used // durations.MINUTE, allowed, late, self.workday, self.theirs)


class ClockWords(RowWords):
    """Words and classes of one job's clock at one moment."""

    def __init__(self, job: Job, reader: Reader) -> None:
        super().__init__(job, reader)
        # Read once: Django looks a foreign key up by a descriptor.
        self.job = job
        self.stage_id = job.stage_id
        # The level's class; an ended job is won or lost.
        ended = "lost"
        if job.state == JobState.DONE:
            ended = "won"
        self.css = cast("bar.Level", ended if self.level == Level.ENDED else self.level.css)

    @cached_property
    def age(self) -> str:
        """Age, or the state of a stopped clock: "8d 2h", "On hold", "Lost"."""
        if self.level == Level.ENDED:
            return _state_words(self.reader.language, self.job.state)
        if self.level == Level.HOLD:
            return _on_hold(self.reader.language, "")
        return self._clock_text.used

    @property
    def of_allowed(self) -> str:
        """Text below the age: "of 3d", "of 1h working time"; for an ended job the day it ended."""
        if self.level == Level.ENDED:
            if self.job.ended_at:
                return self.reader.day(self.job.ended_at)
            return ""
        if self.level == Level.HOLD:
            return ""
        return _of_allowed(self.reader.language, self.duration(self.row.allowed))

    @cached_property
    def hang(self) -> str:
        """Text below the active step, if it says more than the step's name."""
        job = self.job
        language = self.reader.language
        if self.level == Level.ENDED:
            state = _state_words(language, job.state)
            if job.ended_reason:
                return f"{state} · {job.ended_reason}"
            return state
        if self.level == Level.HOLD:
            return _on_hold(language, job.pause_reason)
        if self.stage_id is None:
            return _no_status(language, job.touched_at is not None)
        step = pipeline_setup().stages[self.stage_id].name
        if self.theirs:
            return _their_move(language, step)
        if job.is_untouched:
            return _untouched_words(language, step)
        return ""

    @property
    def sentence(self) -> str:
        """Sentence on the current stay, for a screen reader: "8d 2h of 3d allowed, 5d 2h late. Their move."."""
        if self.level in (Level.ENDED, Level.HOLD):
            return f"{self.hang.replace(' · ', ': ')}."
        language = self.reader.language
        if self.stage_id is None:
            waited = durations.short_duration(
                (self.reader.now - self.job.came_in_at).total_seconds(), language=language
            )
            return _first_touch(language, waited, self.duration(self.job.allowed), self.job.touched_at is not None)
        if self.job.is_untouched:
            return f"{self._clock_text.stay} {_no_contact_words(language)}"
        return self._clock_text.stay

    def bar(self, shape: bar.Shape, *, micro: bool = False) -> SafeString:
        """The job's bar, full or micro."""
        return bar.bar(
            shape,
            past=self.job.past,
            stage_id=self.stage_id,
            level=self.css,
            step=self.step,
            now=self.sentence,
            hang=self.hang,
            side=cast("bar.Side", self.job.side),
            micro=micro,
            language=self.reader.language,
        )


# Memoised, for a list says fifty of each; `language` is the one in use and only part of the key.


@lru_cache(maxsize=2048)
def _of_allowed(language: str, allowed: str) -> str:
    return _("of %(allowed)s") % {"allowed": allowed}


@lru_cache(maxsize=64)
def _state_words(language: str, state: str) -> str:
    return str(JobState(state).label)


@lru_cache(maxsize=2048)
def _on_hold(language: str, reason: str) -> str:
    if reason:
        return f"{_('On hold')} · {reason}"
    return _("On hold")


@lru_cache(maxsize=64)
def _no_status(language: str, touched: bool) -> str:
    if touched:
        return _("No status")
    return _("No status · untouched")


@lru_cache(maxsize=2048)
def _untouched_words(language: str, step: str) -> str:
    return step + " · " + _("untouched")


@lru_cache(maxsize=64)
def _no_contact_words(language: str) -> str:
    return _("Nobody has been in touch.")


@lru_cache(maxsize=2048)
def _their_move(language: str, step: str) -> str:
    return step + " · " + _("their move")


@lru_cache(maxsize=8192)
def _first_touch(language: str, waited: str, allowed: str, touched: bool) -> str:
    """Describe the arrival and when the first contact is due, in calendar time; once contacted, what is missing."""
    if touched:
        return _("Came in %(used)s ago, and has no status yet.") % {"used": waited}
    text = _("Came in %(used)s ago, first contact due within %(allowed)s.") % {"used": waited, "allowed": allowed}
    return f"{text} {_no_contact_words(language)}"


class ClockText(NamedTuple):
    """A clock in words: used and allowed time, and a sentence on the current stay."""

    used: str
    allowed: str
    stay: str


@lru_cache(maxsize=16_384)
def _format_times(
    language: str, minutes: int, allowed: int, late: int | None, workday: int | None, theirs: bool
) -> ClockText:
    """Format `minutes` used of the `allowed` seconds, `late` minutes over them.

    `workday`: the seconds counted as a day, of a clock of working hours.
    """
    used = minutes * durations.MINUTE
    day = workday or durations.DAY
    words = {
        "used": durations.short_duration(used, day, language),
        "allowed": durations.short_duration(allowed, day, language),
        "over": durations.short_duration((late or 0) * durations.MINUTE, day, language),
    }
    text = _stay_template(late is not None, workday is not None) % words
    return ClockText(words["used"], words["allowed"], text + " " + _("Their move.") if theirs else text)


def _stay_template(late: bool, working: bool) -> str:
    if working and late:
        return _("%(over)s late: %(used)s of %(allowed)s working time used.")
    if working:
        return _("%(used)s of %(allowed)s working time used.")
    if late:
        return _("%(over)s late: %(used)s of %(allowed)s used.")
    return _("%(used)s of %(allowed)s used.")
