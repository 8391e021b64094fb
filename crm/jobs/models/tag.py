"""Tag: a tenant's own label to mark and find work. It is archived, never deleted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel.refusal import Refused
from crm.platform.models import Member
from crm.platform.models.base import public_id
from crm.platform.models.mergeable import Mergeable
from crm.platform.models.tenant import lock_configuration
from crm.platform.organization.configuration import cached_per_tenant
from crm.platform.organization.named_rows import unused_name

# More would be a list nobody finds anything in.
MOST = 200


class Tint(models.TextChoices):
    """Colour of a tag: a class of static/css/components/badge.css. Only the name conveys meaning, never the colour."""

    PLAIN = "plain", gettext_lazy("Grey")
    BRAND = "brand", gettext_lazy("House colour")
    GOOD = "good", gettext_lazy("Green")
    NOTE = "note", gettext_lazy("Yellow")
    WARN = "warn", gettext_lazy("Orange")
    BAD = "bad", gettext_lazy("Red")
    VIOLET = "violet", gettext_lazy("Violet")


class Tag(Mergeable):
    """A tag, e.g. Storm or Insurance. A merged one stands for the other on every row that has it."""

    noun = "tag"
    choose_two = gettext_lazy("Choose two tags that are in use.")

    uid = public_id()
    name = models.CharField(max_length=40)
    tint = models.CharField(max_length=8, choices=Tint, default=Tint.PLAIN)

    class Meta:
        base_manager_name = "objects"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "uid"], name="tag_uid_is_unique"),
            models.UniqueConstraint(fields=["tenant", "name"], name="tag_name_is_unique"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="tag_is_not_merged_into_itself"),
        ]

    @classmethod
    @transaction.atomic
    def add(cls, name: str, *, tint: str = Tint.PLAIN, by: Member | None) -> "Tag":
        """Add a tag. Raises Refused for a name that is taken, an unknown tint, or when there are 200."""
        lock_configuration()
        others = list(cls.objects.all())
        if sum(tag.is_live for tag in others) >= MOST:
            raise Refused(_("There are %(most)s tags. Archive or merge some.") % {"most": MOST})
        tag: Tag = cls.objects.create(name=unused_name(cls, name, others), tint=_check_tint(tint))
        tag.refresh_from_db(fields=["uid"])
        tag._record("tag.added", by, {"name": tag.name})
        return tag

    @transaction.atomic
    def edit(self, *, name: str, tint: str, by: Member | None) -> None:
        """Set the tag's name and tint. Idempotent. Raises Refused for a name that is taken."""
        self._lock_with_configuration()
        before = {"name": self.name, "tint": self.tint}
        after = {"name": unused_name(Tag, name, Tag.objects.exclude(pk=self.pk)), "tint": _check_tint(tint)}
        if before != after:
            self.name = after["name"]
            self.tint = after["tint"]
            self.save(update_fields=["name", "tint"])
            self._record("tag.edited", by, {"from": before, "to": after})


def _check_tint(tint: str) -> str:
    if tint not in Tint.values:
        raise Refused(_("Choose one of the colours."))
    return tint


@dataclass(frozen=True)
class Tags:
    """All tags by id, ordered by name. Treat the rows as read-only."""

    all: Mapping[int, Tag]

    @property
    def live(self) -> list[Tag]:
        """The tags that are not archived or merged."""
        return [tag for tag in self.all.values() if tag.is_live]

    def root(self, pk: int) -> int:
        """Return the id of the tag it was merged into, else its own."""
        while (into := self.all[pk].merged_into_id) is not None:
            pk = into
        return pk

    def roots(self, ids: Iterable[int]) -> frozenset[int]:
        """Return the ids of a row's tags after merges."""
        return frozenset(self.root(pk) for pk in ids if pk in self.all)

    def of(self, ids: Iterable[int]) -> list[Tag]:
        """Return the tags of a row without duplicates, by name, with archived ones, which stay on their rows."""
        roots = self.roots(ids)
        if roots:
            return [tag for pk, tag in self.all.items() if pk in roots]
        return []

    def meaning(self, tag_id: int) -> list[int]:
        """Return the ids that stand for a tag: its own, and those of tags merged into it."""
        root = self.root(tag_id)
        return [pk for pk in self.all if self.root(pk) == root]


@cached_per_tenant
def tags() -> Tags:
    """Return the tags of the current tenant."""
    return Tags({tag.pk: tag for tag in sorted(Tag.objects.all(), key=lambda tag: tag.name.casefold())})
