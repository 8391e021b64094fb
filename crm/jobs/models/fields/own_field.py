"""OwnField: a tenant's custom field of leads, customers or properties. It is archived, never deleted."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.refusal import Refused
from crm.platform.organization.named_rows import NamedRow

# More would be a form nobody fills in.
MOST = 30
MOST_OPTIONS = 50
LONGEST_OPTION = 60


class OwnFieldRecord(models.TextChoices):
    LEAD = "job", gettext_lazy("Lead")
    CUSTOMER = "person", gettext_lazy("Customer")
    PROPERTY = "property", gettext_lazy("Property")


class FieldKind(models.TextChoices):
    DATE = "date", gettext_lazy("A date")
    TEXT = "text", gettext_lazy("A few words")
    NUMBER = "number", gettext_lazy("A number")
    CHOICE = "choice", gettext_lazy("One of a list")
    YES_NO = "yes_no", gettext_lazy("Yes or no")
    LINK = "link", gettext_lazy("A link")


class OwnField(NamedRow):
    """A field, e.g. Lease ends. Its kind and record cannot change, as stored values would change their meaning.

    Its name is unique among the fields of all records, because imports, exports and triggers choose fields by name.
    """

    noun = "own_field"

    name = models.CharField(max_length=40)
    # The record that has it.
    record = models.CharField(max_length=8, choices=OwnFieldRecord, default=OwnFieldRecord.LEAD, db_default="job")
    kind = models.CharField(max_length=8, choices=FieldKind, default=FieldKind.DATE)
    # What a choice can be, in its order. One that goes stays with the records that have it.
    options = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="own_field_name_is_unique")]

    @property
    def key(self) -> str:
        """Return the field's key in `own_fields` of a record: never a number, as Postgres would read an index."""
        return f"f{self.pk}"

    def _check(self) -> None:
        if self.record not in OwnFieldRecord.values:
            raise Refused(_("Choose whether leads, customers or properties have it."))
        if self.kind not in FieldKind.values:
            raise Refused(_("Choose what kind of value it has."))
        self._check_options()
        others = self._others().filter(record=self.record, archived_at=None)
        if self.archived_at is None and others.count() >= MOST:
            raise Refused(_("There are %(most)s fields. Archive some.") % {"most": MOST})

    def _check_options(self) -> None:
        if self.kind != FieldKind.CHOICE:
            self.options = []
            return
        if not self.options:
            raise Refused(_("Enter the choices, one per line."))
        if len(self.options) > MOST_OPTIONS or any(len(option) > LONGEST_OPTION for option in self.options):
            limits = {"most": MOST_OPTIONS, "longest": LONGEST_OPTION}
            raise Refused(_("No more than %(most)s choices, of %(longest)s characters each.") % limits)
        if len({option.casefold() for option in self.options}) < len(self.options):
            raise Refused(_("Each choice once."))
