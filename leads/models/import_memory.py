"""ImportMemory: what a check would have written for earlier rows, so that memory use is constant."""

from django.db import models

from crm.platform.models import TenantForeignKey, TenantModel
from leads.models.import_run import ImportRun


class ImportMemory(TenantModel):
    """A lead a check would have created or added to, under one of its keys; deleted after the check."""

    run = TenantForeignKey(ImportRun, models.CASCADE, related_name="+")
    key = models.CharField(max_length=600)
    # The same for all keys of one lead.
    ref = models.BigIntegerField()
    lead = models.TextField()

    class Meta:
        base_manager_name = "objects"
        verbose_name_plural = "import memory"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "key", "ref"], name="import_key_is_once_a_lead")
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.ref}"
