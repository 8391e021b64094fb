"""The platform's own sections of the settings about people and the organization."""

from django.utils.translation import gettext_lazy as _

from crm.web.settings.sections import Section, register


def register_people() -> None:
    """Once, when Django starts; their permissions stand in permissions.py."""
    who, kinds, together = _("Who works here; invitations."), _("What each role may do."), _("Who works together.")
    register(Section("people", 10, "members", "members.manage", "user", _("Members"), who))
    register(Section("people", 20, "teams", "teams.view", "users", _("Teams"), together))
    register(Section("people", 30, "roles", "members.manage", "key-round", _("Roles"), kinds))
    what, manage = _("Name, country, zone, language, colour."), "organization.manage"
    names, hours = _("The names you do business under."), _("Working hours, holidays and closing days.")
    register(Section("organization", 10, "organization", manage, "house", _("Organization"), what))
    register(Section("organization", 20, "brands", manage, "building-2", _("Brands"), names))
    register(Section("organization", 30, "calendars", "calendars.manage", "calendar", _("Calendars"), hours))
