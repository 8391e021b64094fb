"""Permissions of the pages of crm/web, and the groups in which the roles page shows all permissions."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import EVERYBODY, Permission, PermissionGroup
from crm.platform.models import Role
from crm.web.actions.undo import UNDO_ALL
from crm.web.lists.saved.standing import SHARE
from crm.web.settings.sections import INDEX_PERMISSION

ADMIN = frozenset({Role.ADMIN})
MANAGERS = frozenset({Role.MANAGER, Role.ADMIN})

PERMISSIONS = [
    PermissionGroup("data", _("Customers and their data")),
    PermissionGroup("files", _("Import and export")),
    PermissionGroup("settings", _("Settings")),
    PermissionGroup("daily", _("Every day")),
    Permission(
        name="members.manage",
        roles=ADMIN,
        group="settings",
        label=_("Manage members"),
        note=_("Invite people, choose their role and teams, deactivate them; and see this page."),
    ),
    Permission(
        name="teams.view",
        roles=MANAGERS,
        group="settings",
        label=_("See the teams"),
        note=_("Which teams there are and who is in them."),
    ),
    Permission(
        name="teams.manage",
        roles=ADMIN,
        group="settings",
        label=_("Manage teams"),
        note=_("Make teams and put members into them."),
    ),
    Permission(
        name="organization.manage",
        roles=ADMIN,
        group="settings",
        label=_("Edit the organization and its brands"),
        note=_("Name, country, time zone and language of the organization; the names it does business under."),
    ),
    Permission(
        name="calendars.manage",
        roles=ADMIN,
        group="settings",
        label=_("Set working hours"),
        note=_("Working hours, holidays and closing days, by which the clocks count."),
    ),
    Permission(
        name="security.manage",
        roles=ADMIN,
        group="settings",
        label=_("Require a second factor of everybody"),
        note=_("A password alone is no longer enough to sign in."),
    ),
    Permission(
        name="access_log.view",
        roles=ADMIN,
        group="settings",
        label=_("See the access log"),
        note=_("Who looked at which customer’s data, and when."),
    ),
    Permission(
        name="work.replay",
        roles=ADMIN,
        group="settings",
        label=_("See work that failed and run it again"),
        note=_("Background work that failed, such as an email that wasn’t sent."),
    ),
    Permission(
        name=INDEX_PERMISSION,
        roles=MANAGERS,
        group="settings",
        label=_("Open the settings"),
        note=_("Open the settings they have access to."),
    ),
    Permission(
        name=SHARE,
        roles=MANAGERS,
        group="daily",
        label=_("Share saved views"),
        note=_("With a team or with everybody, and as what a role sees first. Anybody can save views for themselves."),
    ),
    Permission(
        name="undo.own",
        roles=EVERYBODY,
        group="daily",
        label=_("Undo their own changes"),
        note=_("For a day, unless somebody changed the same since; and see them listed."),
    ),
    Permission(
        name=UNDO_ALL,
        roles=MANAGERS,
        group="daily",
        label=_("Undo everybody’s changes"),
        note=_("Undo colleagues’ changes to records they can see."),
    ),
    Permission(
        name="palette.use",
        roles=EVERYBODY,
        group="daily",
        label=_("Search"),
        note=_("Find leads and customers they may see, and act by the keyboard."),
    ),
    Permission(
        name="navigation.count",
        roles=EVERYBODY,
        group="daily",
        label=_("See the numbers in the menu"),
        note=_("Show how many items wait on each page."),
    ),
    Permission(
        name="live.listen",
        roles=EVERYBODY,
        group="daily",
        label=_("See changes at once"),
        note=_("What colleagues change shows up without reloading the page."),
    ),
    Permission(
        name="preferences.edit",
        roles=EVERYBODY,
        group="daily",
        label=_("Choose their own preferences"),
        note=_("Their own language, time zone, look and keyboard shortcuts."),
    ),
    Permission(
        name="export",
        roles=MANAGERS,
        group="files",
        label=_("Export lists"),
        note=_("Download lists as a file. They confirm their identity first, and the export is logged."),
    ),
]
