"""Register the page of health: its place, who may see it, what the product checks and what people tick."""

from django.utils.translation import gettext_lazy as _

from crm.kernel import clock
from crm.platform.access.permissions import Permission
from crm.platform.features import Feature
from crm.platform.models import Member, Role
from crm.web.health import alarms, heart, own_acts, own_checks
from crm.web.health.findings import ChecklistItem, HealthCheck, ParkedSource
from crm.web.models import HealthAlarm
from crm.web.notices.notify import TOPIC
from crm.web.settings.sections import Section
from crm.web.shell.navigation import Number, Page


def open_alarms(member: Member) -> str:
    """Count what does not work, for the navigation."""
    loud = HealthAlarm.objects.filter(closed_at=None, fine_since=None).exclude(quiet_until__gt=clock.now())
    return str(loud.count() or "")


CHECKS = [
    HealthCheck(
        10,
        "parts",
        "system",
        _("System components"),
        heart.checked,
        alarms=True,
        is_shared=True,
        named=heart.name_of,
    ),
    HealthCheck(11, "schema", "system", _("Database"), own_checks.schema_checked),
    HealthCheck(12, "waiting", "system", _("Scheduled work"), own_checks.waiting_checked, alarms=True),
    HealthCheck(13, "pages", "system", _("Pages"), own_checks.pages_checked),
    HealthCheck(14, "files", "system", _("Room for files"), own_checks.files_checked, alarms=True),
    HealthCheck(40, "parked", "workflows", _("Failed tasks"), own_checks.parked_checked, alarms=True),
    HealthCheck(60, "factors", "access", _("Second factors"), own_checks.factors_checked),
    HealthCheck(70, "backup", "backup", _("Backup"), own_checks.backup_checked, alarms=True),
    HealthCheck(75, "devices", "mobile", _("Push"), own_checks.devices_checked),
    HealthCheck(71, "restore", "backup", _("Restore"), own_checks.restore_checked),
]
ITEMS = [
    ChecklistItem(10, "error_pages", "system", _("Someone knows whom to call during an outage")),
    ChecklistItem(20, "integrations", "integrations", _("Every integration was tested, both ways")),
    ChecklistItem(30, "workflows", "workflows", _("Automation was tested on a test lead")),
    ChecklistItem(40, "data", "data", _("Imported data was compared by hand")),
    ChecklistItem(50, "roles", "access", _("Members, roles and teams were reviewed")),
    ChecklistItem(51, "training", "access", _("Everyone has been trained")),
    ChecklistItem(60, "second_place", "backup", _("A copy of the backup is stored elsewhere")),
    ChecklistItem(70, "phones", "mobile", _("Somebody used it on a phone, out on a job")),
    ChecklistItem(80, "privacy", "compliance", _("The privacy page says what is kept, and how long")),
]
FEATURES: list[Feature] = [
    Permission(
        alarms.VIEW,
        frozenset({Role.ADMIN}),
        "settings",
        _("View system health"),
        _("View what works, waits, failed or is off, and get alerts when something stops."),
    ),
    Section(
        group="data",
        position=10,
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
    Page(
        88,
        "health",
        alarms.VIEW,
        "activity",
        _("Health"),
        number=Number(open_alarms, _("not working"), topics=TOPIC, event=TOPIC),
        tab_of="settings",
    ),
    *CHECKS,
    *ITEMS,
    ParkedSource(10, "queues", own_checks.own_parked),
    own_acts.REPLAY,
    alarms.STOPPED,
    alarms.WORKS,
]
