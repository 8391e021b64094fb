"""MailboxPolicy: whether members may connect mailboxes, at which domains, and what they may choose to share."""

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.translation import gettext as _

from comms.models.channel import Channel
from comms.models.mail.address_list import parse_addresses
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant


def all_levels() -> list[str]:
    """Return every level of Channel.Sharing, from nothing to everything."""
    return list(Channel.Sharing.values)


class MailboxPolicy(ConfigurationModel):
    """The organization's rules for mailboxes that members connect; by default everything is allowed."""

    is_allowed = models.BooleanField(default=True)
    # What members may choose to show colleagues: values of Channel.Sharing.
    sharing_levels = ArrayField(models.CharField(max_length=8, choices=Channel.Sharing), default=all_levels)
    # Domains of the mailboxes that may be connected; empty: any.
    domains = ArrayField(models.CharField(max_length=253), default=list, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="tenant_has_one_mailbox_policy"),
            models.CheckConstraint(condition=models.Q(sharing_levels__len__gt=0), name="mailbox_policy_allows_a_level"),
        ]

    def __str__(self) -> str:
        return f"mailboxes allowed: {self.is_allowed}"

    @classmethod
    @transaction.atomic
    def set(cls, *, is_allowed: bool, sharing_levels: Sequence[str], domains: Sequence[str], by: Member | None) -> None:
        """Set the rules. Idempotent. Raises Refused without a level, or for a domain that is none.

        What is shared now stays as it is: only its owner changes that.
        """
        lock_configuration()
        levels = [level for level in Channel.Sharing.values if level in sharing_levels]
        if not levels or len(levels) != len(set(sharing_levels)):
            raise Refused(_("Choose at least one level that members may choose."))
        names = parse_addresses(domains, only_domains=True)
        row = cls.objects.first() or cls()
        if row.pk and (row.is_allowed, row.sharing_levels, row.domains) == (is_allowed, levels, names):
            return
        row.is_allowed = is_allowed
        row.sharing_levels = levels
        row.domains = names
        row.save()
        events.record("mailbox_policy.set", subject=row, by=by, data={"is_allowed": is_allowed})

    def refusal(self, address: str) -> str:
        """Return why a mailbox may not be connected or read; blank if it may. A blank address is not known yet."""
        if not self.is_allowed:
            return _("Your organization does not allow personal mailboxes.")
        if address and self.domains and address.rpartition("@")[2].lower() not in self.domains:
            words = {"domains": ", ".join(self.domains)}
            return _("Your organization allows mailboxes of these domains only: %(domains)s.") % words
        return ""


@cached_per_tenant
def mailbox_policy() -> MailboxPolicy:
    """Return the policy of the tenant in use; cached, read-only."""
    return MailboxPolicy.objects.first() or MailboxPolicy()
