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
        from crm.platform import second_factor, sessions, timestamps, worker  # noqa: F401 (they connect to signals)

        connection_created.connect(install_guards)
        self._register_pages()

    def _register_pages(self) -> None:
        from crm.platform.navigation import Page, register

        register(Page(89, "security", "security.manage", "shield-check", _("Security")))
        register(Page(90, "access_log", "access_log.view", "eye", _("Access log")))
        register(Page(91, "parked", "work.replay", "list-checks", _("Parked work")))


def install_guards(connection: Any, **kwargs: Any) -> None:
    """Put the tenant guard and the slow query log on each new connection. The owner's commands cross tenants."""
    from crm.platform.logs import log_slow_queries
    from crm.platform.tenancy import guard

    wrappers = [log_slow_queries] if settings.DATABASE_ROLE == "owner" else [guard, log_slow_queries]
    for wrapper in wrappers:
        if wrapper not in connection.execute_wrappers:
            connection.execute_wrappers.append(wrapper)
