"""A filter condition, "field:test:value": parsed from a URL or a form, described in words, converted to a Q object."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.web.lists.conditions.filters import AMOUNT, TESTS, Filter, FilterSet
from crm.web.lists.conditions.viewer import Viewer


@dataclass(frozen=True)
class Clause:
    """A valid condition. `value` has the format used in URLs."""

    filter: Filter
    test: str
    value: str

    @classmethod
    def read(cls, text: str, filters: type[FilterSet], viewer: Viewer) -> "Clause | None":
        """Parse the condition of a URL; None for an invalid one."""
        name, test, value = ([*text.split(":", 2), "", ""])[:3]
        try:
            return cls.of(filters.among(name), test, value, viewer)
        except Refused:
            return None

    @classmethod
    def of(cls, found: Filter | None, test: str, typed: str, viewer: Viewer) -> "Clause":
        """Create a condition from field, test and value. Raises Refused with a message for the user."""
        if found is None or test not in found.tests:
            raise Refused(_("Choose what to look at."))
        return cls(found, test, found.spelled(test, typed.strip(), viewer))

    def __str__(self) -> str:
        return f"{self.filter.name}:{self.test}:{self.value}"

    def label(self) -> str:
        """The first part of the chip: "Rep", or "Value is at least"."""
        label = str(self.filter.label)
        if self.test == self.filter.plain_test:
            return label
        return f"{label} {TESTS[self.test].words}"

    def value_words(self, viewer: Viewer) -> str:
        """The value as displayed."""
        return self.filter.value_words(self.test, self.value, viewer)

    def typed(self, viewer: Viewer) -> str:
        """The value as a person would type it; an amount in the local format, if that can be parsed again."""
        if TESTS[self.test].takes != AMOUNT:
            return self.value
        words = self.value_words(viewer)
        try:
            if Clause.of(self.filter, self.test, words, viewer) == self:
                return words
            return self.value
        except Refused:
            return self.value

    def sentence(self, viewer: Viewer) -> str:
        """The whole condition in words."""
        return self.filter.sentence(self.test, self.value_words(viewer))

    def condition(self, viewer: Viewer) -> Q:
        """The condition as a Q object."""
        found = self.filter.condition(self.test, self.value, viewer)
        if self.test == "not":
            return ~found
        return found
