"""Company: a company that persons may belong to."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from crm.kernel import clock
from crm.kernel.normalization import name_key
from crm.platform.models import TenantModel
from crm.platform.models.base import public_id


class Company(TenantModel):
    """A company."""

    uid = public_id()
    name = models.CharField(max_length=200)
    # For sorting and search: case folded, without accents.
    name_key = models.CharField(max_length=200, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "companies"
        constraints = [models.UniqueConstraint(fields=["tenant", "uid"], name="company_uid_is_unique")]
        indexes = [
            models.Index(fields=["tenant", "name_key"], name="company_name_key"),
            GinIndex(fields=["tenant", "name_key"], opclasses=["int8_ops", "gin_trgm_ops"], name="company_name_trgm"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.name_key = name_key(self.name)[:200]
        super().save(*args, **kwargs)
