"""Register the health page: its navigation entry, permission, checks and checklist."""

from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Member, Role
from crm.web.health import alarms, platform_checks, replay_action, system_parts
from crm.web.health.findings import ChecklistItem, HealthCheck, ParkedSource
from crm.web.models import HealthAlarm
from crm.web.notices.notify import TOPIC
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage, Number


def open_alarms(member: Member) -> str:
    """Count the open alarms, for the navigation."""
    loud = HealthAlarm.objects.filter(closed_at=None, fine_since=None).exclude(quiet_until__gt=clock.now())
    return str(loud.count() or "")


CHECKS = [
    HealthCheck(
        name="parts",
        section="system",
        label=_("System components"),
        look=system_parts.check_parts,
        alarms=True,
        is_shared=True,
        named=system_parts.name_of,
    ),
    HealthCheck(name="schema", section="system", label=_("Database"), look=platform_checks.check_schema),
    HealthCheck(
        name="waiting",
        section="system",
        label=_("Scheduled work"),
        look=platform_checks.check_waiting,
        alarms=True,
    ),
    HealthCheck(name="pages", section="system", label=_("Pages"), look=platform_checks.check_pages),
    HealthCheck(
        name="files",
        section="system",
        label=_("Room for files"),
        look=platform_checks.check_files,
        alarms=True,
    ),
    HealthCheck(
        name="parked",
        section="workflows",
        label=_("Failed tasks"),
        look=platform_checks.check_parked,
        alarms=True,
    ),
    HealthCheck(name="factors", section="access", label=_("Second factors"), look=platform_checks.check_factors),
    HealthCheck(name="backup", section="backup", label=_("Backup"), look=platform_checks.check_backup, alarms=True),
    HealthCheck(name="devices", section="mobile", label=_("Push"), look=platform_checks.check_devices),
    HealthCheck(name="restore", section="backup", label=_("Restore"), look=platform_checks.check_restore),
]
ITEMS = [
    ChecklistItem(name="error_pages", section="system", label=_("Someone knows whom to call during an outage")),
    ChecklistItem(name="integrations", section="integrations", label=_("Every integration was tested, both ways")),
    ChecklistItem(name="workflows", section="workflows", label=_("Automation was tested on a test lead")),
    ChecklistItem(name="data", section="data", label=_("Imported data was compared by hand")),
    ChecklistItem(name="roles", section="access", label=_("Members, roles and teams were reviewed")),
    ChecklistItem(name="training", section="access", label=_("Everyone has been trained")),
    ChecklistItem(name="second_place", section="backup", label=_("A copy of the backup is stored elsewhere")),
    ChecklistItem(name="phones", section="mobile", label=_("Somebody used it on a phone, out on a job")),
    ChecklistItem(name="privacy", section="compliance", label=_("The privacy page says what is kept, and how long")),
]
FEATURES: list[Feature] = [
    Permission(
        name=alarms.VIEW,
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("View system health"),
        note=_("View what works, waits, failed or is off, and get alerts when something stops."),
    ),
    Section(
        group="data",
        name="health",
        permission=alarms.VIEW,
        icon="activity",
        label=_("Health"),
        note=_("What works, what waits and what failed."),
        affects=_(
            "Affects nothing by itself: it shows the state of the system, and alerts admins when something stops."
        ),
        words=_("status monitoring uptime backup alarm system check"),
        template="web/health/health.html",
    ),
    NavigationPage(
        name="health",
        permission=alarms.VIEW,
        icon="activity",
        label=_("Health"),
        number=Number(open_alarms, _("not working"), topics=TOPIC, event=TOPIC),
        tab_of="settings",
    ),
    *CHECKS,
    *ITEMS,
    ParkedSource("queues", platform_checks.platform_parked_items),
    replay_action.REPLAY,
    alarms.STOPPED,
    alarms.WORKS,
]
