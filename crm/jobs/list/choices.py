"""Options of each job filter for the current member; built only when needed."""

from django.utils.translation import gettext as _

from crm.jobs.models import JobState, Level, Priority, Side
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice

# Of the step filter: the jobs that are in no step yet, on hold or not.
NO_STEP = "*none"
# The words of the level filter, and the stored levels each stands for.
LEVELS = {
    "none": (Level.NONE,),
    "over": (Level.LATE, Level.CRIT),
    "crit": (Level.CRIT,),
    "late": (Level.LATE,),
    "soon": (Level.SOON,),
    "ok": (Level.OK,),
    "hold": (Level.HOLD,),
    "ended": (Level.ENDED,),
    "open": tuple(level for level in Level if level < Level.ENDED),
}


def levels(member: Member) -> list[Choice]:
    return [
        Choice("none", _("No status")),
        Choice("over", _("Late or very late")),
        Choice("crit", _("Very late")),
        Choice("late", _("Late")),
        Choice("soon", _("Due soon")),
        Choice("ok", _("On time")),
        Choice("hold", _("On hold")),
        Choice("ended", _("Closed")),
        Choice("open", _("Open")),
    ]


def priorities(member: Member) -> list[Choice]:
    return [Choice(str(value), str(label)) for value, label in Priority.choices]


def phases(member: Member) -> list[Choice]:
    """List the phases by position, which does not change when a phase is renamed."""
    return [Choice(str(at), phase.name) for at, phase in enumerate(pipeline_setup().phases, 1)]


def steps(member: Member) -> list[Choice]:
    """List the steps by name: "Quote sent" is one step, whichever pipelines have it. Archived ones and "none" last."""
    setup = pipeline_setup()
    live = [stage.name for pipeline in setup.pipelines for stage in setup.steps(pipeline)]
    names = dict.fromkeys([*live, *(stage.name for stage in setup.stages.values())])
    return [*(Choice(name, name) for name in names), Choice(NO_STEP, _("No status"))]


def sources(member: Member) -> list[Choice]:
    return [Choice(row.name, row.name) for row in pipeline_setup().sources.values()]


def next_steps(member: Member) -> list[Choice]:
    return [
        Choice("missing", _("missing")),
        Choice("overdue", _("overdue")),
        Choice("today", _("today")),
        Choice("week", _("this week")),
    ]


def sides(member: Member) -> list[Choice]:
    return [Choice(Side.US, _("us")), Choice(Side.CUSTOMER, _("the customer")), Choice(Side.PAUSED, _("on hold"))]


def states(member: Member) -> list[Choice]:
    return [Choice(str(value), str(label)) for value, label in JobState.choices]


def closed_choices(member: Member) -> list[Choice]:
    return [Choice("all", _("any time"))]
