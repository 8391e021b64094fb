"""ImportRow: the result of one row of a file and what it created, for display, download and undo."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.platform.models import TenantForeignKey, TenantModel
from leads.models.import_run import ImportRun


class ImportRow(TenantModel):
    """A row's verdict. After a check only rows with a message or a match have one; after a run all have."""

    class RowChoice(models.TextChoices):
        AS_PROPOSED = "", _("As proposed")
        SKIP = "skip", _("Leave it out")
        UPDATE = "update", _("The same lead: add what is missing")
        NEW = "new", _("Make a new lead")

    run = TenantForeignKey(ImportRun, models.CASCADE, related_name="lines")
    row = models.PositiveIntegerField()
    verdict = models.CharField(max_length=9)
    # What it was recognised by: id, email, phone, at, name, row; or what is asked about it: job, reach.
    same = models.CharField(max_length=8, blank=True)
    reason = models.TextField(blank=True)
    # What somebody decided about a duplicate.
    choice = models.CharField(max_length=6, choices=RowChoice, blank=True)
    # The row as it was understood, for showing it beside the lead it may be: labels and texts.
    shown = models.JSONField(default=list)
    # The lead it is, by id: it may be gone one day. Null in a check for one that would be new.
    job_id = models.BigIntegerField(null=True)
    # Of a check: the row of the same file it was held against, and how that one was understood.
    of_row = models.PositiveIntegerField(null=True)
    beside = models.JSONField(default=list)
    # What it made, by id; a lead that was there before has its job alone.
    made_job = models.BooleanField(default=False)
    person_id = models.BigIntegerField(null=True)
    company_id = models.BigIntegerField(null=True)
    site_id = models.BigIntegerField(null=True)
    # What a known lead gained: points as "email:…", fields of the job and lead as they were filled, the note's id.
    gained = models.JSONField(default=dict)
    undone = models.BooleanField(default=False)
    # Why an undo left it.
    kept = models.CharField(max_length=200, blank=True)

    class Meta:
        base_manager_name = "objects"
        constraints = [models.UniqueConstraint(fields=["tenant", "run", "row"], name="import_row_is_once_in_a_run")]
        indexes = [models.Index(fields=["tenant", "run", "verdict", "row"], name="import_row_verdict")]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.row}"
