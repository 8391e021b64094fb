"""RequestPage: a file that answers a document request. A letter of two pages may be two photos, in reading order."""

from typing import Any, ClassVar

from django.db import models

from crm.documents.models.document import Document
from crm.documents.models.document_request import DocumentRequest
from crm.platform.models import TenantForeignKey, TenantManager, TenantModel, TenantQuerySet

# More is no letter any more.
MOST_PAGES = 40


class RequestPageQuerySet(TenantQuerySet[Any]):
    """The pages of one request: used as `request.pages`."""

    def next_position(self) -> int:
        """Return the position for a new last page."""
        last = self.order_by("-position").values_list("position", flat=True).first()
        if last is None:
            return 0
        return int(last) + 1

    def move_up(self, document: Document) -> bool:
        """Move a page up by one. Returns False if it is the first, or not among the pages."""
        pages = list(self.order_by("position", "pk"))
        index = next((index for index, page in enumerate(pages) if page.document_id == document.pk), 0)
        if index == 0:
            return False
        pages.insert(index - 1, pages.pop(index))
        for position, page in enumerate(pages):
            page.position = position
        self.bulk_update(pages, ["position"])
        return True

    def first_document(self) -> Document | None:
        """Return the document of the first page; None without pages."""
        page = self.select_related("document").order_by("position", "pk").first()
        if page:
            return page.document
        return None


class RequestPage(TenantModel):
    """A document as one page of the answer to a request."""

    request = TenantForeignKey(DocumentRequest, models.CASCADE, related_name="pages")
    document = TenantForeignKey(Document, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    objects: ClassVar[Any] = TenantManager.from_queryset(RequestPageQuerySet)()

    class Meta:
        base_manager_name = "objects"
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["tenant", "request", "document"], name="request_page_is_once")]

    def __str__(self) -> str:
        return f"page {self.position + 1} of {self.request_id}"
