"""Territory: an area, by postal codes and states, and the members who work there."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member, TenantForeignKey
from crm.platform.models.archivable import Archivable
from crm.platform.models.base import ConfigurationModel
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.named_rows import unused_name

# What a form takes of codes, and of characters in one of them.
MOST = 2000
LONGEST = 16


class Territory(Archivable):
    """A work area. It contains an address by the beginning of its postal code, or by its state."""

    noun = "territory"

    name = models.CharField(max_length=60)
    # Codes or beginnings of codes, and states as addresses write them; both folded by `folded`.
    postal_codes = models.JSONField(default=list)
    states = models.JSONField(default=list)

    # The reverse side of TerritoryMember.
    places: Any

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        verbose_name_plural = "territories"
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="territory_name_is_unique")]

    def __str__(self) -> str:
        return self.name

    def covers(self, postal_code: str, state: str) -> bool:
        """Return True if the territory contains an address."""
        code = fold_code(postal_code)
        return bool(
            (code and code.startswith(tuple(self.postal_codes))) or (state and fold_code(state) in self.states),
        )

    @classmethod
    @transaction.atomic
    def add(
        cls, name: str, *, postal_codes: Iterable[str] = (), states: Iterable[str] = (), by: Member | None
    ) -> "Territory":
        """Add a territory without members. Raises Refused for a name that is taken, or too many codes."""
        lock_configuration()
        territory: Territory = cls.objects.create(
            name=unused_name(cls, name, cls.objects.all()),
            postal_codes=_clean_codes(postal_codes),
            states=_clean_codes(states),
        )
        events.record("territory.added", subject=territory, by=by)
        return territory

    @transaction.atomic
    def edit(
        self,
        *,
        name: str,
        postal_codes: Iterable[str],
        states: Iterable[str],
        members: Sequence[Member],
        by: Member | None,
    ) -> None:
        """Set its name, codes and members. Idempotent. Raises Refused as `add`."""
        self._lock_with_configuration()
        name = unused_name(Territory, name, Territory.objects.exclude(pk=self.pk))
        after = {"name": name, "postal_codes": _clean_codes(postal_codes), "states": _clean_codes(states)}
        changed = set_fields(self, after)
        if changed:
            self.save(update_fields=changed)
        if self._settle(members):
            changed.append("members")
        if changed:
            self._record("territory.edited", by, {"fields": changed})

    def _settle(self, members: Sequence[Member]) -> bool:
        wanted = {member.pk for member in members}
        had = set(self.places.values_list("member_id", flat=True))
        for gone in self.places.filter(member_id__in=had - wanted):
            gone.delete()
        for member in members:
            if member.pk not in had:
                TerritoryMember.objects.create(territory=self, member=member)
        return wanted != had


class TerritoryMember(ConfigurationModel):
    """A member works in a territory."""

    territory = TenantForeignKey(Territory, models.CASCADE, related_name="places")
    member = TenantForeignKey(Member, models.CASCADE, related_name="+")

    class Meta:
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "territory", "member"], name="member_is_once_in_a_territory"),
        ]

    def __str__(self) -> str:
        return f"{self.territory_id}:{self.member_id}"


def fold_code(text: str) -> str:
    """Normalise a postal code or state for comparison: "1012 ab" and "1012AB" are equal."""
    return "".join(text.split()).replace("-", "").upper()


def split_codes(text: str) -> list[str]:
    """Split a text into codes, separated by lines, commas or semicolons."""
    return [code for line in text.replace(",", "\n").replace(";", "\n").split("\n") if (code := line.strip())]


def _clean_codes(codes: Iterable[str]) -> list[str]:
    cleaned = sorted({code for text in codes if (code := fold_code(text.replace("\0", "")))})
    if len(cleaned) > MOST:
        raise Refused(_("A territory has %(count)s codes at most. Write their beginnings instead.") % {"count": MOST})
    if long := next((code for code in cleaned if len(code) > LONGEST), None):
        raise Refused(_("“%(code)s” is too long for a postal code or a state.") % {"code": long[:40]})
    return cleaned
