"""Hand a leaving member's upcoming appointments to a colleague who is free then; the others remain to be moved."""

from django.db import transaction
from django.utils.translation import ngettext

from crm.jobs.models.appointments import Appointment
from crm.jobs.models.appointments.obstacles import InTheWay
from crm.kernel import clock
from crm.platform.models import Member


def count(member: Member) -> int:
    """Count the member's upcoming appointments."""
    number: int = Appointment.objects.coming(clock.now()).of_member(member.pk).count()
    return number


def hand_over(member: Member, to: Member | None, by: Member | None) -> int:
    """Move the member's upcoming appointments to a colleague and return how many. Without a colleague, move none."""
    number = 0
    for row in Appointment.objects.coming(clock.now()).of_member(member.pk).by_time() if to else ():
        people = [
            one.member
            for one in row.attendances.filter(is_offered=False).select_related("member")
            if one.member_id != member.pk
        ]
        try:
            with transaction.atomic():
                row.reschedule(row.starts_at, members=list(dict.fromkeys([*people, to])), anyway=True, by=by)
        except InTheWay:
            continue
        number += 1
    return number


def say(number: int) -> str:
    words = ngettext("%(number)s coming appointment", "%(number)s coming appointments", number)
    return words % {"number": number}
