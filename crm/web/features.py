"""What the platform's own pages add: settings, permissions, palette actions, keys."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.events.hints import Topic
from crm.platform.features import Feature
from crm.platform.models import Brand, BusinessCalendar, Invitation, Member, Role, Team
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.row_level_security import DefinerFunction
from crm.web.account.own_pages import OwnPage
from crm.web.actions.undo import UNDO_ALL
from crm.web.health import features as health
from crm.web.lists.saved.palette import find_saved_views
from crm.web.lists.saved.standing import SHARE
from crm.web.notices import features as notices
from crm.web.organization.calendar_forms import CalendarForm
from crm.web.organization.member_forms import MemberForm
from crm.web.organization.views.brands import BrandForm
from crm.web.organization.views.organization import OrganizationForm
from crm.web.settings.sections import INDEX_PERMISSION, Section, SectionGroup
from crm.web.shell import palette
from crm.web.shell.first_steps import FirstStep, edited
from crm.web.shell.navigation import Page
from crm.web.shell.palette import Action, Source
from crm.web.shell.record_pages import RecordPage
from crm.web.shell.shortcuts import ANYWHERE, Shortcut, going_to


def has_colleagues() -> bool:
    """Tell whether somebody else is here, or invited."""
    if sum(member.active for member in directory().members.values()) > 1:
        return True
    return bool(Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).exists())


def has_own_hours() -> bool:
    """Tell whether somebody set the hours."""
    return edited(BusinessCalendar)


def has_own_brand() -> bool:
    """Tell whether the brand says how customers reach it, or was edited."""
    brand = directory().default_brand
    return bool(brand.phone or brand.email) or edited(Brand)


ADMIN, MANAGERS = frozenset({Role.ADMIN}), frozenset({Role.MANAGER, Role.ADMIN})

PERMISSIONS = [
    PermissionGroup(30, "data", _("Customers and their data")),
    PermissionGroup(40, "files", _("Import and export")),
    PermissionGroup(50, "settings", _("Settings")),
    PermissionGroup(60, "daily", _("Every day")),
    Permission(
        "members.manage",
        ADMIN,
        "settings",
        _("Manage members"),
        _("Invite people, choose their role and teams, deactivate them; and see this page."),
    ),
    Permission("teams.view", MANAGERS, "settings", _("See the teams"), _("Which teams there are and who is in them.")),
    Permission("teams.manage", ADMIN, "settings", _("Manage teams"), _("Make teams and put members into them.")),
    Permission(
        "organization.manage",
        ADMIN,
        "settings",
        _("Edit the organization and its brands"),
        _("Name, country, time zone and language of the organization; the names it does business under."),
    ),
    Permission(
        "calendars.manage",
        ADMIN,
        "settings",
        _("Set working hours"),
        _("Working hours, holidays and closing days, by which the clocks count."),
    ),
    Permission(
        "security.manage",
        ADMIN,
        "settings",
        _("Require a second factor of everybody"),
        _("A password alone is no longer enough to sign in."),
    ),
    Permission(
        "access_log.view",
        ADMIN,
        "settings",
        _("See the access log"),
        _("Who looked at which customer’s data, and when."),
    ),
    Permission(
        "work.replay",
        ADMIN,
        "settings",
        _("See work that failed and run it again"),
        _("Background work that failed, such as an email that wasn’t sent."),
    ),
    Permission(
        INDEX_PERMISSION,
        MANAGERS,
        "settings",
        _("Open the settings"),
        _("Open the settings they have access to."),
    ),
    Permission(
        SHARE,
        MANAGERS,
        "daily",
        _("Share saved filters"),
        _("With a team or with everybody, and as what a role finds first. Anybody keeps filters for themselves."),
    ),
    Permission(
        "undo.own",
        EVERYBODY,
        "daily",
        _("Undo their own changes"),
        _("For a day, unless somebody changed the same since; and see them listed."),
    ),
    Permission(
        UNDO_ALL,
        MANAGERS,
        "daily",
        _("Undo everybody’s changes"),
        _("Undo colleagues’ changes to records they can see."),
    ),
    Permission(
        "palette.use",
        EVERYBODY,
        "daily",
        _("Search"),
        _("Find leads and customers they may see, and act by the keyboard."),
    ),
    Permission(
        "navigation.count",
        EVERYBODY,
        "daily",
        _("See the numbers in the menu"),
        _("Show how many items wait on each page."),
    ),
    Permission(
        "live.listen",
        EVERYBODY,
        "daily",
        _("See changes at once"),
        _("What colleagues change shows up without reloading the page."),
    ),
    Permission(
        "preferences.edit",
        EVERYBODY,
        "daily",
        _("Choose their own preferences"),
        _("Their own language, time zone, look and keyboard shortcuts."),
    ),
    Permission(
        "export",
        MANAGERS,
        "files",
        _("Export lists"),
        _("Download lists as a file. They confirm their identity first, and the export is logged."),
    ),
]
PAGES = [
    Page(90, "settings", INDEX_PERMISSION, "settings", _("Settings"), section=True),
    Page(92, "exports", "export", "file-down", _("Exports"), section=True, tab_of="settings"),
    RecordPage(Member, "member"),
    RecordPage(Team, "team"),
    RecordPage(Brand, "brand"),
    RecordPage(BusinessCalendar, "calendar"),
]
SETTINGS = [
    SectionGroup(10, "organization", _("Organization")),
    SectionGroup(20, "team", _("Team & roles")),
    SectionGroup(30, "sales", _("Sales")),
    SectionGroup(40, "service", _("Service")),
    SectionGroup(50, "messages", _("Email & texts")),
    SectionGroup(60, "portal", _("Customer portal")),
    SectionGroup(70, "automation", _("Automation")),
    SectionGroup(80, "data", _("Security & data")),
    Section(
        group="team",
        position=10,
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
        position=20,
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
        position=30,
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
        position=10,
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
        position=20,
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
        position=30,
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
        position=20,
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
        position=30,
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
        position=40,
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
        30,
        "members",
        "members.manage",
        "user-plus",
        _("Invite your colleagues"),
        _("Everybody gets a sign-in of their own, and a role."),
        has_colleagues,
    ),
    FirstStep(
        40,
        "calendars",
        "calendars.manage",
        "calendar",
        _("Set your working hours"),
        _("Response times count only while you are open."),
        has_own_hours,
    ),
    FirstStep(
        50,
        "brands",
        "organization.manage",
        "building-2",
        _("Complete your brand"),
        _("The name, phone number and email address customers know you by."),
        has_own_brand,
    ),
]
EDIT = "preferences.edit"
ACTIONS = [
    Source(15, "palette.use", find_saved_views),
    Source(90, "palette.use", palette.actions, is_of_actions=True),
    Source(92, INDEX_PERMISSION, palette.find_settings),
    Action(79, "recent_changes", "undo.own", "history", _("Recent changes"), _("undo take back history")),
    Action(80, "preferences", EDIT, "sliders-horizontal", _("Preferences"), _("settings zone language")),
    Action(81, "look", EDIT, "sun", _("Light theme"), post=("theme", "light")),
    Action(82, "look", EDIT, "moon", _("Dark theme"), post=("theme", "dark")),
    Action(83, "look", EDIT, "monitor", _("Theme of the system"), post=("theme", "system")),
    Action(84, "look", EDIT, "rows-4", _("Compact rows"), post=("density", "compact")),
    Action(85, "look", EDIT, "rows-3", _("Comfortable rows"), post=("density", "comfortable")),
    Shortcut(10, "Ctrl K", "", _("Search and commands"), ANYWHERE),
    Shortcut(11, "/", "palette", _("Search, with one key"), ANYWHERE),
    Shortcut(12, "?", "help", _("These keys"), ANYWHERE),
    Shortcut(14, "Esc", "", _("Close what is open, or clear the selection"), ANYWHERE),
    Shortcut(13, "F8", "", _("Go to the messages"), ANYWHERE),
    Shortcut(28, "g s", going_to("settings"), _("Go to the settings"), ANYWHERE),
    Shortcut(50, "j", "row-next", _("Next row")),
    Shortcut(51, "k", "row-previous", _("Previous row")),
    Shortcut(52, "o", "row-open", _("Open the row")),
    Shortcut(53, "x", "pick", _("Select the row")),
    Shortcut(60, "n", "new", _("New")),
]
FEATURES: list[Feature] = [
    *PERMISSIONS,
    *PAGES,
    *SETTINGS,
    *FIRST_STEPS,
    *ACTIONS,
    OwnPage(40, "own_photo", "preferences.edit", _("My photo")),
    # Touched without an event.
    Topic("configuration"),
    Topic("exports"),
    DefinerFunction("memberships_of(bigint)"),
    *notices.FEATURES,
    *health.FEATURES,
]
