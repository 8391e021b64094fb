"""Unique names and ordering of configuration rows, such as a pipeline's stages; and what most of them are."""

from collections.abc import Iterable
from typing import Any, Self

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.archivable import Archivable
from crm.platform.models.changed_fields import set_fields
from crm.platform.models.tenant import configuration_changed, lock_configuration


def unused_name(model: type[models.Model], name: str, others: Iterable[models.Model]) -> str:
    """Return the name, tidied. Raises Refused when it is empty, too long, or taken in any spelling of case."""
    name = " ".join(name.replace("\0", "").split())
    longest: int = model._meta.get_field("name").max_length  # type: ignore[union-attr, assignment]
    if not name:
        raise Refused(_("Enter a name."))
    if len(name) > longest:
        raise Refused(_("A name can have %(count)s characters at most.") % {"count": longest})
    taken = {str(other).casefold(): str(other) for other in others}
    if name.casefold() in taken:
        raise Refused(_("“%(name)s” already exists.") % {"name": taken[name.casefold()]})
    return name


class NamedRow(Archivable):
    """Configuration with a name that no other row of its kind has, e.g. a kind of documents."""

    # How long it may be the model says.
    name: "models.CharField[Any, Any]"

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def __str__(self) -> str:
        return str(self.name)

    @classmethod
    @transaction.atomic
    def add(cls, name: str, *, by: Member | None, **fields: Any) -> Self:
        """Add a row, behind the others. Raises Refused for a name that is taken, and what `_check` refuses."""
        lock_configuration()
        others = list(cls.objects.all())
        row = cls(name=unused_name(cls, name, others), **cls._place(others), **fields)
        row._check()
        row.save()
        row._record(f"{cls.noun}.added", by)
        return row

    @transaction.atomic
    def edit(self, name: str, *, by: Member | None, **fields: Any) -> None:
        """Change it; existing references stay. Idempotent. Raises Refused as `add` does."""
        self._lock_with_configuration()
        changed = set_fields(self, fields | {"name": unused_name(type(self), name, self._others())})
        self._check()
        if changed:
            self.save(update_fields=changed)
            self._record(f"{self.noun}.edited", by, {"fields": changed})

    @classmethod
    def _place(cls, others: list[Self]) -> dict[str, int]:
        """Return the fields that place a new row in the order of the others, if its kind is ordered."""
        return {}

    def _others(self) -> models.QuerySet[Self]:
        others: models.QuerySet[Self] = type(self).objects.exclude(pk=self.pk)
        return others

    def _check(self) -> None:
        """Raise Refused for facts it may not have."""


@transaction.atomic
def rename_row(row: Any, name: str, others: models.QuerySet[Any], kind: str, by: Member | None) -> None:
    """Rename a row and record `kind`. Raises Refused for a name that is taken."""
    lock_configuration()
    name = unused_name(type(row), name, others.exclude(pk=row.pk))
    if name != row.name:
        before = row.name
        row.name = name
        row.save(update_fields=["name"])
        events.record(kind, subject=row, by=by, data={"from": before, "to": name})


def renumber(rows: Iterable[Any], moved: Any, before: Any) -> bool:
    """Reorder rows by `position`, with `moved` in front of `before`, or last. Return whether one changed."""
    order = [row for row in rows if moved is None or row.pk != moved.pk]
    if moved is not None:
        at = next((at for at, row in enumerate(order) if before is not None and row.pk == before.pk), len(order))
        order.insert(at, moved)
    changed = [(at, row) for at, row in enumerate(order) if row.position != at]
    for at, row in changed:
        row.position = at
    if changed:
        type(changed[0][1]).objects.bulk_update([row for _at, row in changed], ["position"])
        configuration_changed()
    return bool(changed)
