"""Upload: a resumable upload in parts, so that after a lost connection only one part is sent again.

Its pieces lie in the storage as files of their own until the last has come: whoever crashes leaves nothing half
written, and what is never finished is swept with the bytes that no row names. The row of a finished upload stays until
it expires, so that its last piece sent again, or several times at once, gets the first answer.
"""

import io
from datetime import timedelta
from functools import partial
from typing import Any, ClassVar
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.documents.files.inspection import Inspected, inspect
from crm.documents.files.limits import check_size
from crm.documents.models.document import Document
from crm.documents.models.document_request import DocumentRequest
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused, Stale
from crm.people.models import Person
from crm.platform.models import Member, TenantForeignKey, TenantModel
from crm.platform.models.base import public_id
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due

EXPIRE = "upload.expire"
# Sooner than bytes without a row are swept (crm/platform/files/stored_files.py).
KEPT = timedelta(hours=20)
# In bytes: the largest piece taken at once. And how many files one may have on their way at a time.
LARGEST_PIECE = 8_000_000
MOST_AT_ONCE = 40


class Upload(TenantModel):
    """An upload in parts: its target, total size, and bytes received."""

    uid = public_id()
    name = models.CharField(max_length=200)
    # Bytes: of the whole file, and those that are here.
    size = models.BigIntegerField()
    received = models.BigIntegerField(default=0)
    # Whose it is: one of us, or a customer.
    member = TenantForeignKey(Member, models.CASCADE, null=True, blank=True, related_name="+")
    person = TenantForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="+")
    # What it is for.
    job = TenantForeignKey(Job, models.CASCADE, null=True, blank=True, related_name="+")
    request = TenantForeignKey(DocumentRequest, models.CASCADE, null=True, blank=True, related_name="+")
    document = TenantForeignKey(Document, models.CASCADE, null=True, blank=True, related_name="+")
    # What else its form said: kind, title, visibility, date.
    told = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=clock.now)
    # When its last piece came and it was made a document, or refused with this sentence.
    finished_at = models.DateTimeField(null=True, blank=True)
    refusal = models.CharField(max_length=500, blank=True)

    parts: ClassVar[Any]

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="upload_uid_is_unique"),
            models.CheckConstraint(
                condition=models.Q(received__gte=0, received__lte=models.F("size"), size__gt=0),
                name="upload_has_no_more_than_its_size",
            ),
            models.CheckConstraint(
                condition=models.Q(member__isnull=False, person__isnull=True)
                | models.Q(member__isnull=True, person__isnull=False),
                name="upload_is_of_one_sender",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.received} of {self.size} bytes"

    @property
    def is_complete(self) -> bool:
        return bool(self.received == self.size)

    @classmethod
    @transaction.atomic
    def begin(
        cls, name: str, size: int, *, member: Member | None = None, person: Person | None = None, **purpose: Any
    ) -> "Upload":
        """Begin an upload of a total size. Raises Refused if it is too large, or if too many uploads are open."""
        name = " ".join(name.replace("\0", "").split())[-200:] or _("file")
        check_size(name, size)
        if member:
            mine = cls.objects.filter(member=member)
        else:
            mine = cls.objects.filter(person=person)
        if mine.filter(finished_at=None).count() >= MOST_AT_ONCE:
            raise Refused(_("Too many uploads at once. Wait until some have finished."))
        row: Upload = cls.objects.create(name=name, size=size, member=member, person=person, **purpose)
        row.refresh_from_db(fields=["uid"])
        due.schedule(EXPIRE, row.pk, row.created_at + KEPT)
        return row

    @transaction.atomic
    def append(self, offset: int, piece: bytes) -> None:
        """Append a part at `offset`. Raises Stale for an unexpected offset, Refused beyond the announced size.

        Raises Upload.DoesNotExist for one that was discarded meanwhile.
        """
        self.lock()
        if offset != self.received:
            raise Stale(self)
        if len(piece) > min(LARGEST_PIECE, self.size - self.received):
            raise Refused(_("“%(name)s” changed during the upload. Send it again.") % {"name": self.name})
        if piece:
            path = default_storage.save(f"{required_tenant_id()}/upload/{uuid4().hex}", File(io.BytesIO(piece)))
            UploadPart.objects.create(upload=self, offset=offset, size=len(piece), path=path)
            self.received += len(piece)
            self.save(update_fields=["received"])

    def read_file(self) -> Inspected:
        """Return the complete file after inspection. Raises Refused if not allowed, Stale if parts are missing."""
        if not self.is_complete:
            raise Stale(self)
        pieces = []
        for part in self.parts.order_by("offset"):
            with default_storage.open(part.path) as file:
                pieces.append(file.read())
        content = b"".join(pieces)
        if len(content) != self.size:
            raise Refused(_("“%(name)s” was not uploaded completely. Send it again.") % {"name": self.name})
        return inspect(content, self.name)

    def is_repeated_by(self, offset: int, length: int) -> bool:
        """True if a part repeats the last one of this finished upload."""
        return self.finished_at is not None and offset + length == self.size

    @transaction.atomic
    def finish(self, refusal: str = "") -> None:
        """Delete the parts and save the outcome: the document created, or the refusal."""
        self._forget_parts()
        self.finished_at = clock.now()
        self.refusal = refusal[:500]
        self.save(update_fields=["finished_at", "refusal"])

    @transaction.atomic
    def discard(self) -> None:
        """Delete the upload and its parts. Idempotent."""
        self._forget_parts()
        due.cancel(EXPIRE, [self.pk])
        self.delete()

    def _forget_parts(self) -> None:
        # Once it is certain: bytes that a crash leaves have no row any more, and are swept.
        for path in self.parts.values_list("path", flat=True):
            transaction.on_commit(partial(default_storage.delete, path))
        self.parts.all().delete()


class UploadPart(TenantModel):
    """A part of an upload, and where it is stored."""

    upload = TenantForeignKey(Upload, models.CASCADE, related_name="parts")
    offset = models.BigIntegerField()
    size = models.BigIntegerField()
    path = models.CharField(max_length=200)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "upload", "offset"], name="upload_part_is_once"),
        ]

    def __str__(self) -> str:
        return f"{self.size} bytes at {self.offset}"
