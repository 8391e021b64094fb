"""Checks that jobs add to the health page: data quality, and members who get no new work."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.jobs.assignment.features import MANAGE
from crm.jobs.models.assignment import Absence, Availability
from crm.jobs.models.assignment.setup import assignment_setup
from crm.jobs.quality.figures import figures
from crm.kernel import clock
from crm.kernel.formats import plain_number
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.health.findings import Finding, HealthAct, HealthCheck, HealthState, Override, SwitchedOff
from crm.web.health.replay_action import parse_id
from crm.web.health.snapshot import HealthSnapshot


def quality_checked(look: HealthSnapshot) -> Iterable[Finding]:
    """Check the share of open leads without a flaw."""
    counted = figures()
    words = _("%(percent)s%% of open leads have complete data") % {"percent": plain_number(counted.percent)}
    yield Finding(HealthState.OK if counted.reached else HealthState.SLOW, words, page="jobs:quality")


def paused_members(look: HealthSnapshot) -> Iterable[SwitchedOff]:
    """Return the members who are absent or paused, from the cached setup."""
    setup = assignment_setup()
    for member in directory().members.values():
        if not member.active:
            continue
        own = setup.availability.get(member.pk)
        absence = setup.absence_of(member.pk, look.now)
        if absence is not None:
            words = _("%(name)s is away") % {"name": member.name}
            acts = (("member_back", str(member.pk)),)
            yield SwitchedOff(words, since=absence.starts_at, until=absence.ends_at, page="jobs:workload", acts=acts)
        elif own is not None and own.is_paused(look.now):
            words = _("%(name)s takes no new work") % {"name": member.name}
            acts = (("member_back", str(member.pk)),)
            yield SwitchedOff(words, since=own.paused_at, until=own.paused_until, page="jobs:workload", acts=acts)


def back(by: Member, about: str) -> int:
    """End a member's absence or pause, so that they get new work again; return 0 if there is neither."""
    member = directory().members.get(parse_id(about))
    if member is None:
        return 0
    setup = assignment_setup()
    now = clock.now()
    own = setup.availability.get(member.pk)
    absence = setup.absence_of(member.pk, now)
    if absence is not None:
        Absence.objects.get(pk=absence.pk).end(by=by)
    elif own is not None and own.is_paused(now):
        Availability.resume(member, by=by)
    else:
        return 0
    return 1


FEATURES: list[Feature] = [
    HealthCheck(name="quality", section="data", label=gettext_lazy("Data quality"), look=quality_checked),
    Override("members", paused_members),
    HealthAct(
        name="member_back",
        permission=MANAGE,
        icon="play",
        label=gettext_lazy("Back on"),
        do=back,
        told=lambda count: _("You get new work again."),
    ),
]
