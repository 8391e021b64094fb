"""List: base class of an app's lists: filters, columns, order, views and texts. See docs/lists.md."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, ClassVar, NamedTuple

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.kernel import formats
from crm.platform.models import Member
from crm.web.lists.columns import Column, Columns
from crm.web.lists.conditions.filters import FilterSet
from crm.web.lists.conditions.query import AddressReader, Chip, Filters, tidy
from crm.web.lists.paging import Order
from crm.web.lists.saved.standing import views_of

Text = str | Promise


def _too_many(most: int) -> str:
    return gettext("That is more than %(most)s. Narrow the view, or take it in parts.") % {
        "most": formats.whole_number(most)
    }


class Words(NamedTuple):
    """Texts of the shared pages about the rows of a list: "Tickets", "Tickets where", "12 tickets"."""

    name: Text
    where: Text
    everything: Text
    # How many of them, as a reader sees the number: "1", "12", "999+".
    counted: Callable[[str], str]
    # What they are sorted by.
    sorted_by: Text
    # Where nothing was selected, and where more was than one act takes, which is named.
    nothing_selected: Text = _("Select something first.")
    too_many_selected: Callable[[int], str] = _too_many
    # On the page of saved views, and where one is archived.
    save_first: Text = _("Filter the list, then save it as a view: it becomes a tab.")
    archive: Text = _("It disappears from everybody’s tabs. What it showed stays, and links to it keep working.")


class View(NamedTuple):
    """A built-in view: a name and its filters."""

    key: str
    name: Text
    filters: Filters
    # The class of the mark in front of its name.
    css: str = ""
    # What its number counts, where that is less than it shows.
    counts: Filters | None = None


class Sort(NamedTuple):
    """An alternative order of a list, and its description: "the highest value"."""

    order: Order
    words: Text


class Choice(NamedTuple):
    """An order to choose: its label and URL."""

    url: str
    words: Text
    is_current: bool


class Head(NamedTuple):
    """The head of a sortable column: the URL of its next order, and the `aria-sort` of the current one."""

    url: str
    state: str
    words: Text


class List:
    """A list of rows. Create one instance in a module of the app; its URLs are `lists.urls.list_urls(instance)`."""

    # Unique in the house: saved views and column choices are kept by it.
    key: ClassVar[str]
    # The name of the page's URL; the shared pages stand in the same namespace.
    page: ClassVar[str]
    # Other pages that show the same filters, by what their forms call them: a board, a calendar.
    layouts: ClassVar[Mapping[str, str]] = {}
    # Parameters that say where a layout stands, as the day of a calendar. Links to other filters keep them, saved views
    # don't.
    position: ClassVar[tuple[str, ...]] = ()
    permission: ClassVar[str]
    filterset: ClassVar[type[FilterSet]]
    columns: ClassVar[Columns] = Columns()
    # Other orders by `?sort=`: "-value" is the most of it first, "value" the least; each has an index of its own.
    sorts: ClassVar[Mapping[str, Sort]] = {}
    words: ClassVar[Words]
    # The column that the boxes of the rows carry.
    picked_by: ClassVar[str] = "pk"
    # The field a row of the builder begins with.
    first_field: ClassVar[str]

    # What an app answers

    def visible(self, member: Member) -> Any:
        """Return all rows a member may see."""
        raise NotImplementedError

    def every_sort(self) -> Mapping[str, Sort]:
        """Return the alternative orders: the declared ones, and those that apps above add."""
        return self.sorts

    def order(self, filters: Filters) -> Order:
        """Return the default order of the rows. It must match an ordered index."""
        raise NotImplementedError

    def base(self, filters: Filters, member: Member) -> Any:
        """Return the rows to filter; fewer than the visible ones if a list shows the member's own by default."""
        return self.visible(member)

    def narrow(self, rows: Any, filters: Filters, member: Member) -> Any:
        """Apply the filters the list handles itself, and its defaults, such as excluding closed rows."""
        return rows

    def views(self, member: Member) -> list[View]:
        """Return the built-in views, which are the first tabs."""
        return []

    def standing_chips(self, filters: Filters, member: Member) -> list[Chip]:
        """Return chips for rows excluded by default. A chip without a URL cannot be removed."""
        return []

    def notes(self, filters: Filters, member: Member) -> list[str]:
        """Return sentences shown above the rows."""
        return []

    def count_queries(self, filters: Filters, member: Member, shown: Collection[str]) -> dict[str, Any]:
        """Return querysets to count besides those of tabs, by element id. `shown`: the counts the page shows."""
        return {}

    def sums(self, filters: Filters, member: Member, shown: Collection[str]) -> dict[str, str]:
        """Return additional texts for elements of the page, by element id."""
        return {}

    def count_texts(self, counts: dict[str, str]) -> dict[str, str]:
        """Format the counts for the page, by element id."""
        return counts

    # What it does

    def filters(self, **changes: Any) -> Filters:
        """Create filters of this list: `leads.filters(level="over")`."""
        return Filters(self.filterset).changed(**changes)

    def read(self, query: QueryDict, member: Member) -> Filters:
        """Parse the filters of a query string, with this member's permissions."""
        reader = AddressReader(self.filterset, query, member)
        found = reader.filters()
        asked = tidy(query.get("columns", ""))
        given = query.get("view", "")
        if asked:
            columns = self.columns.read(asked)
            if columns is None:
                asked = reader.drop("columns", asked)
            else:
                asked = self.columns.spell(columns)
        sort = tidy(query.get("sort", ""))
        if sort and sort not in self.every_sort():
            sort = reader.drop("sort", sort)
        if given and not any(str(view.uid) == given for view in views_of(self.key, member)):
            given = ""
        position = self.read_position(query)
        return replace(found, columns=asked, sort=sort, view=given, position=position, dropped=tuple(reader.dropped))

    def read_position(self, query: QueryDict) -> dict[str, str]:
        """Return the parameters of a query string that say where a layout stands."""
        return {name: value for name in self.position if (value := tidy(query.get(name, "")))}

    def read_text(self, text: str, member: Member) -> Filters:
        """Parse the query string stored in a form or a saved view, with or without its "?"."""
        return self.read(QueryDict(text.removeprefix("?")[:4000]), member)

    def apply(self, filters: Filters, member: Member) -> Any:
        """Return the matching rows, limited to those the member may see."""
        rows = self.base(filters, member).filter(*filters.conditions(member))
        return self.narrow(rows, filters, member)

    def order_of(self, filters: Filters) -> Order:
        """Return the order named in the URL, or the list's default."""
        if filters.sort:
            return self.every_sort()[filters.sort].order
        return self.order(filters)

    def sorted_by(self, filters: Filters) -> Text:
        """Return the description of the current order."""
        if filters.sort:
            return self.every_sort()[filters.sort].words
        return self.words.sorted_by

    def orders(self, filters: Filters) -> list[Choice]:
        """Return all orders to choose from; none if the list has only its default."""
        sorts = self.every_sort()
        if not sorts:
            return []
        named = {"": self.words.sorted_by, **{key: sort.words for key, sort in sorts.items()}}
        return [Choice(filters.query(sort=key), words, key == filters.sort) for key, words in named.items()]

    def head(self, name: str, filters: Filters) -> Head:
        """Return the head of a sortable column, which cycles: descending, ascending, the list's default order."""
        most = f"-{name}"
        least = name
        follows = {"": most, most: least, least: ""}.get(filters.sort, most)
        state = {most: "descending", least: "ascending"}.get(filters.sort, "")
        if follows:
            words = self.every_sort()[follows].words
        else:
            words = self.words.sorted_by
        return Head(filters.query(sort=follows), state, words)

    def heads_of(self, columns: Iterable[str], filters: Filters) -> list[tuple[Column, Head | None]]:
        """Return these columns, each with its head if it is sortable."""
        chosen = [self.columns.by_key[key] for key in columns]
        return [(column, self.head(column.sort, filters) if column.sort else None) for column in chosen]

    def columns_of(self, filters: Filters, member: Member) -> tuple[str, ...]:
        """Return the columns that a page with these filters shows the member."""
        return self.columns.shown(self.key, filters.columns, member)

    def url(self, name: str, slug: str, *args: object) -> str:
        """Return the URL of one of the list's pages: "list", "filter", "save_view"."""
        return reverse(self.url_name(name), args=[slug, *args])

    def layout_key(self, layout: str) -> str:
        """Return the key of a layout, "list" if the list has no other by this name."""
        if layout in self.layouts:
            return layout
        return "list"

    def url_name(self, name: str) -> str:
        """Return the URL name of one of its pages."""
        if name == "list":
            return self.page
        if name in self.layouts:
            return self.layouts[name]
        return f"{self.page.rpartition(':')[0]}:{name}"
