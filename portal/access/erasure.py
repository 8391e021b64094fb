"""Erase a person's portal access: devices, links, and the addresses codes were requested for."""

from django.db.models import Q

from crm.people.erasure import ErasureSubject
from portal.models import JobShare, PortalAccess, PortalAsk, PortalCode, PortalSending


def count_access(people: frozenset[int]) -> int:
    """Count the person's portal access and devices."""
    return int(PortalAccess.objects.filter(person__in=people).count())


def erase_access(subject: ErasureSubject) -> None:
    """Delete all of it."""
    PortalAccess.objects.filter(person__in=subject.people).delete()
    JobShare.objects.filter(Q(person__in=subject.people) | Q(shared_by__in=subject.people)).delete()
    PortalAsk.objects.filter(person__in=subject.people).delete()
    PortalSending.objects.filter(person__in=subject.people).delete()
    PortalCode.objects.filter(address__in=subject.values).delete()
