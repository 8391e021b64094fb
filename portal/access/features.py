"""Register what getting in adds: its tab, permissions, templates and their variables, events and notices."""

from django.utils.translation import gettext_lazy as _

from comms.library.packs.shape import TemplatePack
from comms.library.variables import TemplateVariable
from crm.jobs.models import Job
from crm.people.erasure import PersonalData
from crm.people.models import Person
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.account.demo_sign_ins import DemoDoor
from crm.web.settings.sections import Section
from crm.web.shell.record_pages import RecordLink
from crm.web.timeline.event_words import EventWords
from portal.access import erasure, links, notices, preview
from portal.access.tabs import PortalTab
from portal.access.texts import dutch, english

MANAGE, SET_UP = "portal.manage", "portal.set_up"

PERMISSIONS = [
    PermissionGroup(27, "portal", _("Customers’ page")),
    Permission(
        MANAGE,
        EVERYBODY,
        "portal",
        _("Let customers in"),
        _("Invite, see their devices, sign them out, and say who is who in a job; of customers they may see."),
    ),
    Permission(
        preview.PERMISSION,
        EVERYBODY,
        "portal",
        _("Look as a customer"),
        _("The customer’s own pages, on which nothing can be done. Recorded each time."),
    ),
    Permission(
        SET_UP,
        frozenset({Role.ADMIN}),
        "portal",
        _("Set the customers’ page up"),
        _("What each role in a job sees of it."),
    ),
]
EVENT_WORDS = [
    EventWords("portal.invited", "key-round", _("invited them to the customers’ page")),
    EventWords("portal.revoked", "lock", _("removed their access to the customers’ page")),
    EventWords("portal.entered", "log-in", _("The customer came to their page for the first time"), mark="in"),
    EventWords("portal.signed_in", "log-in", _("The customer came in with a code"), mark="in"),
    EventWords("portal.link_opened", "link", _("The customer opened their link"), mark="in"),
    EventWords(
        notices.FORWARDED, "link", _("The customer’s link was opened on another device, without a code"), mark="in"
    ),
    EventWords("portal.device_forgotten", "log-out", _("signed a device of the customer’s out")),
    EventWords("portal.devices_forgotten", "log-out", _("signed the customer’s devices out, and ended old links")),
    EventWords("portal.reopened", "key-round", _("opened the customer’s sign-in again")),
    EventWords("portal.seeing_changed", "eye", _("changed what they see on the customers’ page")),
    EventWords("portal.looked", "eye", _("looked at the customer’s page as them")),
    EventWords("portal.roles_changed", "eye", _("changed what roles see on the customers’ page")),
]
FEATURES: list[Feature] = [
    *PERMISSIONS,
    *EVENT_WORDS,
    PortalTab(10, "portal:home", "house", _("Job")),
    TemplatePack("portal", {"en": english.ENTRIES, "nl": dutch.ENTRIES}),
    TemplateVariable(90, "portal.link", _("Link to the customer’s page"), "https://example.com/my/page", links.link_of),
    # Given by what sends it; a template of anything else has none.
    TemplateVariable(91, "portal.code", _("Code for the customer’s page"), "123456", lambda subject: ""),
    notices.KIND,
    DemoDoor(10, "portal:home", _("The customer’s own page"), lambda slug: f"customer@{slug}.example"),
    RecordLink(Person, "portal", "portal_access:person", MANAGE),
    RecordLink(Job, "portal", "portal_access:job", MANAGE, key="number"),
    RecordLink(Job, "look", "portal_access:look_at_job", preview.PERMISSION, key="number"),
    Section(
        group="portal",
        position=10,
        name="portal_access:roles",
        permission=SET_UP,
        icon="eye",
        label=_("Portal access"),
        note=_("What an owner, adjuster or resident sees."),
        affects=_("Affects the parts of the customer portal that each person sees."),
        words=_("customer page roles visibility permissions homeowner"),
    ),
    PersonalData(55, "portal", _("Access to the customers’ page"), erasure.count, erasure.erase),
]
