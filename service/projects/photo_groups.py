"""Group photos taken on site by milestone; for the customer, without internal milestones."""

from collections.abc import Sequence

from django.utils.translation import get_language

from crm.documents.gallery import Heading
from crm.documents.models import Document
from crm.jobs.models import Job
from crm.platform.organization.configuration import directory
from service.models import FieldPhoto, Milestone


def by_milestone(job: Job, photos: Sequence[Document], for_customer: bool) -> dict[int, Heading]:
    """Return the headings of photos with a milestone, in the order of the work."""
    rows = FieldPhoto.objects.filter(document__in=photos, milestone__isnull=False).select_related("milestone")
    languages = (get_language() or "", directory().brands[job.brand_id].language)
    headings = {}
    for row in rows if photos else ():
        milestone: Milestone = row.milestone
        if for_customer and milestone.visibility != Milestone.Visibility.CUSTOMER:
            continue
        if for_customer:
            words = milestone.text(languages)
        else:
            words = milestone.name
        headings[row.document_id] = Heading((0, f"{milestone.position:05}"), words)
    return headings
