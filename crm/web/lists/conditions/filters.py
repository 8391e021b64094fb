"""Base classes of list filters, based on django-filter: a label, tests, form fields, and the query.

A FilterSet declares them and validates the plain parameters of an address. `clause.py` puts the same filters into
conditions, where django-filter ends: it has no "any of these", and no words for a chip.
"""

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, NamedTuple

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.features import Feature
from crm.platform.models import Member
from crm.web.lists.conditions.choices import Choice
from crm.web.lists.conditions.viewer import Viewer

CHOICE = "choice"
DAYS = "days"
DATE = "date"
AMOUNT = "amount"
TEXT = "text"


class Comparison(NamedTuple):
    """A test of a filter: its words, and the kind of value it takes."""

    words: Promise
    takes: str


TESTS = {
    "is": Comparison(gettext_lazy("is"), CHOICE),
    "not": Comparison(gettext_lazy("is not"), CHOICE),
    "has": Comparison(gettext_lazy("contains"), TEXT),
    "min": Comparison(gettext_lazy("is at least"), AMOUNT),
    "max": Comparison(gettext_lazy("is at most"), AMOUNT),
    "within": Comparison(gettext_lazy("within the last"), DAYS),
    "older": Comparison(gettext_lazy("longer ago than"), DAYS),
    "since": Comparison(gettext_lazy("on or after"), DATE),
    "before": Comparison(gettext_lazy("before"), DATE),
}


class Filter(django_filters.Filter):
    """A filter on one property of a row. Lists use the subclasses in `field_types.py`."""

    # Its parameter in the URL; the FilterSet sets it.
    name = ""
    tests: tuple[str, ...] = ("is", "not")
    # It chooses another list instead of narrowing this one, so it is never one of "any of these".
    alone = False

    def __init__(self, label: "str | Promise", field_name: str | None = None, **extra: Any) -> None:
        super().__init__(field_name, label=label, **extra)

    @property
    def plain_test(self) -> str:
        """The test of the plain parameter: `?level=over` is `level:is:over`. Empty: no plain parameter."""
        return next((test for test in self.tests if test in ("is", "has")), "")

    @property
    def field(self) -> forms.Field:
        """The form field of the plain parameter, for the member the FilterSet was made for."""
        return self.operand(self.plain_test, self.parent.viewer)

    def choices(self, member: Member) -> list[Choice]:
        """Return the possible values; none for a typed value."""
        return []

    def offers(self, member: Member) -> bool:
        """True if the builder offers the filter to this member."""
        return True

    def operand(self, test: str, viewer: Viewer) -> forms.Field:
        """Return the form field that validates the value of a test."""
        raise NotImplementedError

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        """Return the Q object of a test. For "is not", return that of "is", which the clause negates."""
        raise NotImplementedError

    def spelled(self, test: str, typed: str, viewer: Viewer) -> str:
        """Return the value in the format used in URLs. Raises Refused with a message for the user."""
        try:
            return str(self.operand(test, viewer).clean(typed))
        except ValidationError as why:
            raise Refused(why.messages[0]) from None

    def sample(self, viewer: Viewer) -> str:
        """Return the placeholder of an empty input of the builder."""
        return ""

    def value_words(self, test: str, value: str, viewer: Viewer) -> str:
        """Return the value as displayed: a name, "$20,000", "7 days"."""
        return value

    def sentence(self, test: str, shown: str) -> str:
        """Return the condition as part of a sentence: "Priority is Urgent"."""
        return f"{self.label} {TESTS[test].words} {shown}"


class FilterSet(django_filters.FilterSet):
    """The filters of one list by parameter name. A list declares a subclass, once."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name, declared in cls.declared_filters.items():
            declared.name = name

    def __init__(self, data: Mapping[str, str], viewer: Viewer) -> None:
        # Django-filter copies all its filters and makes all their fields, for each page anew; few are in an address.
        given = {name: value for name in self.parameters() if (value := data.get(name, ""))}
        self.data = given
        self.is_bound = True
        self.form_prefix = None
        self.viewer = viewer
        self.filters = {name: copy(self.known()[name]) for name in given}
        for one in self.filters.values():
            one.parent = self

    @classmethod
    def known(cls) -> Mapping[str, Filter]:
        """Return the filters by name: declared ones, then those added by other apps."""
        return _filters_of(cls)

    @classmethod
    def parameters(cls) -> tuple[str, ...]:
        """Return the names of the plain parameters, in their order."""
        return _parameters_of(cls)

    @classmethod
    def among(cls, name: str) -> Filter | None:
        """Return the filter of this name that a condition may use."""
        found = cls.known().get(name)
        if found is None or found.alone:
            return None
        return found


@dataclass(frozen=True)
class AddedFilter(Feature):
    """A filter that an app adds to the lists of a lower app: to a FilterSet and its subclasses."""

    to: type[FilterSet]
    name: str
    filter: Filter

    def check(self) -> Iterable[str]:
        if self.name in self.to.base_filters or self.name in RESERVED:
            yield f"{self.to.__name__} has a parameter {self.name!r} already"

    def __str__(self) -> str:
        return f"AddedFilter {self.name!r} to {self.to.__name__}"


# Parameters of every list.
RESERVED = frozenset({"where", "sort", "columns", "view", "after", "before"})


@features.cached_index
def _filters_of(filterset: type[FilterSet]) -> Mapping[str, Filter]:
    filters: dict[str, Filter] = dict(filterset.base_filters)
    for added in features.of(AddedFilter):
        if issubclass(filterset, added.to):
            filters[added.name] = copy(added.filter)
            filters[added.name].name = added.name
    return filters


@features.cached_index
def _parameters_of(filterset: type[FilterSet]) -> tuple[str, ...]:
    # Once: a page writes some twenty addresses.
    return tuple(name for name, one in filterset.known().items() if one.plain_test)
