"""The platform's own rows of the matrix: settings, files out, and what everybody does every day."""

from django.utils.translation import gettext_lazy as _

from crm.platform.access.permissions import EVERYBODY, register
from crm.platform.models import Role

ADMIN, MANAGERS = {Role.ADMIN}, {Role.MANAGER, Role.ADMIN}


def register_permissions() -> None:
    """Once, when Django starts."""
    _of_settings()
    _of_everybody()
    note = _("Take what they see out as a file. They confirm who they are first, and the file is logged.")
    register("export", MANAGERS, "files", _("Export lists"), note)


def _of_settings() -> None:
    note = _("Invite people, choose their role and teams, deactivate them; and see this page.")
    register("members.manage", ADMIN, "settings", _("Manage members"), note)
    register("teams.view", MANAGERS, "settings", _("See the teams"), _("Which teams there are and who is in them."))
    register("teams.manage", ADMIN, "settings", _("Manage teams"), _("Make teams and put members into them."))
    note = _("Name, country, time zone and language of the organization; the names it does business under.")
    register("organization.manage", ADMIN, "settings", _("Edit the organization and its brands"), note)
    note = _("Working hours, holidays and closing days, by which the clocks count.")
    register("calendars.manage", ADMIN, "settings", _("Set working hours"), note)
    note = _("Nobody comes in with a password alone any more.")
    register("security.manage", ADMIN, "settings", _("Require a second factor of everybody"), note)
    note = _("Who looked at which customer’s data, and when.")
    register("access_log.view", ADMIN, "settings", _("See the access log"), note)
    note = _("What the system could not do by itself, for instance a mail that did not leave.")
    register("work.replay", ADMIN, "settings", _("See work that failed and run it again"), note)


def _of_everybody() -> None:
    note = _("Find leads and customers they may see, and act by the keyboard.")
    register("palette.use", EVERYBODY, "daily", _("Search"), note)
    note = _("How much waits on each page, of what they may see.")
    register("navigation.count", EVERYBODY, "daily", _("See the numbers in the menu"), note)
    note = _("What colleagues change shows up without reloading the page.")
    register("live.listen", EVERYBODY, "daily", _("See changes at once"), note)
    note = _("Language, time zone, look and keys; nobody else’s.")
    register("preferences.edit", EVERYBODY, "daily", _("Choose their own preferences"), note)
