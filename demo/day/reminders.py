"""Reminders of the demo: those of some types and members, what is planned by them, and this morning's digests."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from comms.library.seeding import create_missing
from crm.kernel import clock
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from followups.customer_reminders.models import CustomerReminderSetting
from followups.customer_reminders.planning import plan_customer_reminders
from followups.customer_reminders.texts import SHARED
from followups.models import DigestMail, FollowUp, ReminderDefault, ReminderPreference
from followups.models.reminder_plan import member_zone, plan_reminders
from followups.reminders import digest
from followups.reminders.digest_content import mail_digest

_AHEAD = timedelta(hours=30)
_HOUR = 60
_DAY = 24 * 60
# Everybody's, by type; those of members, by role.
BY_TYPE: Mapping[str, list[list[int | str]]] = {
    "": [[15, "app"]],
    "visit": [[_DAY, "email"], [_HOUR, "push"]],
    "meeting": [[_DAY, "email"], [_HOUR, "push"]],
    "payment": [[_DAY, "app"]],
}
BY_ROLE: Mapping[str, list[list[int | str]]] = {
    Role.REP: [[_HOUR, "email"], [10, "push"]],
    Role.MANAGER: [[30, "app"]],
}
# Of these types customers are reminded, by the shared text.
CUSTOMERS: Mapping[str, list[tuple[int, str]]] = {
    "video": [(_DAY, "email")],
    "visit": [(_DAY, "email"), (2 * _HOUR, "text")],
    "meeting": [(_DAY, "text")],
}
MORNING = time(7, 30)


def create_reminders(now: datetime) -> None:
    """Create them inside the tenant, after its follow-ups."""
    first: dict[str, Member] = {}
    for member in sorted(directory().members.values(), key=lambda row: row.pk):
        first.setdefault(member.role, member)
    for kind, times in BY_TYPE.items():
        ReminderDefault(kind=kind, times=times).save()
    for role, times in BY_ROLE.items():
        ReminderDefault(member=first[role], times=times).save()
    ReminderPreference(member=first[Role.REP], digest_time=MORNING).save()
    plan_reminders(list(FollowUp.objects.open().filter(due_at__gt=now)))
    _remind_customers(now)
    for member in first.values():
        _mail_last_digest(member, now)
    digest.begin()


def _remind_customers(now: datetime) -> None:
    """Choose reminders to customers of some types, and of what is planned of these in the next days."""
    create_missing(SHARED)
    for kind, times in CUSTOMERS.items():
        CustomerReminderSetting(kind=kind, template=SHARED, times=[list(one) for one in times]).save()
    agreed = FollowUp.objects.open().filter(kind__in=CUSTOMERS, person__isnull=False, due_at__gt=now + _AHEAD)
    rows = list(agreed.order_by("due_at")[:12])
    for row in rows:
        row.customer_reminders = [list(one) for one in CUSTOMERS[row.kind]]
    FollowUp.objects.bulk_update(rows, ["customer_reminders"])
    plan_customer_reminders(rows)


def _mail_last_digest(member: Member, now: datetime) -> None:
    """Mail a member's digest of today as of this morning; of yesterday, where it is not time yet."""
    zone = member_zone(member.pk)
    at = datetime.combine(now.astimezone(zone).date(), MORNING, zone)
    if at > now:
        at -= timedelta(days=1)
    with clock.at(at):
        count = mail_digest(member)
    DigestMail.objects.create(member=member, day=at.date(), count=count, created_at=at)
