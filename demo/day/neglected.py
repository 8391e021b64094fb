"""Customers whom nobody was in contact with for longer than planned."""

from datetime import timedelta

from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import Due
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due
from followups.neglect.last_contact import last_contacts, planned_contacts
from followups.neglect.models.contact_cadence import DEFAULT_DAYS
from followups.neglect.watch import NEGLECTED, find_neglected

MOST = 6


def create_neglected() -> None:
    """Let the watch look at some customers who have been silent for a little too long, inside the tenant."""
    since = clock.now() - timedelta(days=DEFAULT_DAYS)
    owned = Job.objects.filter(member__isnull=False, person__isnull=False).order_by().values("person_id")
    contacts = last_contacts(list(Person.objects.filter(pk__in=owned).values_list("pk", flat=True)))
    cared_for = planned_contacts(contacts)
    silent = [(at, pk) for pk, at in contacts.items() if at < since and pk not in cared_for]
    find_neglected([pk for _at, pk in sorted(silent, reverse=True)[:MOST]])
    # Customers without due work are looked at when the demo starts again: all who are silent would need a call then.
    watched = Due.objects.filter(tenant_id=required_tenant_id(), kind=NEGLECTED).values_list("subject_id", flat=True)
    customers = Job.objects.filter(person__isnull=False).order_by().values_list("person_id", flat=True)
    later = clock.now() + timedelta(days=DEFAULT_DAYS)
    due.schedule_all(NEGLECTED, [(pk, later) for pk in sorted({*customers} - {*watched})])
