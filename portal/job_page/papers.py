"""The newest papers and photos of a job, for its page; all of them have a page of their own."""

from typing import NamedTuple

from django.db.models import F

from crm.documents.models import Document, DocumentVersion
from crm.documents.serving.addresses import Use
from portal.access.viewer import Level, Viewer
from portal.documents.holder import url_for
from portal.documents.reading import Paper, documents_of, is_personal, papers
from portal.job.reading import Story

LAST_PAPERS, LAST_PHOTOS = 5, 4


class Newest(NamedTuple):
    """Papers as lists show them, and photos with the addresses of their small images."""

    papers: list[Paper]
    photos: list[tuple[Document, str]]


def newest(viewer: Viewer, story: Story) -> Newest:
    """Return what the viewer may see of them."""
    rows = documents_of(viewer, story.job)
    others = [row for row in rows if not row.is_photo][:LAST_PAPERS]
    shown = [row for row in rows if row.in_gallery and (viewer.level >= Level.SESSION or not is_personal(row))]
    by_id = {row.pk: row for row in shown[:LAST_PHOTOS]}
    versions = DocumentVersion.objects.filter(document__in=by_id, number=F("document__number")) if by_id else ()
    photos = [(by_id[one.document_id], url_for(viewer, one, Use.SMALL)) for one in versions if one.has_preview]
    return Newest(papers(others, viewer, story.calendar), photos)
