"""DocumentRecord: the columns and derived values of a document. Its actions are in document.py."""

from datetime import datetime, time, timedelta
from typing import Any

from django.db import models
from django.db.models import Q

from crm.documents.models.document_kind import DocumentKind, document_kinds
from crm.documents.models.document_version import DocumentVersion
from crm.documents.models.visibility import DocumentVisibility
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import Person, Property
from crm.platform.models import CountedVersion, Member, TenantForeignKey
from crm.platform.models.base import public_id
from crm.platform.organization.configuration import directory

LONGEST_TITLE = 120
# The hour of the warning before a document expires, by the tenant's clock.
_MORNING = time(9)


class DocumentRecord(CountedVersion):
    """A document's columns: its subject, kind and title, and the properties of its newest version."""

    uid = public_id()
    job = TenantForeignKey(Job, models.CASCADE, null=True, blank=True, related_name="documents")
    person = TenantForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="documents")
    site = TenantForeignKey(Property, models.PROTECT, null=True, blank=True, related_name="documents")
    kind = TenantForeignKey(DocumentKind, models.PROTECT, related_name="+")
    title = models.CharField(max_length=LONGEST_TITLE)
    visibility = models.CharField(max_length=8, choices=DocumentVisibility, default=DocumentVisibility.INTERNAL)
    expires_on = models.DateField(null=True, blank=True)
    # The date of which everybody has been told that it comes.
    warned_of = models.DateField(null=True, blank=True, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)
    # Of its newest version.
    number = models.PositiveIntegerField(default=1)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    # When a photo was taken, else when it came in: what the gallery sorts by.
    taken_at = models.DateTimeField()
    changed_at = models.DateTimeField(default=clock.now)
    created_at = models.DateTimeField(default=clock.now)
    # Who brought it in: one of us, or the customer.
    created_by = TenantForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="+")
    sent_by = TenantForeignKey(Person, models.SET_NULL, null=True, blank=True, related_name="+")
    # The reverse side of DocumentVersion.
    versions: Any

    class Meta:
        abstract = True
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="document_uid_is_unique"),
            models.CheckConstraint(
                condition=Q(job__isnull=False) | Q(person__isnull=False) | Q(site__isnull=False),
                name="document_is_of_something",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "changed_at", "id"], name="document_by_change"),
            models.Index(fields=["tenant", "job", "changed_at"], name="document_of_job"),
            models.Index(fields=["tenant", "person", "changed_at"], name="document_of_person"),
            models.Index(fields=["tenant", "site", "changed_at"], name="document_of_site"),
            models.Index(
                fields=["tenant", "expires_on", "id"], condition=Q(expires_on__isnull=False), name="document_by_expiry"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_photo(self) -> bool:
        """True if it is an image and its kind is for photos, so not a photographed paper."""
        return self.media_type.startswith("image/") and document_kinds()[self.kind_id].is_photo

    @property
    def in_gallery(self) -> bool:
        """True if the gallery shows it: it is a photo, or an image a customer sent whose kind is not personal.

        What is personal is no picture to hang up.
        """
        is_sent = self.sent_by_id is not None and self.media_type.startswith("image/")
        return self.is_photo or (is_sent and not document_kinds()[self.kind_id].is_personal)

    @property
    def is_shown(self) -> bool:
        """True if the customer may see it."""
        return self.visibility == DocumentVisibility.CUSTOMER and self.archived_at is None

    @property
    def current(self) -> DocumentVersion:
        """The newest version."""
        version: DocumentVersion = self.versions.select_related("file").get(number=self.number)
        return version

    @property
    def warn_at(self) -> datetime | None:
        """Time of the expiry warning; None if the document has no expiry date or is archived."""
        if self.expires_on is None or self.archived_at is not None:
            return None
        day = self.expires_on - timedelta(days=self.kind.warn_days)
        return datetime.combine(day, _MORNING, directory().zone)
