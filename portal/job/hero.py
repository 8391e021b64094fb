"""Head of the job page: day x of y, current work, and the next event with its date. Pure functions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from portal.job.amounts import portal_amount
from portal.job.line import LinePoint
from service.work_days import work_days


@dataclass(frozen=True)
class Work:
    """A project as shown to customers. `is_held`: on hold, with reason and end."""

    percent: int = 0
    starts: date | None = None
    ends: date | None = None
    is_held: bool = False
    hold_words: str = ""
    hold_until: date | None = None
    # What the crew said of its coming today, in words.
    arrival: str = ""

    def is_on(self, today: date) -> bool:
        return bool(self.starts and self.ends and self.starts <= today <= self.ends and self.percent < 100)


@dataclass(frozen=True)
class Hero:
    """`kicker`: a few words above the title; `sentences` below it."""

    title: str
    kicker: str = ""
    sentences: tuple[str, ...] = ()


@dataclass(frozen=True)
class Days:
    """Today, the formatting of days, and a test for working days."""

    today: date
    say: Callable[[date], str]
    is_open: Callable[[date], bool] = lambda day: True


def build_hero(points: Sequence[LinePoint], work: Work | None, days: Days, *, end: str = "", thanks: str = "") -> Hero:
    """Return the head of the page. `end`: how the job ended ("lost", "done"); `thanks`: the closing words."""
    if end == "lost":
        return Hero(_("This job is closed"), sentences=(_("Write to us if you’d like to pick it up again."),))
    if end == "done":
        return Hero(_("All done"), sentences=(thanks or _("Thank you. Write to us whenever something comes up."),))
    now = next((point for point in points if point.is_now), None)
    if now:
        title = now.heading
    else:
        title = _("Your request is in")
    if work and work.is_held:
        return Hero(title, _("The work is on hold"), tuple(_of_hold(work, days)))
    sentences = []
    if work and work.arrival:
        sentences = [work.arrival]
    sentences += [now.text] if now and now.text else []
    if work:
        sentences += [words for words in (portal_amount(work.percent), _ending_sentence(work, days)) if words]
    if coming := _coming_point(points):
        assert coming.day
        sentences.append(_("Next: %(what)s, %(day)s.") % {"what": coming.title, "day": days.say(coming.day)})
    return Hero(title, _day_of(work, days) if work else "", tuple(sentences))


def arrival_words(state: str, minutes: int) -> str:
    """Return the crew's latest report in words: on its way, late, or on site."""
    if state == "late":
        return _("Our crew is running about %(minutes)s minutes late today. We are sorry.") % {"minutes": minutes}
    return {"driving": _("Our crew is on its way to you."), "here": _("Our crew has arrived.")}.get(state, "")


def _of_hold(work: Work, days: Days) -> list[str]:
    hold = []
    if work.hold_words:
        hold = [_("We have paused: %(reason)s.") % {"reason": work.hold_words}]
    if work.hold_until and work.hold_until >= days.today:
        hold.append(
            _("We expect to continue %(day)s, and will tell you if that changes.") % {"day": days.say(work.hold_until)}
        )
    else:
        hold.append(_("We’ll tell you as soon as we know when work continues."))
    return hold


def _ending_sentence(work: Work, days: Days) -> str:
    if work.is_on(days.today):
        assert work.ends
        return _("We finish %(day)s.") % {"day": days.say(work.ends)}
    if work.starts and work.starts > days.today:
        return _("We begin %(day)s.") % {"day": days.say(work.starts)}
    return ""


def _day_of(work: Work, days: Days) -> str:
    """Return "Day 2 of 3", counted in working days; "" outside the work's dates."""
    if not work.is_on(days.today) or not work.starts or not work.ends:
        return ""
    counted = work_days(work.starts, work.ends, days.is_open)
    done = sum(day <= days.today for day in counted)
    return _("Day %(day)s of %(days)s") % {"day": max(done, 1), "days": len(counted)}


def _coming_point(points: Sequence[LinePoint]) -> LinePoint | None:
    return next((point for point in points if point.day and not point.is_done and not point.is_now), None)
