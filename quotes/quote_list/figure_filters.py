"""Filters of quotes behind the numbers of their figures: decided, kind of work, options, and other prices."""

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.jobs.models import Job
from crm.jobs.pipelines.setup import pipeline_setup
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice, by_uid
from crm.web.lists.conditions.viewer import Viewer
from quotes.models import OptionTier, QuoteState
from quotes.models.price_gap import GAPS, KNOWN
from quotes.models.quote_state import DECIDED

ANSWERED = "decided"
# By the least number of options; with none, the quote has one price.
OFFERS = {"one": 0, "several": 2, "three": 3}


def state_choices(member: Member) -> list[Choice]:
    """Return the states, and all in which the customer or time has decided."""
    states = [Choice(str(value), str(label)) for value, label in QuoteState.choices]
    return [*states, Choice(ANSWERED, _("Accepted, declined or expired"))]


def state_condition(value: str, viewer: Viewer) -> Q:
    """Return the condition of a state."""
    if value == ANSWERED:
        return Q(state__in=DECIDED)
    return Q(state=value)


def pipeline_choices(member: Member) -> list[Choice]:
    """Return the kinds of work."""
    return [Choice(str(row.uid), row.name) for row in pipeline_setup().pipelines.values()]


def pipeline_condition(value: str, viewer: Viewer) -> Q:
    """Return the condition for quotes of leads of a kind of work."""
    jobs = Job.objects.filter(pipeline_id=by_uid(pipeline_setup().pipelines, value))
    return Q(job_id__in=jobs.order_by().values("pk"))


def tier_choices(member: Member) -> list[Choice]:
    """Return what an accepted option can be by its price."""
    return [Choice(str(value), str(label)) for value, label in OptionTier.choices]


def offer_choices(member: Member) -> list[Choice]:
    """Return how many options a quote can have."""
    words = {"one": _("one price"), "several": _("two or more"), "three": _("three or more")}
    return [Choice(name, words[name]) for name in OFFERS]


def option_condition(name: str) -> Q:
    """Return the condition for quotes with so many options, by a name of OFFERS."""
    if name == "one":
        return Q(option_count__lt=2)
    return Q(option_count__gte=OFFERS[name])


def gap_label(gap: str) -> str:
    """Return the words of how far a quote lies above another price."""
    above, up_to = GAPS[gap]
    if above is None:
        return _("the same or lower")
    if up_to is None:
        return _("more than %(above)s%% above") % {"above": above}
    return _("%(above)s–%(up_to)s%% above") % {"above": above, "up_to": up_to}


def gap_choices(member: Member) -> list[Choice]:
    """Return how far a quote can lie above another price."""
    return [Choice(KNOWN, _("is known")), *(Choice(gap, gap_label(gap)) for gap in GAPS)]
