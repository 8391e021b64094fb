"""RequestPage: a file that answers a request: a letter of two pages is two photos, in the order they are read in."""

from django.db import models

from crm.documents.models.document import Document
from crm.documents.models.document_request import DocumentRequest
from crm.platform.models import TenantForeignKey, TenantModel

# More is no letter any more.
MOST_PAGES = 40


class RequestPage(TenantModel):
    """A document as a page of what was asked for."""

    request = TenantForeignKey(DocumentRequest, models.CASCADE, related_name="pages")
    document = TenantForeignKey(Document, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        base_manager_name = "objects"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["tenant", "request", "document"], name="request_page_is_once")]

    def __str__(self) -> str:
        return f"page {self.position + 1} of {self.request_id}"
