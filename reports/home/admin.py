"""Figures for an admin: connections that fail, parked items, pending invitations, incomplete data."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.automation.log.run_list import RUNS
from crm.automation.models import Mode, Rule, RunState
from crm.jobs.models import Flaw, Job
from crm.kernel import clock
from crm.platform.access.permissions import allows
from crm.platform.accounts import outbox
from crm.platform.models import Due, Invitation, Undispatched
from crm.platform.organization.configuration import directory
from crm.web.health import alarms
from crm.web.lists.conditions.clause import Clause
from crm.web.models import HealthAlarm
from reports.home.line import HomeLine, Lines

# Runs that failed within so many days are counted.
DAYS = "7"


def admin_lines(lines: Lines) -> list[HomeLine]:
    """Return the lines about areas the member may administer."""
    member = lines.member
    slug = lines.slug
    shown_lines = []
    if allows(member, alarms.VIEW):
        now = clock.now()
        loud = Q(quiet_until__isnull=True) | Q(quiet_until__lte=now)
        open_alarms = HealthAlarm.objects.filter(loud, closed_at=None, fine_since=None)
        shown_lines.append(HomeLine(_("Does not work"), reverse("health", args=[slug]), (open_alarms,), "crit"))
    if allows(member, "work.replay"):
        mails = outbox.stuck_mail(one.user_id for one in directory().members.values())
        tenant = directory().tenant.pk
        parked = (
            Due.objects.filter(tenant_id=tenant, run_at=None),
            Undispatched.objects.filter(tenant_id=tenant, run_at=None),
        )
        shown_lines.append(HomeLine(_("Failed tasks"), reverse("parked", args=[slug]), (*parked, mails), "late"))
    if allows(member, RUNS.permission) and shown_lines:
        paused = Rule.objects.filter(archived_at=None, paused_at__isnull=False).exclude(mode=Mode.OFF)
        shown_lines.append(
            HomeLine(_("Triggers paused after failures"), reverse("automation:rules", args=[slug]), (paused,), "crit")
        )
        within = Clause(RUNS.filterset.known()["day"], "within", DAYS)
        failed = RUNS.filters(state=RunState.FAILED.value, where=((within,),))
        shown_lines.append(lines.of_filters(RUNS, _("Runs of triggers that failed, 7 days"), failed, "late"))
    if allows(member, "members.manage"):
        waiting = Invitation.objects.filter(accepted_at=None, withdrawn_at=None)
        shown_lines.append(HomeLine(_("Invitations not answered"), reverse("members", args=[slug]), (waiting,)))
    if allows(member, "jobs.quality") and shown_lines:
        flawed = Job.objects.filter(pk__in=Flaw.objects.values("job_id"))
        shown_lines.append(
            HomeLine(_("Leads with missing data"), reverse("jobs:quality", args=[slug]), (flawed,), "soon")
        )
    return shown_lines
