"""Read the tenant's tags, cached per process: what the ids on a row mean."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crm.jobs.models.tag import Tag
from crm.platform.organization.configuration import per_tenant


@dataclass(frozen=True)
class Tags:
    """All tags by id, in the order of their names. Treat the rows as read-only."""

    all: Mapping[int, Tag]

    @property
    def live(self) -> list[Tag]:
        """The tags that are offered."""
        return [tag for tag in self.all.values() if tag.is_live]

    def root(self, pk: int) -> int:
        """Return the id of what a tag means: the one it was merged into, else its own."""
        while (into := self.all[pk].merged_into_id) is not None:
            pk = into
        return pk

    def meant(self, ids: Iterable[int]) -> frozenset[int]:
        """Return what the ids on a row mean."""
        return frozenset(self.root(pk) for pk in ids if pk in self.all)

    def of(self, ids: Iterable[int]) -> list[Tag]:
        """Return the tags of a row, each once, by name; archived ones, too: they stay where they are."""
        meant = self.meant(ids)
        return [tag for pk, tag in self.all.items() if pk in meant] if meant else []

    def meaning(self, tag_id: int) -> list[int]:
        """Return the ids that mean a tag: its own, and those of what was merged into it."""
        root = self.root(tag_id)
        return [pk for pk in self.all if self.root(pk) == root]


@per_tenant
def tags() -> Tags:
    """Return the tags of the tenant in use."""
    return Tags({tag.pk: tag for tag in sorted(Tag.objects.all(), key=lambda tag: tag.name.casefold())})
