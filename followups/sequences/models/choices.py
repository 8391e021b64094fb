"""Choices of sequences: purpose, re-entry, state of an enrolment, and why it ended or rests."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SequencePurpose(models.TextChoices):
    """The purpose of a sequence. A customer is in one sequence of a purpose at a time."""

    QUOTES = "quotes", _("Quotes")
    NEWS = "news", _("Job news")
    OFFERS = "offers", _("Offers")
    MONEY = "money", _("Money")


class SequenceMode(models.TextChoices):
    """Whether a sequence takes leads and walks on."""

    # Nobody gets in, and those inside rest where they are.
    OFF = "off", _("Off")
    # Leads get in and walk on, and what would be done for them is noted; nothing is done.
    SHADOW = "shadow", _("Test mode")
    ON = "on", _("On")


class Reentry(models.TextChoices):
    """Whether a lead that has left a sequence may enter it again. While it is inside it never may."""

    ONCE = "once", _("once per lead")
    DAYS = "days", _("again after … days")
    ALWAYS = "always", _("again as soon as it has left")


class EnrolmentState(models.TextChoices):
    ACTIVE = "active", _("In it")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Left")


class EnrolmentEntry(models.TextChoices):
    """How a lead came into a sequence."""

    HAND = "hand", _("by hand")
    BULK = "bulk", _("many at once")
    RULE = "rule", _("by itself")


class EndReason(models.TextChoices):
    """Why an enrolment ended."""

    FINISHED = "finished", _("at the end")
    ANSWERED = "answered", _("the customer answered")
    COLLEAGUE = "colleague", _("someone of their company answered")
    REACHED = "reached", _("a call reached them")
    BOOKED = "booked", _("an appointment was booked")
    WON = "won", _("won")
    LOST = "lost", _("lost")
    LEFT = "left", _("the lead left its step")
    SIGNAL = "signal", _("something ended it")
    TOUCHED = "touched", _("someone was in touch with them")
    OPTED_OUT = "opted_out", _("they want no messages")
    UNREACHABLE = "unreachable", _("no address or number works")
    IN_VAIN = "in_vain", _("nobody was reached")
    MERGED = "merged", _("the customer’s record was merged")
    ERASED = "erased", _("the customer’s data was erased")
    STOPPED = "stopped", _("stopped by a member")
    RULE = "rule", _("stopped by a trigger")
    MOVED = "moved", _("moved to another version")
    UNDONE = "undone", _("taken back at once")
    REPLACED = "replaced", _("another sequence goes first")
    ARCHIVED = "archived", _("the sequence was archived")
    BROKEN = "broken", _("a step no longer works")
    TEST = "test", _("the test ended")


# Ends of enrolments that did not leave: one goes on in another version, the other counts as never made.
NOT_LEFT = (EndReason.MOVED, EndReason.UNDONE)


class PauseReason(models.TextChoices):
    """Why an enrolment rests. It goes on by itself, except after `HAND` without a day."""

    AWAY = "away", _("the customer is out of office")
    NAMED_DAY = "named_day", _("the customer named a day")
    HOLD = "hold", _("the lead is on hold")
    COMPLAINT = "complaint", _("a complaint is open")
    SWITCH = "switch", _("sending is stopped")
    SEQUENCE = "sequence", _("the sequence is off")
    HAND = "hand", _("paused by a member")


class StepResult(models.TextChoices):
    """What became of a step for one lead."""

    DONE = "done", _("done")
    # A message that waits for its hour, or for a member.
    HELD = "held", _("waits")
    SKIPPED = "skipped", _("skipped")
    YES = "yes", _("yes")
    NO = "no", _("no")
    FAILED = "failed", _("failed")
    # Of a sequence in test mode.
    WOULD = "would", _("would have been done")
