"""ExportRun: the export of one list to a file."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.platform.models.member import Member
from crm.platform.models.run import SelectionRun
from crm.platform.models.stored_file import StoredFile
from crm.platform.tenancy.tenant_model import TenantForeignKey


class ExportRun(SelectionRun):
    """An export: which list and format, and the order the list had when it was requested."""

    topic = "exports"
    noun = "export"

    class Format(models.TextChoices):
        CSV = "csv", _("CSV, for any program")
        XLSX = "xlsx", _("Excel workbook")

    # The exportable list (crm/web/lists/exports.py) and its view, as in its address.
    kind = models.CharField(max_length=32)
    query = models.TextField(blank=True)
    format = models.CharField(max_length=4, choices=Format)
    language = models.CharField(max_length=8)
    by = TenantForeignKey(Member, models.PROTECT, related_name="+")
    file = TenantForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta(SelectionRun.Meta):
        indexes = [models.Index(fields=["tenant", "-created_at"], name="export_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    def facts(self) -> dict[str, Any]:
        return {"kind": self.kind, "format": self.format, "rows": self.total}
