"""Register members' mailboxes: their page, notices, event words, rules, and the section of the configuration file."""

from django.utils.translation import gettext_lazy as _

from comms.inbound.selection.mailbox_notices import KINDS
from comms.mailboxes.views.own_mailboxes import VIEW, has_mailbox
from comms.models.mail.mailbox_connection import TOPIC
from comms.models.mail.mailbox_policy import MailboxPolicy, mailbox_policy
from crm.platform.configuration.row_content import ValuesContent
from crm.platform.configuration.sections import ConfigurationSection
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.web.account.own_pages import OwnPage
from crm.web.settings.sections import Section
from crm.web.timeline.event_words import EventWords

FEATURES: list[Feature] = [
    OwnPage(name="comms:own_mailboxes", permission=VIEW, label=_("My mailboxes"), has=has_mailbox),
    Topic(TOPIC),
    Section(
        group="messages",
        name="comms:mailbox_policy",
        permission="comms.set_up",
        icon="mail",
        label=_("Mailboxes of members"),
        note=_("Whether members may connect their own mailbox, and what they may share of it."),
        affects=_("Affects which mailboxes are read, and what members can choose to show colleagues."),
        words=_("personal private mailbox gmail outlook microsoft imap connect share"),
        tab_of="comms:channels",
    ),
    ConfigurationSection(
        name="member_mailboxes",
        label=_("Mailboxes of members"),
        page="comms:mailbox_policy",
        content=ValuesContent(
            model=MailboxPolicy,
            fields=("is_allowed", "sharing_levels", "domains"),
            get=mailbox_policy,
            save=lambda values, by: MailboxPolicy.set(
                is_allowed=values["is_allowed"],
                sharing_levels=values["sharing_levels"],
                domains=values["domains"],
                by=by,
            ),
        ),
    ),
    EventWords("mailbox.connected", "mail", _("connected a mailbox")),
    EventWords("mailbox.chosen", "mail", _("chose what is read of their mailbox")),
    EventWords("mailbox.disconnected", "mail", _("disconnected a mailbox")),
    EventWords("mailbox_policy.set", "sliders-horizontal", _("changed the rules for mailboxes of members")),
    *KINDS,
]
