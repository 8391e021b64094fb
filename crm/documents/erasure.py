"""Erasure of a person's documents, including those of their jobs. A legal hold prevents it."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.documents.models import Document, DocumentRequest, DocumentVersion, Upload
from crm.kernel import clock
from crm.people.erasure import ErasureSubject, PersonalData
from crm.platform.files import stored_files
from crm.platform.models import ChangedRow, StoredFile
from crm.platform.work import due

BLANK = "–"


def _documents_of(people: frozenset[int]) -> "QuerySet[Document]":
    """Return the documents of a person: their own, those of their jobs, and those they sent."""
    documents: QuerySet[Document] = Document.objects.filter(
        Q(person_id__in=people) | Q(job__person_id__in=people) | Q(sent_by_id__in=people)
    )
    return documents


def _count_documents(people: frozenset[int]) -> int:
    return _documents_of(people).count()


def _erase_documents(subject: ErasureSubject) -> None:
    """Delete the bytes of all versions and blank the texts. The rows remain."""
    ids = list(_documents_of(subject.people).order_by("pk").values_list("pk", flat=True))
    versions = DocumentVersion.objects.filter(document_id__in=ids)
    files = [pk for pair in versions.values_list("file_id", "thumbnail_id") for pk in pair if pk]
    forget_files(files)
    now = clock.now()
    Document.objects.filter(pk__in=ids).update(title=BLANK, archived_at=now, expires_on=None)
    requests = DocumentRequest.objects.filter(Q(person_id__in=subject.people) | Q(job__person_id__in=subject.people))
    for request in requests.filter(state__in=("open", "sent", "refused", "received")).order_by("job_id", "pk"):
        request.withdraw(by=subject.by)
    requests.update(title=BLANK, note="", reason="")
    for model, rows in ((Document, ids), (DocumentRequest, list(requests.values_list("pk", flat=True)))):
        ChangedRow.objects.filter(model=model._meta.label_lower, row_id__in=rows).delete()
    for upload in Upload.objects.filter(Q(person_id__in=subject.people) | Q(job__person_id__in=subject.people)):
        upload.discard()


def forget_files(files: list[int]) -> None:
    """Schedule deletion of the bytes now. The files are no longer served."""
    now = clock.now()
    StoredFile.objects.filter(pk__in=files).update(expires_at=now, name=BLANK)
    due.schedule_all(stored_files.EXPIRE, [(pk, now) for pk in files])


DATA = [PersonalData(name="documents", label=_("Documents and photos"), count=_count_documents, erase=_erase_documents)]
