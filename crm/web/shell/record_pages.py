"""URLs of records' pages, and links to pages other apps have for a record, without naming those apps.

A hit, a toast or a timeline asks `record_url(job, slug)`. A page that shows a panel of an app above it, or links to a
form there, asks `record_link(job, "next_step", …)`; whoever is above gives the address.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model, UUIDField
from django.http import HttpResponse
from django.urls import reverse

from crm.platform import features
from crm.platform.access.permissions import allows, missing_permission
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.requests.tenant_urls import missing_address


@dataclass(frozen=True, kw_only=True)
class RecordPage(Feature):
    """The page of a model's rows: its URL name, which takes the tenant's slug and the row's `key`."""

    unique: ClassVar[tuple[str, ...]] = ("model",)

    model: type[Model]
    name: str
    key: str = "uid"
    # The list the rows stand on, by the name of its address.
    list: str = ""
    # The whole page as the answer to a form that was refused: (request, row, status, what went wrong).
    render: Callable[..., HttpResponse] | None = None
    # What shows the row on pages, drawn anew after an act, by what the page's forms send as `on`: (request, row).
    fragments: Mapping[str, Callable[..., str]] = field(default_factory=dict)
    # The browser's event after a change of a row, which shows lists and panels of them anew (HX-Trigger).
    event: str = ""
    # What rows are called where they stand by themselves, by id; without it each says its own name.
    titles: Callable[..., dict[int, str]] | None = None
    # The same for a reader, where a title names what not everybody who sees the row may see: (rows, member).
    titles_for: Callable[..., dict[int, str]] | None = None
    # The rows a member may see, where a lower app's model cannot say so by `visible_to`.
    visible: Callable[[Member], Any] | None = None

    def __str__(self) -> str:
        return f"RecordPage of {self.model.__name__}"

    def check(self) -> Iterator[str]:
        yield from _missing_record_address(self.model, self.name, self.key)
        if self.list:
            yield from missing_address(self.list, "a-tenant")


@dataclass(frozen=True, kw_only=True)
class RecordLink(Feature):
    """A page or panel that an app has for records of a lower app, by a purpose the lower app defines."""

    unique: ClassVar[tuple[str, ...]] = ("place",)

    model: type[Model]
    purpose: str
    name: str
    permission: str
    key: str = "uid"
    # Where the address has the key in its query (`?job=7`), the name it has there.
    query: str = ""
    # What else must be true for a member, such as a switch in the settings.
    is_shown: Callable[[Member], bool] = lambda _member: True

    def __str__(self) -> str:
        return f"RecordLink {self.purpose!r} of {self.model.__name__}"

    @property
    def place(self) -> tuple[type[Model], str]:
        return self.model, self.purpose

    def check(self) -> Iterator[str]:
        yield from missing_permission(self.permission)
        if self.query:
            yield from missing_address(self.name, "a-tenant")
        else:
            yield from _missing_record_address(self.model, self.name, self.key)


@dataclass(frozen=True)
class RecordFragment(Feature):
    """A function that re-renders a record on a page of a higher app; chosen by the `on` value of that page's forms."""

    unique: ClassVar[tuple[str, ...]] = ("place",)

    model: type[Model]
    on: str
    draw: Callable[..., str]

    def __str__(self) -> str:
        return f"RecordFragment {self.on!r} of {self.model.__name__}"

    @property
    def place(self) -> tuple[type[Model], str]:
        return self.model, self.on


@features.cached_index
def _fragments_by_model() -> dict[type[Model], dict[str, Callable[..., str]]]:
    drawn = {page.model: dict(page.fragments) for page in features.of(RecordPage)}
    for one in features.of(RecordFragment):
        drawn.setdefault(one.model, {})[one.on] = one.draw
    return drawn


def record_fragments(model: type[Model]) -> Mapping[str, Callable[..., str]]:
    """Return the functions that re-render a model's row after an action, by the `on` value of a page's forms."""
    return _fragments_by_model().get(model, {})


@features.cached_index
def _pages_by_model() -> dict[type[Model], RecordPage]:
    return {page.model: page for page in features.of(RecordPage)}


@features.cached_index
def _links_by_purpose() -> dict[tuple[type[Model], str], RecordLink]:
    return {link.place: link for link in features.of(RecordLink)}


def record_url(record: Model, slug: str) -> str:
    """Return the URL of a record's page; blank for one without."""
    page = _pages_by_model().get(type(record))
    if page:
        return reverse(page.name, args=[slug, getattr(record, page.key)])
    return ""


def record_page(model: type[Model]) -> RecordPage | None:
    """Return the RecordPage of a model; None if it has none."""
    return _pages_by_model().get(model)


def record_titles(rows: Sequence[Model], member: Member) -> dict[int, str]:
    """Return the full titles of rows of one model that a member sees, by id."""
    page = None
    if rows:
        page = _pages_by_model().get(type(rows[0]))
    if page and page.titles_for:
        return page.titles_for(rows, member)
    if page and page.titles:
        return page.titles(rows)
    return {row.pk: str(row) for row in rows}


def visible_rows(model: type[Model], member: Member) -> Any:
    """Return the rows of a model that a member may see; all rows if the model has no visibility rule."""
    page = _pages_by_model().get(model)
    if page and page.visible:
        return page.visible(member)
    rows = model._default_manager.all()
    if hasattr(rows, "visible_to"):
        return rows.visible_to(member)
    return rows


def records_url(model: type[Model], slug: str) -> str:
    """Return the URL of the list of a model's rows; the tenant's start page for one without."""
    page = _pages_by_model().get(model)
    if page and page.list:
        return reverse(page.list, args=[slug])
    return reverse("tenant_home", args=[slug])


def record_prefix(model: type[Model], slug: str) -> str:
    """Return the URL of a model's pages up to the key, "/acme/leads/": for a list of hundreds of rows."""
    page = _pages_by_model().get(model)
    if page:
        return reverse(page.name, args=[slug, 0]).removesuffix("0/")
    return ""


def record_link_prefix(model: type[Model], purpose: str, slug: str) -> str:
    """Return the URL of `record_link` up to the key, for a link with the key in its query. No permission check."""
    link = _links_by_purpose().get((model, purpose))
    if link:
        return f"{reverse(link.name, args=[slug])}?{link.query}="
    return ""


def record_link(record: Model, purpose: str, *, by: Member, slug: str) -> str:
    """Return the URL an app has for a purpose on a record; blank if there is none, or the member may not."""
    link = _links_by_purpose().get((type(record), purpose))
    if link is None or not allows(by, link.permission) or not link.is_shown(by):
        return ""
    key = getattr(record, link.key)
    if link.query:
        return f"{reverse(link.name, args=[slug])}?{urlencode({link.query: key})}"
    return reverse(link.name, args=[slug, key])


def _missing_record_address(model: type[Model], name: str, key: str) -> Iterator[str]:
    try:
        field = model._meta.get_field(key)
    except FieldDoesNotExist:
        yield f"{model.__name__} has no field {key!r}"
        return
    yield from missing_address(name, "a-tenant", UUID(int=0) if isinstance(field, UUIDField) else 1)
