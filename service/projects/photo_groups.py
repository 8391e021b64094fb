"""Group the photos taken on site by the milestone they were taken for; the customer reads no internal one."""

from collections.abc import Sequence

from crm.documents.gallery import Heading
from crm.documents.models import Document
from crm.jobs.models import Job
from service.models import FieldPhoto, Milestone


def by_milestone(job: Job, photos: Sequence[Document], for_customer: bool) -> dict[int, Heading]:
    """Return the headings of the photos that are of a milestone, in the order of the work."""
    rows = FieldPhoto.objects.filter(document__in=photos, milestone__isnull=False).select_related("milestone")
    found = {}
    for row in rows if photos else ():
        milestone: Milestone = row.milestone
        if for_customer and milestone.visibility != Milestone.Visibility.CUSTOMER:
            continue
        words = (milestone.customer_text or milestone.name) if for_customer else milestone.name
        found[row.document_id] = Heading((0, f"{milestone.position:05}"), words)
    return found
