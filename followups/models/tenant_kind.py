"""TenantKind: a tenant's types of follow-ups: its own ones, which built-in ones it archived, their order.

A type's `code` is what follow-ups, jobs and events keep; it never changes. A type is archived, never deleted.
"""

import secrets
from collections.abc import Iterable

from django.db import models, transaction
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.archivable import Archivable
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.named_rows import renumber, unused_name
from followups.models.kind import FollowUpKind

# The drawings a type may have, by their names in the sprite.
ICONS = (
    "phone mail message-square-more video users user calendar clock map-pin house building-2 file-text banknote"
    " key-round list-checks shield-check eye flag zap megaphone hand trophy"
).split()
LONGEST_MINUTES = 24 * 60
# More would be a list nobody reads.
MOST = 60


class TenantKind(Archivable):
    """A type of follow-up of the tenant's own, or its settings of a built-in one, which then has no name here."""

    noun = "kind"

    code = models.CharField(max_length=16)
    name = models.CharField(max_length=40, blank=True)
    # For readers of Dutch; blank: the name.
    name_nl = models.CharField(max_length=40, blank=True)
    icon = models.CharField(max_length=32, blank=True)
    # How long it takes, as a rule.
    minutes = models.PositiveSmallIntegerField(default=15)
    position = models.PositiveSmallIntegerField()

    class Meta:
        base_manager_name = "objects"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="kind_code_is_unique"),
            models.CheckConstraint(
                condition=Q(minutes__gt=0, minutes__lte=LONGEST_MINUTES), name="kind_takes_a_day_at_most"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.code

    @property
    def is_own(self) -> bool:
        return bool(self.name)

    @classmethod
    @transaction.atomic
    def add(cls, name: str, *, name_nl: str, icon: str, minutes: int, by: Member | None) -> "TenantKind":
        """Add a type. Raises Refused for a name that is taken or invalid."""
        lock_configuration()
        rows = cls._all()
        if len(rows) >= MOST:
            raise Refused(_("No more than 60 types."))
        kind = cls(code=f"own-{secrets.token_hex(5)}", position=len(rows))
        kind._set_values(rows, name, name_nl, icon, minutes)
        kind.save(force_insert=True)
        events.record("kind.added", subject=kind, by=by)
        return kind

    @classmethod
    @transaction.atomic
    def of(cls, code: str) -> "TenantKind | None":
        """Return the row of a type, also of a built-in one not edited yet; None for an unknown code."""
        lock_configuration()
        return next((row for row in cls._all() if row.code == code), None)

    @transaction.atomic
    def edit(self, name: str, *, name_nl: str, icon: str, minutes: int, by: Member | None) -> None:
        """Edit name, icon and minutes, for old follow-ups too. Raises Refused as `add` does, and for a built-in one."""
        lock_configuration()
        if not self.is_own:
            raise Refused(_("A built-in type keeps its name. Hide it, and add your own."))
        before = self._event_data()
        self._set_values([row for row in self._all() if row.pk != self.pk], name, name_nl, icon, minutes)
        if changed := [field for field, value in self._event_data().items() if before[field] != value]:
            self.save(update_fields=changed)
            events.record("kind.edited", subject=self, by=by, data={"fields": changed})

    @transaction.atomic
    def move(self, *, before: "TenantKind | None", by: Member | None) -> None:
        """Move it before another type, or to the end."""
        lock_configuration()
        if renumber(self._all(), self, before):
            events.record("kind.moved", subject=self, by=by, data={"position": self.position})

    @classmethod
    def _all(cls) -> list["TenantKind"]:
        """List every type in order; the built-in ones get rows when somebody edits the first."""
        rows = list(cls.objects.all())
        codes = {row.code for row in rows}
        if missing := [code for code in FollowUpKind.values if code not in codes]:
            made = [
                cls(code=code, minutes=FollowUpKind(code).minutes, position=at)
                for at, code in enumerate(missing, len(rows))
            ]
            cls.objects.bulk_create(made)
            rows += made
        return rows

    def _refuse_if_needed(self) -> None:
        if self.code == FollowUpKind.TASK:
            raise Refused(_("“Task” is for everything else, so it stays."))

    def _set_values(self, others: Iterable["TenantKind"], name: str, name_nl: str, icon: str, minutes: int) -> None:
        self.name = _check_unused_name(name, others)
        if name_nl.strip():
            self.name_nl = _check_unused_name(name_nl, others)
        else:
            self.name_nl = ""
        if icon not in ICONS:
            raise Refused(_("Choose one of the icons."))
        if not 0 < minutes <= LONGEST_MINUTES:
            raise Refused(_("It takes between one minute and a day."))
        self.icon = icon
        self.minutes = minutes

    def _event_data(self) -> dict[str, object]:
        return {"name": self.name, "name_nl": self.name_nl, "icon": self.icon, "minutes": self.minutes}


def _check_unused_name(name: str, others: Iterable[TenantKind]) -> str:
    """Return the trimmed name. Raises Refused if another type has it, in either language."""
    name = unused_name(TenantKind, name, ())
    taken = [called for row in others for called in (row.name, row.name_nl) if called]
    for language in ("en", "nl"):
        with translation.override(language):
            taken += [str(kind.label) for kind in FollowUpKind]
    if conflict := next((called for called in taken if called.casefold() == name.casefold()), ""):
        raise Refused(_("“%(name)s” already exists.") % {"name": conflict})
    return name
