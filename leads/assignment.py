"""Leads as a kind of work for the assignment engine: an open unassigned lead waits for a rep.

Without a rule of this kind nobody is given a lead they did not claim.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.jobs.assignment.work import AssignableWork, MemberLoad, WorkFacts
from crm.jobs.bulk.verbs import assign_each
from crm.jobs.models import Job, Side, WorkType
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import formats
from crm.people.models import Property
from crm.platform.models import Member
from leads.models import FirstContact
from leads.models.first_contact import Rung

KIND = "leads"
# Whom a rule without a team gives leads to.
SELL = "leads.sell"


def _unassigned_leads() -> Any:
    # What is offered to a team is whoever's is first, until the managers hear of it.
    offered = FirstContact.objects.filter(pk=OuterRef("pk"), rung=Rung.TEAM, taken_at=None)
    return Job.objects.open().filter(~Exists(offered), member=None).in_list_order()


def _open_leads_of(member: Member) -> Any:
    return Job.objects.open().filter(member=member)


def _member_loads() -> Mapping[int, MemberLoad]:
    theirs = Q(side=Side.CUSTOMER)
    mine = Job.objects.open().filter(member__isnull=False).order_by().values_list("member_id")
    counts = mine.annotate(ours=Count("pk", filter=~theirs), waiting=Count("pk", filter=theirs))
    return {member_id: MemberLoad(ours, waiting) for member_id, ours, waiting in counts}


def facts(jobs: Sequence[Job]) -> list[WorkFacts]:
    """Return the facts of leads that rule conditions use. Two queries."""
    sites = Property.objects.in_bulk({job.site_id for job in jobs if job.site_id})
    known_ids = _known_to([job.person_id for job in jobs if job.person_id])
    return [_build_facts(job, sites.get(job.site_id), known_ids.get(job.person_id)) for job in jobs]


def work_type_of(job: Job) -> WorkType:
    """Return the type of customer: the pipeline's, else by whether the customer is a company."""
    by_pipeline = pipeline_setup().pipelines[job.pipeline_id].work_type
    if by_pipeline:
        return WorkType(by_pipeline)
    if job.company_id:
        return WorkType.COMMERCIAL
    return WorkType.RESIDENTIAL


def _build_facts(job: Job, site: Property | None, knows_id: int | None) -> WorkFacts:
    return WorkFacts(
        job,
        member_id=job.member_id,
        brand_id=job.brand_id,
        priority=job.priority,
        source_id=job.source_id,
        pipeline_id=job.pipeline_id,
        work_type=work_type_of(job),
        value=formats.whole_units(job.value, job.currency) if job.value else None,
        is_sold=job.is_sold,
        postal_code=site.postcode if site else "",
        state=site.region if site else "",
        knows_id=knows_id,
        is_waiting=job.side == Side.CUSTOMER,
        came_at=job.came_in_at,
    )


def _known_to(people: Iterable[int]) -> dict[int | None, int]:
    """Return by person the member who has, or last had, another lead of theirs."""
    theirs = Job.objects.filter(person_id__in=list(people), member__isnull=False)
    last = theirs.order_by("person_id", "-came_in_at", "-pk").distinct("person_id")
    return dict(last.values_list("person_id", "member_id"))


def _assign_all(pairs: Sequence[tuple[Job, Member | None]], cause: str) -> None:
    assign_each(pairs, by=None, cause=cause)


def _recent_leads(count: int) -> Iterable[Job]:
    leads: list[Job] = list(Job.objects.order_by("-pk")[:count])
    return leads


LEADS = AssignableWork(
    kind=KIND,
    label=_("Leads"),
    model=Job,
    permission="jobs.view",
    queue=_unassigned_leads,
    held=_open_leads_of,
    loads=_member_loads,
    facts=facts,
    assign_all=_assign_all,
    recent=_recent_leads,
    has_sources=True,
    has_pipelines=True,
    usual_permission=SELL,
    everybody=_("everybody who sells"),
)
