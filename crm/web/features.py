"""Features of the platform's own pages: settings, permissions, palette actions, keyboard shortcuts."""

from django.utils.translation import gettext_lazy as _

from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Brand, BusinessCalendar, Invitation, Member, Team
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.row_level_security import DefinerFunction
from crm.web.account.own_pages import OwnPage
from crm.web.configuration import features as configuration
from crm.web.health import features as health
from crm.web.lists.saved.palette import find_saved_views
from crm.web.notices import features as notices
from crm.web.organization.calendar_forms import CalendarForm
from crm.web.organization.configuration import SECTIONS as FILE_SECTIONS
from crm.web.organization.member_forms import MemberForm
from crm.web.organization.views.brands import BrandForm
from crm.web.organization.views.organization import OrganizationForm
from crm.web.page_permissions import PERMISSIONS
from crm.web.settings.sections import INDEX_PERMISSION, Section, SectionGroup
from crm.web.shell import palette
from crm.web.shell.first_steps import FirstStep, was_edited
from crm.web.shell.navigation import NavigationPage
from crm.web.shell.palette import PaletteAction, PaletteSource
from crm.web.shell.record_pages import RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to


def has_colleagues() -> bool:
    """True if there is another member, or an invitation."""
    if sum(member.active for member in directory().members.values()) > 1:
        return True
    return bool(Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).exists())


def has_own_hours() -> bool:
    """True if somebody has set the business hours."""
    return was_edited(BusinessCalendar)


def has_own_brand() -> bool:
    """True if the brand has contact details for customers, or was edited."""
    brand = directory().default_brand
    return bool(brand.phone or brand.email) or was_edited(Brand)


