"""Register portal access: its tab, permissions, templates with variables, events and notices."""

from django.utils.translation import gettext_lazy as _

from comms.library.packs.pack_entries import TemplatePack
from comms.library.variables import TemplateVariable
from crm.jobs.models import Job
from crm.people.erasure import PersonalData
from crm.people.models import Person
from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.features import Feature
from crm.platform.models import Role
from crm.web.account.demo_sign_ins import DemoEntry
from crm.web.settings.sections import Section
from crm.web.shell.record_pages import RecordLink
from crm.web.timeline.event_words import EventWords
from portal.access import erasure, links, notices, preview, texts
from portal.access.tabs import PortalTab

MANAGE = "portal.manage"
SET_UP = "portal.set_up"

PERMISSIONS = [
    PermissionGroup("portal", _("Customer portal")),
    Permission(
        name=MANAGE,
        roles=EVERYBODY,
        group="portal",
        label=_("Manage customer access"),
        note=_("Invite customers, see and sign out their devices, and set roles in a job; for customers they can see."),
    ),
    Permission(
        name=preview.PERMISSION,
        roles=EVERYBODY,
        group="portal",
        label=_("View as a customer"),
        note=_("See the customer’s own pages, read-only. Each time is logged."),
    ),
    Permission(
        name=SET_UP,
        roles=frozenset({Role.ADMIN}),
        group="portal",
        label=_("Set up the customer portal"),
        note=_("What each role in a job sees of it."),
    ),
]
EVENT_WORDS = [
    EventWords("portal.invited", "key-round", _("invited them to the customer portal")),
    EventWords("portal.revoked", "lock", _("removed their access to the customer portal")),
    EventWords("portal.entered", "log-in", _("The customer opened their portal for the first time"), mark="in"),
    EventWords("portal.signed_in", "log-in", _("The customer signed in with a code"), mark="in"),
    EventWords("portal.visited", "log-in", _("The customer visited their page"), mark="in"),
    EventWords("portal.link_opened", "link", _("The customer opened their link"), mark="in"),
    EventWords(
        notices.FORWARDED, "link", _("The customer’s link was opened on another device, without a code"), mark="in"
    ),
    EventWords("portal.device_forgotten", "log-out", _("signed out one of the customer’s devices")),
    EventWords("portal.devices_forgotten", "log-out", _("signed out the customer’s devices and ended old links")),
    EventWords("portal.reopened", "key-round", _("allowed the customer to sign in again")),
    EventWords("portal.seeing_changed", "eye", _("changed what they see on the customer portal")),
    EventWords("portal.looked", "eye", _("viewed the portal as the customer")),
    EventWords("portal.roles_changed", "eye", _("changed what roles see on the customer portal")),
]
FEATURES: list[Feature] = [
    *PERMISSIONS,
    *EVENT_WORDS,
    PortalTab(name="portal:home", icon="house", label=_("Job")),
    TemplatePack("portal", {"en": texts.ENGLISH, "nl": texts.DUTCH}),
    TemplateVariable(
        name="portal.link",
        words=_("Customer portal link"),
        example="https://example.com/my/page",
        value=links.link_of,
    ),
    # Given by what sends it; a template of anything else has none.
    TemplateVariable(name="portal.code", words=_("Customer portal code"), example="123456", value=lambda subject: ""),
    notices.KIND,
    DemoEntry(
        name="portal:home",
        label=_("The customer’s own page"),
        note=lambda slug: f"customer@{slug}.example",
    ),
    RecordLink(model=Person, purpose="portal", name="portal_access:person", permission=MANAGE),
    RecordLink(model=Job, purpose="portal", name="portal_access:job", permission=MANAGE, key="number"),
    RecordLink(
        model=Job, purpose="look", name="portal_access:look_at_job", permission=preview.PERMISSION, key="number"
    ),
    Section(
        group="portal",
        name="portal_access:roles",
        permission=SET_UP,
        icon="eye",
        label=_("Portal access"),
        note=_("What an owner, adjuster or resident sees."),
        affects=_("Affects the parts of the customer portal that each person sees."),
        words=_("customer page roles visibility permissions homeowner"),
    ),
    PersonalData(
        name="portal", label=_("Access to the customer portal"), count=erasure.count_access, erase=erasure.erase_access
    ),
]
