"""Rules for which customers a member may see and correct: those with at least one lead visible to the member.

A person belongs to no member. Whoever sees one of a person's leads sees the person; whoever sees none of them learns
which colleague to ask, and nothing else. A lead that the member typed in gives no right: it is had for the asking.
"""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from crm.jobs.models import Job, JobParty
from crm.jobs.models.queryset import JobQuerySet
from crm.jobs.models.visibility import limited_to
from crm.kernel.refusal import Refused
from crm.people.models import Company, Person
from crm.platform.models import Event, Member
from crm.platform.organization.configuration import directory


def hidden_people(people: Collection[int], member: Member) -> set[int]:
    """Return which of these people have leads, as customer or participant, but none the member may see."""
    if limited_to(member) is None or not people:
        return set()
    return _people_of(Job.objects.all(), people) - _people_of(Job.objects.visible_to(member), people)


def _people_of(jobs: JobQuerySet, people: Collection[int]) -> set[int]:
    customers = jobs.filter(person_id__in=people).order_by().values_list("person_id", flat=True)
    involved = JobParty.objects.filter(person_id__in=people, job__in=jobs.order_by().values("pk"))
    return {*customers, *involved.values_list("person_id", flat=True)}


def visible_people(member: Member) -> Any:
    """Return the condition for people a member may see, without merged ones; the inverse of `hidden_people`."""
    people = Person.objects.distinct_ones()
    if limited_to(member) is None:
        return people
    theirs = Job.objects.order_by()
    mine = Job.objects.visible_to(member).order_by()
    parties = JobParty.objects.filter(person_id=OuterRef("pk"))
    seen = Exists(mine.filter(person_id=OuterRef("pk"))) | Exists(parties.filter(job__in=mine.values("pk")))
    has_none = ~Exists(theirs.filter(person_id=OuterRef("pk"))) & ~Exists(parties)
    return people.filter(seen | has_none)


def visible_companies(member: Member) -> Any:
    """Return the companies a member may see: of people and leads that they see, and those without any."""
    companies = Company.objects.all()
    if limited_to(member) is None:
        return companies
    people = Exists(Person.objects.order_by().filter(company=OuterRef("pk")))
    seen_people = Exists(visible_people(member).order_by().filter(company=OuterRef("pk")))
    jobs = Job.objects.order_by().filter(company=OuterRef("pk"))
    return companies.filter(seen_people | Exists(jobs.visible_to(member)) | (~people & ~Exists(jobs)))


def company_refusal(company: Company, *, by: Member) -> str:
    """Return why the member may not correct a company they see; "" if they may: no lead of it is a colleague's."""
    if limited_to(by) is None:
        return ""
    jobs = Job.objects.filter(Q(company=company) | Q(person__company=company))
    others = jobs.exclude(pk__in=jobs.visible_to(by).order_by().values("pk"))
    if others.exists():
        return _ask_to_correct(_owner_names(others))
    return ""


def lead_refusal(person: Person, *, by: Member) -> str:
    """Return why the member may not open a lead for a person; "" if they may: the person is not hidden from them."""
    if not hidden_people([person.pk], by):
        return ""
    involved = JobParty.objects.filter(person=person).values("job_id")
    jobs = Job.objects.filter(Q(person=person) | Q(pk__in=involved))
    return _("This customer’s leads belong to a colleague. Ask %(names)s to give you one.") % {
        "names": _owner_names(jobs)
    }


def person_refusal(person: Person, jobs: Iterable[Job], *, by: Member) -> str:
    """Return why the member may not correct this person, given the jobs they see; "" if they may."""
    if limited_to(by) is None:
        return ""
    refusals = [correction_refusal(job, by=by) for job in jobs if job.person_id == person.pk]
    if not refusals:
        # They are seen as somebody involved; whoever has their own leads corrects them.
        theirs = Job.objects.filter(person=person)
        if theirs.exists():
            return _ask_to_correct(_owner_names(theirs))
        return ""
    if "" in refusals:
        return ""
    return refusals[0]


def _ask_to_correct(names: str) -> str:
    return _("This customer’s other leads belong to a colleague. Ask %(names)s to correct it.") % {"names": names}


def _owner_names(jobs: JobQuerySet) -> str:
    """Return the names of the owners of these leads."""
    return _join_names({pk for pk in jobs.order_by().values_list("member_id", flat=True) if pk})


def _join_names(members: Iterable[int]) -> str:
    all_members = directory().members
    return ", ".join(sorted(all_members[pk].name for pk in members))


def correction_refusal(job: Job, *, by: Member) -> str:
    """Return why the member may not correct the customer of a lead they see; "" if they may."""
    colleagues = set[int]()
    if job.person_id:
        colleagues = _other_owners(Job.objects.filter(person_id=job.person_id), job, by)
    if colleagues:
        return _ask_to_correct(_join_names(colleagues))
    return ""


def expect_correctable(job: Job, *, by: Member) -> None:
    """Raise Refused if `correction_refusal` returns a reason."""
    if why := correction_refusal(job, by=by):
        raise Refused(why)


def is_colleagues_place(job: Job, *, by: Member) -> bool:
    """Return True if all other leads at this one's place are a colleague's; so are the claims about it, then."""
    return bool(job.site_id and _other_owners(Job.objects.filter(site_id=job.site_id), job, by))


def _other_owners(jobs: JobQuerySet, job: Job, by: Member) -> set[int]:
    """Return the owners of the hidden leads among these; empty if the member sees another lead they did not enter."""
    if limited_to(by) is None:
        return set()
    others = list(jobs.exclude(pk=job.pk).only("tenant_id", "member_id"))
    hidden = {other.member_id for other in others if not other.is_visible_to(by)}
    seen = {other.pk for other in others if other.is_visible_to(by)}
    typed = Event.objects.filter(job_id__in=seen, kind="job.opened", actor=by) if hidden and seen else ()
    return set() if seen - {event.job_id for event in typed} else hidden
