"""RecordKind: a model that rules may be about, added by the app that owns it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, NamedTuple

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.tenant_model import TenantModel
from crm.web.lists.conditions.filters import FilterSet
from crm.web.reader import Reader
from crm.web.shell.record_pages import visible_rows


class RecordLine(NamedTuple):
    """A record on the pages of rules. `css`: class for its age; `bar`: its progress bar, as in its list."""

    css: str = ""
    age: str = ""
    bar: SafeString = SafeString("")
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class RecordKind(Feature):
    """A model whose rows rules can start for. Its conditions are the filters of its list."""

    unique: ClassVar[tuple[str, ...]] = ("key",)

    key: str
    model: type[TenantModel]
    filterset: type[FilterSet]
    # With its article, as a sentence has it, "a lead"; and the heading its rules stand under: "Leads".
    noun: str | Promise
    group: str | Promise
    # The id of the job a row is about; None for none.
    job_id: Callable[[Any], int | None]
    # Whose it is: the member's id.
    member_id: Callable[[Any], int | None]
    # The customer's id.
    person_id: Callable[[Any], int | None]
    # What it is called: the customer's name.
    title: Callable[[Any], str]
    # How a row stands on the pages of rules, besides its title: how old it is, its bar, what it is worth.
    line: Callable[[Any, Reader], RecordLine] | None = None
    # The ids of the rows a text means, of those a member may see; without it one searches by the job a row is about.
    find: Callable[[Member, str], list[int]] | None = None
    # What `title` and `line` read besides the row.
    related: tuple[str, ...] = ()
    # The brand by whose calendar its working time counts.
    brand_id: Callable[[Any], int | None] = lambda row: row.brand_id
    # Until when a message about a row is of use (docs/rules.md#k3): an appointment's beginning. None: however late.
    useful_until: Callable[[Any], datetime | None] = lambda row: None
    # The rows that fire rules; without it all of the model.
    rows: Callable[[], Any] | None = None
    # What other systems may know of a row: numbers and codes, no names.
    facts: Callable[[Any], dict[str, Any]] = lambda row: {"id": row.pk}

    @property
    def label(self) -> str:
        """The model's label, as events name their subjects."""
        return self.model._meta.label_lower

    def ruled_rows(self) -> Any:
        """Return the rows for which rules may start, as a queryset."""
        if self.rows:
            return self.rows()
        return self.model.objects.all()

    def check(self) -> Iterator[str]:
        if not issubclass(self.model, TenantModel):
            yield "its model belongs to no tenant"

    def seen_by(self, member: Member) -> Any:
        """Return the rows a member may see, as a queryset, with the relations their title needs."""
        rows = visible_rows(self.model, member)
        if self.related:
            return rows.select_related(*self.related)
        return rows

    def calendar_id(self, row: Any) -> int | None:
        """Return the calendar id of a row's brand, or the organization's."""
        brand = self.brand_id(row)
        if brand:
            return directory().calendar_of(brand)
        return directory().default_calendar_id


@features.cached_index
def _by_key() -> dict[str, RecordKind]:
    return {kind.key: kind for kind in features.of(RecordKind)}


def record_kind(key: str) -> RecordKind | None:
    """Return a record kind by key; None if no app adds it any more."""
    return _by_key().get(key)


def missing_record(key: str) -> Iterator[str]:
    """Report an undefined kind; for the system check of an entry that names one."""
    if key not in _by_key():
        yield f"nobody defines the record kind {key!r}"
