"""The base class of a tenant's configuration, and the public id of a row."""

from typing import Any

from django.db import models

from crm.platform.models.tenant import configuration_changed
from crm.platform.tenancy.tenant_model import TenantModel


class ConfigurationModel(TenantModel):
    """A row of a tenant's configuration; cached in every process until an edit moves the configuration's version.

    `bulk_create` and `update` pass this by: whoever uses them calls `configuration_changed()`.
    """

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        configuration_changed(self.tenant_id)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        configuration_changed(self.tenant_id)
        return super().delete(*args, **kwargs)


class UuidV7(models.Func):
    """Postgres 18's time-ordered uuid."""

    function = "uuidv7"
    template = "%(function)s()"
    output_field = models.UUIDField()


def public_id() -> "models.UUIDField[Any, Any]":
    """Return the default of a row's public id, shown in URLs; it reveals no row counts. Unique within the tenant."""
    return models.UUIDField(db_default=UuidV7(), editable=False)
