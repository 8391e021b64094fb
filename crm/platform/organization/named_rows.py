"""Unique names and ordering of configuration rows, such as a pipeline's stages."""

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Member
from crm.platform.models.tenant import hold_configuration
from crm.platform.organization.configuration_version import configuration_changed


def unused_name(model: type[models.Model], name: str, others: Iterable[models.Model]) -> str:
    """Return the name, tidied. Raises Refused when it is empty, too long, or taken in any spelling of case."""
    name = " ".join(name.replace("\0", "").split())
    longest: int = model._meta.get_field("name").max_length  # type: ignore[union-attr, assignment]
    if not name:
        raise Refused(_("A name is needed."))
    if len(name) > longest:
        raise Refused(_("A name has %(count)s characters at most.") % {"count": longest})
    taken = {str(other).casefold(): str(other) for other in others}
    if name.casefold() in taken:
        raise Refused(_("There is one called “%(name)s” already.") % {"name": taken[name.casefold()]})
    return name


@transaction.atomic
def rename(row: Any, name: str, others: models.QuerySet[Any], kind: str, by: Member | None) -> None:
    """Rename a row and record `kind`. Raises Refused for a name that is taken."""
    hold_configuration()
    name = unused_name(type(row), name, others.exclude(pk=row.pk))
    if name != row.name:
        before, row.name = row.name, name
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
