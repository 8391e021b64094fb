"""The platform app: what runs once, when Django starts."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class PlatformConfig(AppConfig):
    name = "crm.platform"
    label = "platform"
    verbose_name = "Platform"

    def ready(self) -> None:
        from crm.platform.access import platform_permissions
        from crm.web.settings import platform_sections

        platform_permissions.register_permissions()
        platform_sections.register_people()
        connection_created.connect(install_guards)
        self._register_pages()
        self._register_actions()

    def _register_pages(self) -> None:
        from crm.web.settings.sections import INDEX_PERMISSION, Section, register
        from crm.web.shell import navigation

        navigation.register(navigation.Page(90, "settings", INDEX_PERMISSION, "settings", _("Settings"), whole=True))
        navigation.register(navigation.Page(81, "exports", "export", "file-down", _("Exports"), whole=True))
        who, reads, stuck = (
            _("Who may come in, and how."),
            _("Who looked at whose data."),
            _("What failed and waits for you."),
        )
        register(Section("operation", 10, "security", "security.manage", "shield-check", _("Security"), who))
        register(Section("operation", 20, "access_log", "access_log.view", "eye", _("Access log"), reads))
        register(Section("operation", 30, "parked", "work.replay", "list-checks", _("Parked work"), stuck))

    def _register_actions(self) -> None:
        from crm.web.shell.palette import Action, register

        edit = "preferences.edit"
        register(Action(80, "preferences", edit, "sliders-horizontal", _("Preferences"), _("settings zone language")))
        for at, icon, label, chosen in (
            (81, "sun", _("Light theme"), ("theme", "light")),
            (82, "moon", _("Dark theme"), ("theme", "dark")),
            (83, "monitor", _("Theme of the system"), ("theme", "system")),
            (84, "rows-4", _("Compact rows"), ("density", "compact")),
            (85, "rows-3", _("Comfortable rows"), ("density", "comfortable")),
        ):
            register(Action(at, "look", edit, icon, label, post=chosen))


def install_guards(connection: Any, **kwargs: Any) -> None:
    """Put the tenant guard and the slow query log on each new connection. The owner's commands cross tenants."""
    from crm.platform.health.logs import log_slow_queries
    from crm.platform.tenancy.tenant_guard import guard

    wrappers = [log_slow_queries] if settings.DATABASE_ROLE == "owner" else [guard, log_slow_queries]
    for wrapper in wrappers:
        if wrapper not in connection.execute_wrappers:
            connection.execute_wrappers.append(wrapper)
