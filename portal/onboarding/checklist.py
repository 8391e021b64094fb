"""The onboarding checklist: a person's steps, and which are done, by other records or by their confirmation."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm.documents.models import DocumentRequest
from crm.documents.models.document_request_record import WAITING
from crm.jobs.models import Job
from crm.people.models import Claim, ContactPoint
from portal.access.viewer import PortalViewer
from portal.job.claims import claims_of
from portal.models import Onboarding
from portal.models.onboarding import Step

_KINDS = {Step.EMAIL: ContactPoint.PointKind.EMAIL, Step.PHONE: ContactPoint.PointKind.PHONE}


@dataclass(frozen=True)
class Item:
    """A step. `points`: addresses and numbers to confirm; `claims`, `jobs`: those the step is about."""

    step: Step
    title: str
    is_done: bool
    points: Sequence[ContactPoint] = ()
    jobs: Sequence[Job] = ()
    claims: Sequence[Claim] = ()


@dataclass(frozen=True)
class Checklist:
    items: Sequence[Item]

    @property
    def done(self) -> int:
        return sum(item.is_done for item in self.items)

    @property
    def is_complete(self) -> bool:
        return self.done == len(self.items)

    @property
    def next(self) -> Step | None:
        """The first step that is not done."""
        return next((item.step for item in self.items if not item.is_done), None)


def checklist_of(viewer: PortalViewer, row: Onboarding | None, jobs: Sequence[Job]) -> Checklist:
    """Return a person's steps for these jobs, whose sites are loaded."""
    if row:
        confirmed = set(row.confirmed)
    else:
        confirmed = set()
    points = list(ContactPoint.objects.filter(person=viewer.person).order_by("pk"))
    insured = [job for job in jobs if job.site_id and viewer.may(job, "claim")]
    claims = list(claims_of(insured))
    open_requests = DocumentRequest.objects.filter(job_id__in=[job.pk for job in jobs], state__in=WAITING)
    items = [_of_points(step, points) for step in (Step.EMAIL, Step.PHONE)]
    items.append(Item(Step.PLACES, _("Your places"), Step.PLACES in confirmed, jobs=jobs))
    if insured:
        done = bool(claims) or Step.CLAIM in confirmed
        items.append(Item(Step.CLAIM, _("Insurance and claim"), done, jobs=insured, claims=claims))
    items.append(Item(Step.TEAM, _("Your team"), Step.TEAM in confirmed))
    items.append(Item(Step.PREFERENCES, _("How we reach you"), Step.PREFERENCES in confirmed))
    items.append(Item(Step.DOCUMENTS, _("Documents we need"), not open_requests.exists()))
    return Checklist([item for item in items if item.points or item.step not in _KINDS])


def _of_points(step: Step, points: Iterable[ContactPoint]) -> Item:
    own = [point for point in points if point.kind == _KINDS[step]]
    if step == Step.EMAIL:
        title = _("Confirm your email address")
    else:
        title = _("Confirm your phone number")
    return Item(step, title, any(point.verified_at for point in own), own)
