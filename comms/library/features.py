"""Register permissions, variables and event words of templates, and the initial library."""

from django.utils.translation import gettext_lazy as _

from comms.library.own_variables import VARIABLES
from comms.library.seeding import begin, catch_up
from comms.models import Template
from crm.platform.access.permissions import EVERYBODY, Permission
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.platform.organization.tenant_creation import TenantStart
from crm.web.settings.sections import Section
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.palette import PaletteAction
from crm.web.shell.record_pages import RecordPage
from crm.web.timeline.event_words import EventWords

PERMISSIONS = [
    Permission(
        name="templates.view",
        roles=EVERYBODY,
        group="comms",
        label=_("See templates"),
        note=_("View all templates with a preview."),
    ),
    Permission(
        name="templates.edit",
        roles=frozenset({Role.MANAGER, Role.ADMIN}),
        group="settings",
        label=_("Write templates"),
        note=_("Write message texts in every language. They are used once approved."),
    ),
    Permission(
        name="templates.approve",
        roles=frozenset({Role.ADMIN}),
        group="settings",
        label=_("Approve templates"),
        note=_("Put texts into use, and set WhatsApp’s approval status."),
    ),
]
EVENT_WORDS = [
    EventWords("template.created", "plus", _("added a template")),
    EventWords("template.edited", "pencil", _("edited a template")),
    EventWords("template.written", "pencil", _("wrote a text of a template")),
    EventWords("template.approved", "circle-check", _("approved a text of a template")),
    EventWords("template.marked", "flag", _("noted what WhatsApp says about a template")),
    EventWords("template.archived", "archive", _("archived a template")),
    EventWords("template.restored", "undo-2", _("restored a template")),
]
PAGES = [
    NavigationPage(
        name="comms:templates",
        permission="templates.view",
        icon="layout-template",
        label=_("Templates"),
        section=True,
        tab_of="automation:rules",
    ),
    Section(
        group="messages",
        name="comms:templates",
        permission="templates.edit",
        icon="layout-template",
        label=_("Templates"),
        note=_("Prepared emails, texts and WhatsApp messages in every language."),
        affects=_("Affects the replies offered while you write, and the messages that triggers send."),
        words=_("canned responses saved replies snippets email template sms template"),
        template="comms/templates/library.html",
    ),
    Section(
        group="messages",
        name="comms:text_prices",
        permission="comms.set_up",
        icon="banknote",
        label=_("Text message prices"),
        note=_("What one part of a text message costs, by country."),
        affects=_("Affects the cost shown before a text is sent."),
        words=_("sms cost rates segments"),
        tab_of="comms:channels",
    ),
    PaletteAction(
        name="comms:new_template",
        permission="templates.edit",
        icon="plus",
        label=_("New template"),
        words=_("email text message whatsapp"),
    ),
    Topic("templates", ("template",)),
    RecordPage(model=Template, name="comms:template", list="comms:templates"),
]
FEATURES: list[Feature] = [*PERMISSIONS, *PAGES, *VARIABLES, *EVENT_WORDS, TenantStart(begin, again=catch_up)]
