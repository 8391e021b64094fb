"""JobField: a field of the tenant's own that a lead has: a date, or a few words. It is archived, never deleted."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.refusal import Refused
from crm.platform.organization.named_rows import NamedRow

# More would be a form nobody fills in.
MOST = 30


class Kind(models.TextChoices):
    DATE = "date", gettext_lazy("A date")
    TEXT = "text", gettext_lazy("A few words")


class JobField(NamedRow):
    """A field, e.g. Lease ends. Its kind stays: what leads have in it means something else as another."""

    noun = "job_field"

    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=4, choices=Kind, default=Kind.DATE)

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="job_field_name_is_unique")]

    @property
    def key(self) -> str:
        """Return what a lead's own fields have it under: no number, which Postgres takes for a place in a list."""
        return f"f{self.pk}"

    def _check(self) -> None:
        if self.kind not in Kind.values:
            raise Refused(_("Choose what it holds."))
        if self.archived_at is None and self._others().filter(archived_at=None).count() >= MOST:
            raise Refused(_("There are %(most)s fields. Archive some.") % {"most": MOST})
