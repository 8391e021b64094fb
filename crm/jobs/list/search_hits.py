"""Show search results: each lead with its micro bar and age."""

from dataclasses import dataclass

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.bar.shapes import shapes
from crm.jobs.list.rows import LeadRow, LeadRowMaker
from crm.jobs.list.search import search
from crm.jobs.models import Job
from crm.kernel import clock
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest


@dataclass(frozen=True)
class LeadHit:
    """One lead found, and the kind of match: number, contact, claim, name, company or address."""

    why: str
    job: Job
    row: LeadRow
    bar: SafeString
    words: ClockWords


def hits(request: TenantRequest, text: str, *, most: int) -> list[LeadHit]:
    """Find the visible leads that match, best first."""
    matches = search(text, by=request.member, most=most)
    seen = Job.objects.visible_to(request.member)
    jobs: dict[int, Job] = {}
    if matches:
        jobs = seen.in_bulk([one.job_id for one in matches])
    reader = Reader.of(request.member, clock.now())
    maker = LeadRowMaker(request.tenant.slug, reader, with_owner=True)
    return [_build_hit(one.why, jobs[one.job_id], maker, reader) for one in matches if one.job_id in jobs]


def _build_hit(why: str, job: Job, maker: LeadRowMaker, reader: Reader) -> LeadHit:
    words = ClockWords(job, reader)
    return LeadHit(why, job, maker.row(job), words.bar(shapes()[job.pipeline_id], micro=True), words)


def found_by(why: str) -> str:
    """Return the heading of a group, by the kind of match that the search function returned."""
    return {
        "number": _("By job number"),
        "contact": _("By phone or email"),
        "claim": _("By claim number"),
        "name": _("By name"),
        "company": _("By company"),
        "address": _("By address"),
    }.get(why, _("Other"))
