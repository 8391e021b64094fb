"""DocumentKind: a kind of document, such as contract, permit or photo, with its expiry and access rules."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.organization.named_rows import NamedRow

# In days. Of nothing that expires so much later does anybody want to hear.
LONGEST_WARNING = 2 * 365


class DocumentKind(NamedRow):
    """A kind of documents, e.g. Passport. Archived kinds are not offered but remain on existing documents."""

    class About(models.TextChoices):
        """The subject of a document kind, which limits who in the job may read it."""

        WORK = "", gettext_lazy("The work")
        MONEY = "money", gettext_lazy("Prices and payments")
        CLAIM = "claim", gettext_lazy("Insurance and claim")

    noun = "document_kind"

    name = models.CharField(max_length=60)
    # Shown in the gallery.
    is_photo = models.BooleanField(default=False)
    # Has personal data: a customer opens it only where they have shown who they are (docs/rules.md#portal-access).
    is_personal = models.BooleanField(default=False)
    about = models.CharField(max_length=8, choices=About, blank=True, default=About.WORK)
    # So many days before one expires a follow-up is planned; 0: on the day itself.
    warn_days = models.PositiveSmallIntegerField(default=30)
    position = models.PositiveSmallIntegerField(default=0)

    FIELDS: ClassVar[tuple[str, ...]] = ("about", "is_photo", "is_personal", "warn_days")

    class Meta:
        base_manager_name = "objects"
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="document_kind_name_is_unique"),
            models.CheckConstraint(
                condition=Q(warn_days__lte=LONGEST_WARNING), name="document_kind_warns_within_two_years"
            ),
        ]

    @property
    def is_private(self) -> bool:
        """True if a link must not mention the document: it is personal, or about money or the claim."""
        return self.is_personal or self.about != self.About.WORK

    @classmethod
    def _place(cls, others: list[Self]) -> dict[str, int]:
        return {"position": len(others)}

    def _check(self) -> None:
        if not 0 <= self.warn_days <= LONGEST_WARNING:
            raise Refused(_("Two years at most."))


@cached_per_tenant
def document_kinds() -> dict[int, DocumentKind]:
    """Return all kinds by id, in their order; archived ones too. Treat them as read-only."""
    return {row.pk: row for row in DocumentKind.objects.order_by("position", "name", "pk")}
