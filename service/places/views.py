"""The page of a place; reading it is recorded in the access log."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from crm.documents.document_rows import shown_all
from crm.documents.models import Document
from crm.jobs.bar.clock_words import ClockWords
from crm.jobs.customer_visibility import visible_people
from crm.jobs.fields.record_form import own_field_facts
from crm.jobs.models import Job, JobParty
from crm.jobs.pipelines.setup import pipeline_setup
from crm.kernel import clock
from crm.people.models import Claim, Person, Property
from crm.platform.access.permissions import allows
from crm.platform.models import AccessLog, Member
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.requests.permissions import require
from service.models import Asset
from service.places.visibility import visible_places

# Of each so many are shown, the newest.
MOST_JOBS = 50
MOST_PAPERS = 20
MOST_PHOTOS = 8
MOST_PEOPLE = 50


@require("jobs.view")
def place(request: TenantRequest, uid: UUID) -> HttpResponse:
    """Show a place: own fields, jobs, people, claims (masked), documents, assets. Its number of queries is constant."""
    member = request.member
    reader = Reader.of(request.member, clock.now())
    row = get_object_or_404(visible_places(member), uid=uid)
    AccessLog.objects.note_read(row, by=member)
    jobs = list(Job.objects.visible_to(member).filter(site=row).order_by("-pk")[:MOST_JOBS])
    documents = _documents_of(row, jobs, member)
    photos = [one for one in documents if one.in_gallery][:MOST_PHOTOS]
    papers = [one for one in documents if not one.is_photo][:MOST_PAPERS]
    context = {
        "place": row,
        "jobs": [_job_context(job, reader) for job in jobs],
        "people": _people_of(jobs, member),
        "own_facts": own_field_facts(row, reader),
        "may_correct": allows(member, "jobs.correct"),
        "claims": Claim.objects.filter(site=row).order_by("-pk"),
        "assets": [
            _asset_context(one, reader) for one in Asset.objects.present().filter(site=row).order_by("name", "pk")
        ],
        "papers": shown_all(papers, reader),
        "photos": photos,
    }
    return render(request, "service/places/place.html", context)


def _job_context(job: Job, reader: Reader) -> dict[str, object]:
    words = ClockWords(job, reader)
    stage = pipeline_setup().stages.get(job.stage_id or 0)
    pipeline = pipeline_setup().pipelines[job.pipeline_id].name
    return {"job": job, "css": words.css, "age": words.age, "step": stage.name if stage else "", "pipeline": pipeline}


def _people_of(jobs: list[Job], member: Member) -> list[tuple[Person, str]]:
    """Return the customers and other people of these jobs, with their roles."""
    parties = JobParty.objects.filter(job__in=jobs, person__in=visible_people(member)).select_related("person")
    roles = {one.person: str(one.get_role_display()) for one in parties.order_by("-pk")[:MOST_PEOPLE]}
    return sorted(roles.items(), key=lambda one: (one[0].name.casefold(), one[0].pk))


def _documents_of(row: Property, jobs: list[Job], member: Member) -> list[Document]:
    """Return the documents of the place and of its jobs, newest first."""
    if not allows(member, "documents.view"):
        return []
    live = Document.objects.visible_to(member).live()
    of_place = live.filter(site=row, job=None, person=None) | live.filter(job__in=[job.pk for job in jobs])
    return list(of_place.order_by("-changed_at", "-pk")[: MOST_PAPERS + MOST_PHOTOS])


def _asset_context(one: Asset, reader: Reader) -> dict[str, object]:
    return {
        "row": one,
        "warranty": reader.date(one.warranty_until) if one.warranty_until else "",
        "due": reader.date(one.maintenance_due) if one.maintenance_due else "",
    }
