"""DocumentRead: a customer opened a document: person, version and access level. Staff reads are in the AccessLog."""

from typing import Any

from django.db import models

from crm.documents.models.document import Document
from crm.kernel import clock
from crm.people.models import Person
from crm.platform.models import TenantForeignKey, TenantModel


class DocumentRead(TenantModel):
    """A customer's read of a document, at most one per hour and version. Append-only for the app."""

    app_may = "select, insert"

    document = TenantForeignKey(Document, models.CASCADE, related_name="reads")
    number = models.PositiveIntegerField()
    person = TenantForeignKey(Person, models.PROTECT, related_name="+")
    # By which assurance: "link" or "session".
    level = models.CharField(max_length=8)
    at = models.DateTimeField(default=clock.now)
    hour = models.DateTimeField()

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "document", "person", "number", "level", "hour"],
                name="document_read_is_noted_once_an_hour",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} read {self.document_id}"

    @classmethod
    def note(cls, document: Document, person: Person, *, level: str) -> None:
        """Record that a person opened the newest version, once per clock hour."""
        at = clock.now()
        hour = at.replace(minute=0, second=0, microsecond=0)
        data: dict[str, Any] = {"number": document.number, "person": person, "level": level, "at": at, "hour": hour}
        cls.objects.bulk_create([cls(document=document, **data)], ignore_conflicts=True)
