"""Give tenants that are there already their reminders and digests, after an upgrade."""

from crm.kernel import clock
from crm.platform.work import due
from followups.models import DigestMail, FollowUp, Reminder
from followups.reminders import digest
from followups.reminders.defaults import REPLAN


def begin_again() -> None:
    """Start the digests, and plan the reminders of open follow-ups, of a tenant that has neither."""
    if not DigestMail.objects.exists():
        digest.begin()
    if not Reminder.objects.exists() and FollowUp.objects.open().filter(due_at__gt=clock.now()).exists():
        due.schedule(REPLAN, 0, clock.now())
