"""NoGo: a kind of work we do not do, defined by conditions of the lead list."""

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from leads.models.qualification.partner import Partner

# More are nobody's idea of what they do any more.
MOST = 40


class NoGo(ConfigurationModel):
    """Conditions of work we do not do, and the partner who does. A match only flags the lead; a person decides."""

    # What stands on the lead's page: "flat roofs".
    words = models.CharField(max_length=120)
    # As the address of the list has them.
    where = models.CharField(max_length=1000)
    partner = TenantForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        base_manager_name = "objects"
        ordering = ["words", "pk"]

    def __str__(self) -> str:
        return self.words

    @classmethod
    @transaction.atomic
    def add(cls, words: str, where: str, *, partner: Partner | None = None, by: Member | None) -> "NoGo":
        """Add a condition. Raises Refused without words or a filter, or if there are too many."""
        lock_configuration()
        words = " ".join(words.split())[:120]
        if not words:
            raise Refused(_("Enter what you don’t do."))
        if not where:
            raise Refused(_("Add a condition: without one it would be every lead."))
        if cls.objects.count() >= MOST:
            raise Refused(_("Enter at most %(most)s.") % {"most": MOST})
        row: NoGo = cls.objects.create(words=words, where=where[:1000], partner=partner)
        events.record("no_go.added", subject=row, by=by)
        return row

    @transaction.atomic
    def remove(self, *, by: Member | None) -> None:
        """Remove the condition, and the doubts it raised."""
        lock_configuration()
        events.record("no_go.removed", subject=self, by=by)
        self.delete()
