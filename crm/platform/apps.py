"""The platform app's config: loads what all apps add, and guards the database connections."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.signals import connection_created
from django.utils.module_loading import import_string

from crm.platform import features


class PlatformConfig(features.AppConfig):
    name = "crm.platform"
    label = "platform"
    verbose_name = "Platform"
    # `features.py` here is the loader; what the platform itself adds are pages (crm/web/features.py).
    features_module = ""

    def ready(self) -> None:
        connection_created.connect(install_guards)
        # All models are there by now, of apps that come after this one, too.
        features.load_handlers()
        checks.register(features.system_check)
        if settings.TRACES:
            start_tracing()


def start_tracing() -> None:
    """Start the traces. Raises ImproperlyConfigured if their libraries are not installed."""
    try:
        start = import_string("crm.platform.observability.tracing.start_tracing")
    except ModuleNotFoundError as error:
        raise ImproperlyConfigured("Traces need the dependency group “traces” (docs/observability.md).") from error
    start()


def install_guards(connection: Any, **kwargs: Any) -> None:
    """Put the tenant guard and slow query log on a new connection. The owner's commands cross tenants."""
    # Apps are configured before there are models.
    from crm.platform.health.logs import log_slow_queries
    from crm.platform.tenancy.tenant_guard import guard_tenant_tables

    if settings.DATABASE_ROLE == "owner":
        wrappers = [log_slow_queries]
    else:
        wrappers = [guard_tenant_tables, log_slow_queries]
    for wrapper in wrappers:
        if wrapper not in connection.execute_wrappers:
            connection.execute_wrappers.append(wrapper)
