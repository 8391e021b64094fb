"""SealedQuote: the sealed PDF of an accepted quote."""

from django.db import models

from crm.documents.models import Document
from crm.kernel import clock
from crm.platform.models import TenantForeignKey, TenantModel
from quotes.models.customer_facts import QuoteAcceptance


class SealedQuote(TenantModel):
    """The document with the sealed PDF of an acceptance, and the SHA-256 of the file."""

    acceptance = TenantForeignKey(QuoteAcceptance, models.PROTECT, related_name="sealed")
    document = TenantForeignKey(Document, models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField(default=clock.now)
    sha256 = models.CharField(max_length=64)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "acceptance"], name="quote_is_sealed_once")]

    def __str__(self) -> str:
        return f"sealed {self.acceptance_id}"
