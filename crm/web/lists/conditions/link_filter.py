"""LinkFilter: a filter behind a number of a page, which only the number's link sets."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from crm.platform.models import Member
from crm.web.lists.conditions.filters import Filter
from crm.web.lists.conditions.viewer import Viewer


class LinkFilter(Filter):
    """A filter by rows that a page has counted. The builder does not offer it."""

    tests = ("is",)

    def offers(self, member: Member) -> bool:
        return False

    def read(self, text: str) -> Any:
        """Parse the value in an address. Raises ValueError."""
        raise NotImplementedError

    def describe(self, value: str, viewer: Viewer) -> str:
        """Return which rows a valid value is about."""
        raise NotImplementedError

    def operand(self, test: str, viewer: Viewer) -> forms.Field:
        return _LinkField(self)

    def value_words(self, test: str, value: str, viewer: Viewer) -> str:
        return self.describe(value, viewer)


class _LinkField(forms.CharField):
    def __init__(self, of: LinkFilter) -> None:
        super().__init__()
        self.link_filter = of

    def validate(self, value: str) -> None:
        super().validate(value)
        try:
            self.link_filter.read(value)
        except ValueError:
            raise ValidationError(_("Open the list from the number on its page.")) from None