PAGES = [
    NavigationPage(name="settings", permission=INDEX_PERMISSION, icon="settings", label=_("Settings"), section=True),
    NavigationPage(
        name="exports",
        permission="export",
        icon="file-down",
        label=_("Exports"),
        section=True,
        tab_of="settings",
    ),
    RecordPage(model=Member, name="member"),
    RecordPage(model=Team, name="team"),
    RecordPage(model=Brand, name="brand"),
    RecordPage(model=BusinessCalendar, name="calendar"),
]
SETTINGS = [
    SectionGroup("organization", _("Organization")),
    SectionGroup("team", _("Team & roles")),
    SectionGroup("sales", _("Sales")),
    SectionGroup("service", _("Service")),
    SectionGroup("messages", _("Email & texts")),
    SectionGroup("portal", _("Customer portal")),
    SectionGroup("automation", _("Automation")),
    SectionGroup("data", _("Security & data")),
    Section(
        group="team",
        name="members",
        permission="members.manage",
        icon="user",
        label=_("Members"),
        note=_("Who can sign in, and invitations."),
        affects=_("Affects who can sign in, what they see and who can be given work."),
        words=_("users people colleagues staff employees invite deactivate accounts login seats"),
        below=("web/member.html", "web/invite.html", MemberForm),
    ),
    Section(
        group="team",
        name="teams",
        permission="teams.view",
        icon="users",
        label=_("Teams"),
        note=_("Who works together."),
        affects=_("Affects whose work members see, assignment rules and the figures of each team."),
        words=_("groups departments"),
        tab_of="members",
    ),
    Section(
        group="team",
        name="roles",
        permission="members.manage",
        icon="key-round",
        label=_("Roles"),
        note=_("What each role may do."),
        affects=_("Affects the pages and buttons that each member has."),
        words=_("permissions rights access admin manager rep"),
        tab_of="members",
        template="web/roles.html",
    ),
    Section(
        group="organization",
        name="organization",
        permission="organization.manage",
        icon="house",
        label=_("Organization"),
        note=_("Name, country, time zone, language and colour."),
        affects=_("Affects dates, amounts and the language of every page, and what new brands and members start with."),
        words=_("company name currency country time zone timezone language locale color theme date format"),
        template="web/organization.html",
        form=OrganizationForm,
    ),
    Section(
        group="organization",
        name="brands",
        permission="organization.manage",
        icon="building-2",
        label=_("Brands"),
        note=_("The business names your customers know."),
        affects=_("Affects the sender and signature of messages, and the look of the customer portal."),
        words=_("business name trade name logo phone number company label"),
        below=("web/brand.html", BrandForm),
    ),
    Section(
        group="organization",
        name="calendars",
        permission="calendars.manage",
        icon="calendar",
        label=_("Working hours"),
        note=_("Opening hours, holidays and closing days."),
        affects=_("Affects when clocks count, when messages are sent and which times customers can book."),
        words=_("calendar business hours opening hours holidays closed weekend office hours"),
        below=("web/calendar.html", CalendarForm),
    ),
    Section(
        group="data",
        name="security",
        permission="security.manage",
        icon="shield-check",
        label=_("Security"),
        note=_("How members sign in."),
        affects=_("Affects how every member signs in."),
        words=_("two-factor 2fa mfa second factor passkey password authenticator login"),
        template="web/security.html",
    ),
    Section(
        group="data",
        name="access_log",
        permission="access_log.view",
        icon="eye",
        label=_("Access log"),
        note=_("Who looked at whose data."),
        affects=_("Affects nothing: it is the record for questions about privacy."),
        words=_("audit log gdpr privacy history views"),
        template="web/access_log.html",
    ),
    Section(
        group="data",
        name="parked",
        permission="work.replay",
        icon="list-checks",
        label=_("Failed tasks"),
        note=_("Background work that failed and can be run again."),
        affects=_("Affects messages, triggers and imports that have not been carried out yet."),
        words=_("errors retry queue failed parked background"),
    ),
]
FIRST_STEPS = [
    FirstStep(
        name="members",
        permission="members.manage",
        icon="user-plus",
        label=_("Invite your colleagues"),
        note=_("Everybody gets a sign-in of their own, and a role."),
        is_done=has_colleagues,
    ),
    FirstStep(
        name="calendars",
        permission="calendars.manage",
        icon="calendar",
        label=_("Set your working hours"),
        note=_("Response times count only while you are open."),
        is_done=has_own_hours,
    ),
    FirstStep(
        name="brands",
        permission="organization.manage",
        icon="building-2",
        label=_("Complete your brand"),
        note=_("The name, phone number and email address customers know you by."),
        is_done=has_own_brand,
    ),
]
EDIT = "preferences.edit"
ACTIONS = [
    PaletteSource(name="saved_views", permission="palette.use", find=find_saved_views),
    PaletteSource(name="actions", permission="palette.use", find=palette.find_actions, is_of_actions=True),
    PaletteSource(name="settings", permission=INDEX_PERMISSION, find=palette.find_settings),
    PaletteAction(
        name="recent_changes",
        permission="undo.own",
        icon="history",
        label=_("Recent changes"),
        words=_("undo take back history"),
    ),
    PaletteAction(
        name="preferences",
        permission=EDIT,
        icon="sliders-horizontal",
        label=_("Preferences"),
        words=_("settings zone language"),
    ),
    PaletteAction(name="look", permission=EDIT, icon="sun", label=_("Light theme"), post=("theme", "light")),
    PaletteAction(name="look", permission=EDIT, icon="moon", label=_("Dark theme"), post=("theme", "dark")),
    PaletteAction(
        name="look",
        permission=EDIT,
        icon="monitor",
        label=_("Theme of the system"),
        post=("theme", "system"),
    ),
    PaletteAction(name="look", permission=EDIT, icon="rows-4", label=_("Compact rows"), post=("density", "compact")),
    PaletteAction(
        name="look",
        permission=EDIT,
        icon="rows-3",
        label=_("Comfortable rows"),
        post=("density", "comfortable"),
    ),
    Shortcut(keys="Ctrl K", act="", label=_("Search and commands"), group=ANYWHERE),
    Shortcut(keys="/", act="palette", label=_("Search, with one key"), group=ANYWHERE),
    Shortcut(keys="?", act="help", label=_("These keys"), group=ANYWHERE),
    Shortcut(keys="Esc", act="", label=_("Close what is open, or clear the selection"), group=ANYWHERE),
    Shortcut(keys="F8", act="", label=_("Go to the messages"), group=ANYWHERE),
    Shortcut(keys="g s", act=going_to("settings"), label=_("Go to the settings"), group=ANYWHERE),
    Shortcut(keys="j", act="row-next", label=_("Next row")),
    Shortcut(keys="k", act="row-previous", label=_("Previous row")),
    Shortcut(keys="o", act="row-open", label=_("Open the row")),
    Shortcut(keys="x", act="pick", label=_("Select the row")),
    Shortcut(keys="n", act="new", label=_("New")),
]
FEATURES: list[Feature] = [
    *FILE_SECTIONS,
    *PERMISSIONS,
    *PAGES,
    *SETTINGS,
    *FIRST_STEPS,
    *ACTIONS,
    OwnPage(name="own_photo", permission="preferences.edit", label=_("My photo")),
    # Touched without an event.
    Topic("configuration"),
    Topic("exports"),
    Topic("practice"),
    DefinerFunction("memberships_of(bigint)"),
    *notices.FEATURES,
    *health.FEATURES,
    *configuration.FEATURES,
]
