"""What getting in holds of a person: their access with devices and links, and the addresses of codes asked for."""

from django.db.models import Q

from crm.people.erasure import ErasureSubject
from portal.models import JobShare, PortalAccess, PortalAsk, PortalCode, PortalSending


def count_access(people: frozenset[int]) -> int:
    """Count their devices, and whether they may come in."""
    return int(PortalAccess.objects.filter(person__in=people).count())


def erase_access(subject: ErasureSubject) -> None:
    """Delete all of it."""
    PortalAccess.objects.filter(person__in=subject.people).delete()
    JobShare.objects.filter(Q(person__in=subject.people) | Q(shared_by__in=subject.people)).delete()
    PortalAsk.objects.filter(person__in=subject.people).delete()
    PortalSending.objects.filter(person__in=subject.people).delete()
    PortalCode.objects.filter(address__in=subject.values).delete()
