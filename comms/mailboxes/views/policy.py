"""The organization's rules for mailboxes that members connect, and which there are."""

from django.utils.translation import gettext as _

from comms.models import Channel, MailboxConnection
from comms.models.mail.address_list import split_list
from comms.models.mail.mailbox_policy import MailboxPolicy, mailbox_policy
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page


@settings_page("comms:mailbox_policy", "comms.set_up", "comms/mailboxes/policy.html")
def policy(request: TenantRequest) -> Context:
    """Show the rules and the connected mailboxes, without anything of their content."""
    connections = MailboxConnection.objects.select_related("member", "channel").order_by("member__name", "pk")
    rules = mailbox_policy()
    return {
        "policy": rules,
        "domains": "\n".join(rules.domains),
        "levels": Channel.Sharing.choices,
        "connections": connections,
    }


@policy.action()
def set_policy(request: TenantRequest) -> str:
    """Set the rules."""
    MailboxPolicy.set(
        is_allowed=bool(request.POST.get("is_allowed")),
        sharing_levels=request.POST.getlist("sharing_levels"),
        domains=split_list(request.POST.get("domains", "")),
        by=request.member,
    )
    return _("Saved.")
