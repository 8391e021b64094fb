"""Find existing customers by address or number while a lead is typed in, to prevent accidental duplicates.

Equal after normalising, never alike. Of a customer whose leads are all a colleague's, a rep learns whose, not who: no
name, no lead and no id, so that no lead can be opened for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.jobs.customer_visibility import hidden_people
from crm.jobs.models import Job
from crm.kernel import formats
from crm.people.lookup import points_of_nobody
from crm.people.models import ContactPoint, Person
from crm.platform.models import Member
from crm.platform.organization.configuration import directory

# Leads of one person that are named.
MOST = 5


@dataclass(frozen=True)
class CustomerMatch:
    """A person at one of the addresses. `uid` and `name` are empty where the person is hidden from the member."""

    person: Person
    points: str
    uid: str
    name: str
    told: str
    jobs: list[Job]


def known_at(values: Iterable[str], *, by: Member) -> list[CustomerMatch]:
    """Find people by normalised addresses or numbers. Values that do not identify a person are ignored."""
    values = list(values)
    nobodys = points_of_nobody([("email" if "@" in value else "phone", value) for value in values])
    values = [value for value in values if value not in nobodys]
    points: dict[int, list[str]] = {}
    country = directory().tenant.country
    holders = (
        ContactPoint.objects.reached_at(*values).values_list("person_id", "kind", "value").order_by("kind", "value")
    )
    for person_id, kind, value in holders:
        if kind == ContactPoint.PointKind.PHONE:
            text = formats.phone(value, country)
        else:
            text = value
        points.setdefault(person_id, []).append(text)
    if not points:
        return []
    people = list(Person.objects.filter(pk__in=points).order_by("name_key", "pk"))
    jobs: dict[int, list[Job]] = {pk: [] for pk in points}
    for job in Job.objects.filter(person_id__in=points).order_by("level", "sort_at", "id"):
        jobs[job.person_id].append(job)
    hidden = hidden_people(points, by)
    return [_match_of(one, " · ".join(points[one.pk]), jobs[one.pk], by, hidden=one.pk in hidden) for one in people]


def _match_of(person: Person, points: str, jobs: list[Job], by: Member, *, hidden: bool) -> CustomerMatch:
    seen = [job for job in jobs if job.is_visible_to(by)]
    if hidden:
        uid, name = ("", "")
    else:
        uid, name = (str(person.uid), person.name)
    return CustomerMatch(person, points, uid, name, _leads_summary(jobs, seen), seen[:MOST])


def _leads_summary(jobs: list[Job], seen: list[Job]) -> str:
    """Describe a person's leads: "2 leads, 1 open", and their owner if that is a colleague."""
    if not jobs:
        return _("no lead yet")
    still = sum(job.is_open for job in jobs)
    leads = ngettext("%(count)s lead", "%(count)s leads", len(jobs)) % {"count": len(jobs)}
    summary = _("%(leads)s, %(open)s open") % {"leads": leads, "open": still}
    members = directory().members
    others = {members[job.member_id].name for job in jobs if job not in seen and job.member_id}
    if others:
        return f"{summary} · {', '.join(sorted(others))}"
    return summary
