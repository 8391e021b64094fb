"""Compare two person records that may be duplicates side by side: their data and their differences."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bar.shapes import shapes
from crm.jobs.list.rows import LeadRowMaker
from crm.jobs.models import Job
from crm.kernel import formats
from crm.people.models import Company, ContactPoint, DuplicateCandidate, Merge, Person
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader

# Leads shown of one person; the others are counted.
LEADS = 5


@dataclass
class DuplicateSide:
    """One of the two records."""

    person: Person
    since: str
    firm: str = ""
    points: list[tuple[str, bool]] = field(default_factory=list)
    leads: list[dict[str, Any]] = field(default_factory=list)
    more: int = 0


@dataclass(frozen=True)
class DuplicatePair:
    """Two records to decide on; the one with more leads, else the older one, is suggested to be kept."""

    sides: tuple[DuplicateSide, DuplicateSide]
    reason: str
    candidate_pair: DuplicateCandidate | None = None

    @property
    def offered(self) -> int:
        """The record suggested to be kept."""
        one, other = self.sides
        return (other if len(other.leads) + other.more > len(one.leads) + one.more else one).person.pk


def undecided_pairs(member: Member, reader: Reader, slug: str, most: int) -> list[DuplicatePair]:
    """List the undecided pairs, latest found first. The number of queries does not grow with them."""
    candidate_pairs = list(DuplicateCandidate.objects.filter(decided_at=None).order_by("-found_at", "-pk")[:most])
    sides = sides_of([pk for one in candidate_pairs for pk in (one.one_id, one.other_id)], member, reader, slug)
    return [
        DuplicatePair(
            (sides[like.one_id], sides[like.other_id]), str(DuplicateCandidate.DuplicateReason(like.reason).label), like
        )
        for like in candidate_pairs
    ]


def sides_of(people: Iterable[int], member: Member, reader: Reader, slug: str) -> dict[int, DuplicateSide]:
    """Load the data of each person, by id, with one statement per table."""
    rows = Person.objects.in_bulk(list(people))
    firms = Company.objects.in_bulk([row.company_id for row in rows.values() if row.company_id])
    points: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    for point in ContactPoint.objects.filter(person_id__in=rows).order_by("kind", "pk"):
        points[point.person_id].append((_format_point(point, reader), point.verified_at is not None))
    jobs: dict[int, list[Job]] = defaultdict(list)
    for job in Job.objects.visible_to(member).filter(person_id__in=rows).order_by("-pk"):
        jobs[job.person_id].append(job)
    maker = LeadRowMaker(slug, reader, with_owner=True)
    return {
        pk: DuplicateSide(
            row,
            reader.day(row.created_at),
            firms[row.company_id].name if row.company_id else "",
            points[pk],
            [_lead_context(job, maker, reader) for job in jobs[pk][:LEADS]],
            max(0, len(jobs[pk]) - LEADS),
        )
        for pk, row in rows.items()
    }


def lately_merged(reader: Reader, most: int) -> list[dict[str, Any]]:
    """List the latest merges that were not undone: both people, the member and the time."""
    merges = list(Merge.objects.filter(taken_back_at=None).order_by("-at")[:most])
    people = Person.objects.in_bulk([pk for merge in merges for pk in (merge.kept_id, merge.merged_id)])
    members = directory().members
    return [
        {
            "uid": merge.uid,
            "kept": people[merge.kept_id].name,
            "merged": people[merge.merged_id].name,
            "who": members[merge.member_id].name,
            "when": reader.moment(merge.at),
        }
        for merge in merges
    ]


def _format_point(point: ContactPoint, reader: Reader) -> str:
    if point.kind == ContactPoint.PointKind.PHONE:
        return formats.phone(point.value, reader.country)
    return point.value


def _lead_context(job: Job, maker: LeadRowMaker, reader: Reader) -> dict[str, Any]:
    words = ClockWords(job, reader)
    return {"row": maker.row(job), "bar": words.bar(shapes()[job.pipeline_id], micro=True), "words": words}
