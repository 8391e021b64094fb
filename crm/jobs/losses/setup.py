"""Read the tenant's reasons why jobs are lost, cached per process."""

from dataclasses import dataclass

from crm.jobs.models.losses import LostReason
from crm.platform.organization.configuration import per_tenant


@dataclass(frozen=True)
class LostReasons:
    """All reasons by id, in their order. Treat the rows as read-only."""

    all: dict[int, LostReason]

    def offered(self, ends: str) -> list[tuple[LostReason, list[LostReason]]]:
        """Return the reasons that can be chosen, each with those below it."""
        live = [row for row in self.all.values() if row.ends == ends and row.archived_at is None]
        tops = [row for row in live if row.parent_id is None]
        return [(top, [row for row in live if row.parent_id == top.pk]) for top in tops]

    def name(self, pk: int | None) -> str:
        """Return what a reason is called; blank for none."""
        return self.all[pk].name if pk in self.all else ""


@per_tenant
def lost_reasons() -> LostReasons:
    """Return the reasons of the tenant in use."""
    return LostReasons({row.pk: row for row in LostReason.objects.order_by("ends", "position", "pk")})
