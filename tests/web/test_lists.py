"""The list engine by a list of its own, of members: it needs no job, and nothing of an app above it."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Q
from django.http import Http404, QueryDict
from django.test import RequestFactory

from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.models import Member, Role, Team, User
from crm.platform.tenancy.context import use_tenant
from crm.web.lists.columns import Column, Columns
from crm.web.lists.conditions.builder import Builder
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.field_types import ChoiceFilter, FlagFilter, TextFilter
from crm.web.lists.conditions.filters import AddedFilter, FilterSet
from crm.web.lists.conditions.query import Filters
from crm.web.lists.conditions.viewer import Viewer
from crm.web.lists.counts import capped_counts
from crm.web.lists.definition import List, View, Words
from crm.web.lists.paging import Order, read_page
from crm.web.lists.saved.standing import views_of
from crm.web.lists.saved.tabs import Tabs, counted_tabs, view_query
from crm.web.lists.selection import selected_ids
from crm.web.lists.urls import list_urls
from crm.web.models import ColumnChoice, SavedView
from tests.cast import Cast, House

BY_NAME = Order(Member, "name", "id")
FROM_THE_END = Order(Member, "name", "id", down=True)


def _roles(member: Member) -> list[Choice]:
    return [Choice(role.value, str(role.label)) for role in Role]


class ColleagueFilters(FilterSet):
    """What is asked of colleagues."""

    role = ChoiceFilter("Role", choices=_roles)
    gone = FlagFilter("Gone", yes="not active any more", q=lambda value, viewer: Q(active=False))
    name = TextFilter("Name")


class ColleagueList(List):
    """All of a definition that a short list needs."""

    key = "colleagues"
    page = "members"
    permission = "members.manage"
    filterset = ColleagueFilters
    first_field = "role"
    columns = Columns(Column("role", "Role"), Column("since", "Since"), usual=("role",))
    words = Words("Colleagues", "Colleagues where", "All colleagues", "{} colleagues".format, "name")

    def visible(self, member: Member) -> Any:
        return Member.objects.all()

    def order(self, filters: Filters) -> Order:
        return BY_NAME

    def views(self, member: Member) -> list[View]:
        return [View("all", "All", self.filters()), View("reps", "Reps", self.filters(role="rep"))]


COLLEAGUES = ColleagueList()


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


def read(query: str, house: House) -> Filters:
    return COLLEAGUES.read(QueryDict(query), house.mona)


def names(query: str, house: House) -> list[str]:
    rows = BY_NAME.of(COLLEAGUES.apply(read(query, house), house.mona))
    return [name.split()[0] for name in rows.values_list("name", flat=True)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Ada", "Mona", "Rita", "Sam"]),
        ("role=rep", ["Rita"]),
        ("where=role:not:rep", ["Ada", "Mona", "Sam"]),
        ("any1=role:is:rep&any1=role:is:admin", ["Ada", "Rita"]),
        ("any1=role:is:rep&any1=name:has:sam&any2=name:has:r", ["Rita", "Sam"]),
        ("name=mo", ["Mona"]),
        ("gone=1", []),
        ("role=emperor&where=age:min:3&where=name:is:Sam", ["Ada", "Mona", "Rita", "Sam"]),
    ],
)
def test_an_address_keeps_what_it_says(house: House, query: str, expected: list[str]) -> None:
    assert names(query, house) == expected


def test_an_app_above_adds_a_filter(house: House) -> None:
    by_letter = ChoiceFilter(
        "Letter",
        choices=lambda member: [Choice(one, one) for one in "AM"],
        q=lambda value, _: Q(name__startswith=value),
    )
    with features.extra_features(AddedFilter(ColleagueFilters, "letter", by_letter)):
        assert names("letter=A", house) == ["Ada"]
        assert names("where=letter:not:A&role=admin", house) == []
        assert read("letter=A", house).query() == "?letter=A"
        assert [chip.label for chip in read("letter=A", house).chips(house.mona)] == ["Letter"]
    assert read("letter=A", house) == COLLEAGUES.filters()
    for taken in ("role", "sort"):
        with features.extra_features(AddedFilter(ColleagueFilters, taken, by_letter)):
            assert any("has a parameter" in problem for problem in features.find_problems())


def test_equal_filters_have_one_address(house: House) -> None:
    for query in ("role=rep&name=r", "where=role:is:rep&name=r", "any4=role:is:rep&where=name:has:r&utm=mail"):
        found = read(query, house)
        assert found == COLLEAGUES.filters(role="rep", name="r")
        assert found.query() == "?role=rep&name=r"
    assert read("role=emperor&where=:::&columns=colour", house).dropped == (
        "role=emperor",
        "where=:::",
        "columns=colour",
    )
    assert read("role=rep&where=role:not:admin", house).without("role") == COLLEAGUES.filters()


def test_chips_say_it_and_lead_out_of_it(house: House) -> None:
    found = read("role=rep&name=r&where=role:not:admin&any1=gone:is:1&any1=role:is:admin", house).chips(house.mona)
    assert [(chip.label, chip.value) for chip in found] == [
        ("Role", "Rep"),
        ("Name", "r"),
        ("Role is not", "Admin"),
        ("Any of", "Gone, not active any more or Role is Admin"),
    ]
    assert found[0].without == "?name=r&where=role:not:admin&any1=gone:is:1&any1=role:is:admin"


def test_the_builder_gives_back_what_it_shows(house: House) -> None:
    filters = read("role=rep&any1=gone:is:1&any1=name:has:sam", house)
    builder = Builder.of(filters, house.mona, first="role")
    assert [(row.block, row.field, row.test, row.value) for row in builder.rows] == [
        ("", "role", "is", "rep"),
        ("1", "gone", "is", "1"),
        ("1", "name", "has", "sam"),
    ]
    assert builder.filters() == filters
    builder.add()
    assert builder.rows[-1].field == "role"
    assert builder.filters() == filters, "a row nobody has touched is left out"


def test_pages_follow_a_text_and_an_id_in_either_direction(house: House) -> None:
    for at in range(120):
        user = User.objects.create_user(f"n{at}@many.example", "x", name="Same")
        Member.objects.create(user=user, name="Same" if at % 2 else f"Same {at:03}", role=Role.REP)
    for order in (BY_NAME, FROM_THE_END):
        every = list(order.of(COLLEAGUES.visible(house.mona)))
        seen, query = [], {}
        for _page in range(3):
            page = read_page(COLLEAGUES.visible(house.mona), query, order)
            seen += page.rows
            query = {"after": page.older}
        assert seen == every
        assert page.older == ""
        assert read_page(COLLEAGUES.visible(house.mona), {"before": page.newer}, order).rows == every[50:100]


def _text(*parts: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


NO_PLACES = ["", "x", "é", _text(), _text("a"), _text("a", 1, 2), _text(1, 1), _text("a", "1"), _text("a", True)]


@pytest.mark.parametrize("text", [*NO_PLACES, _text("a\0", 1), _text("a", 2**63), _text("a", None), "W1tbWw"])
def test_a_place_that_makes_no_sense_is_none(text: str) -> None:
    assert BY_NAME.decode(text) is None


def test_a_place_survives_its_text(house: House) -> None:
    assert BY_NAME.decode(BY_NAME.encode(house.rita)) == ("Rita Rep", house.rita.pk)


def test_saved_views_and_columns_are_kept_for_each_list(house: House) -> None:
    mine = SavedView.save_view("colleagues", "Reps", "role=rep", "since", by=house.mona)
    other = SavedView.save_view("others", "Reps", "x=1", by=house.mona)
    assert views_of("colleagues", house.mona) == [mine]
    assert views_of("others", house.mona) == [other]
    assert views_of("colleagues", house.rita) == []
    mine.share("everyone", None, by=house.mona)
    assert views_of("colleagues", house.rita) == [mine]
    ColumnChoice.choose("colleagues", "none", by=house.mona)
    ColumnChoice.choose("others", "since", by=house.mona)
    assert COLLEAGUES.columns_of(read("", house), house.mona) == ()
    assert COLLEAGUES.columns_of(read("columns=since,role", house), house.mona) == ("role", "since")
    assert COLLEAGUES.columns_of(read("", house), house.rita) == ("role",)
    opened = read(view_query(mine).removeprefix("?"), house)
    tabs = Tabs.of(COLLEAGUES, opened, house.mona)
    assert [(tab.name, tab.is_current) for tab in tabs.shown] == [("All", False), ("Reps", False), ("Reps", True)]
    assert not tabs.is_changed
    assert Tabs.of(COLLEAGUES, opened.changed(role="admin"), house.mona).may_update


def test_tabs_are_counted_in_one_statement(house: House, django_assert_num_queries: Any) -> None:
    wanted = counted_tabs(COLLEAGUES, house.mona)
    with django_assert_num_queries(1):
        assert capped_counts(wanted) == {"tab-all": "4", "tab-reps": "1"}


def test_what_can_have_no_row_is_counted_as_none(house: House) -> None:
    nobody = COLLEAGUES.visible(house.mona).filter(pk__in=[])
    assert capped_counts({"nobody": nobody, "all": COLLEAGUES.visible(house.mona)}) == {"nobody": "0", "all": "4"}


def test_a_selection_is_what_was_picked_or_all_of_a_view(house: House) -> None:
    picked = QueryDict(f"pick={house.sam.pk}&picked={house.rita.pk},x")
    assert selected_ids(COLLEAGUES, picked, house.mona) == [house.rita.pk, house.sam.pk]
    everyone = QueryDict(mutable=True)
    everyone.update({"all": "1", "view": "?where=role:not:rep"})
    assert selected_ids(COLLEAGUES, everyone, house.mona) == [house.ada.pk, house.mona.pk, house.sam.pk]
    with pytest.raises(Refused, match="Select something first"):
        selected_ids(COLLEAGUES, QueryDict("picked="), house.mona)


def test_its_pages_need_its_permission(house: House, rf: RequestFactory) -> None:
    for pattern in list_urls(COLLEAGUES):
        assert pattern.callback.permission == "members.manage"  # type: ignore[attr-defined]
    request: Any = rf.get("/")
    request.member, request.tenant, request.htmx = house.rita, house.tenant, None
    with pytest.raises(Http404):
        list_urls(COLLEAGUES)[0].callback(request)


def test_a_filter_set_makes_only_the_fields_an_address_names(house: House) -> None:
    made = ColleagueFilters({"role": "rep", "name": ""}, Viewer(house.mona))
    assert list(made.filters) == list(made.form.fields) == ["role"]
    assert made.is_valid()
    assert not ColleagueFilters({"role": "emperor"}, Viewer(house.mona)).is_valid()


def test_a_view_shared_with_a_team_is_its_members(house: House) -> None:
    team = Team.create("North", by=house.ada)
    mine = SavedView.save_view("colleagues", "Reps", "role=rep", by=house.mona)
    mine.share("team", team, by=house.mona)
    assert views_of("colleagues", house.rita) == []
    team.add(house.rita, by=house.ada)
    assert views_of("colleagues", house.rita) == [mine]
