"""OwnFilter: a parameter of a list of the API that the list of the product does not have."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from api.requests.problems import bad_parameter
from api.resources.fields import InstantField
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member

INSTANT = {"type": "string", "format": "date-time"}
UUID_TEXT = {"type": "string", "format": "uuid"}
_UUID = re.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# What a number of a record can be at most: JavaScript's largest safe integer.
MOST_NUMBER = 2**53 - 1


@dataclass(frozen=True)
class OwnFilter:
    """A parameter: its schema and description in the document, and the condition of a value for a member.

    `condition` raises Problem (400) for a value that can't be read, Http404 for one that names nothing.
    """

    schema: dict[str, Any]
    words: str
    condition: Callable[[str, Member], Q]


def flag_filter(name: str, words: str, condition: Callable[[bool], Q]) -> OwnFilter:
    """Return a filter by `true` or `false`."""

    def read(text: str, _member: Member) -> Q:
        if text not in ("true", "false"):
            raise bad_parameter(name, _("It is true or false."))
        return condition(text == "true")

    return OwnFilter({"type": "boolean"}, words, read)


def choice_filter(name: str, words: str, values: list[str], column: str) -> OwnFilter:
    """Return a filter by one of some values of a column."""

    def read(text: str, _member: Member) -> Q:
        if text not in values:
            raise bad_parameter(name, _("It is one of: %(values)s.") % {"values": ", ".join(values)})
        return Q((column, text))

    return OwnFilter({"type": "string", "enum": values}, words, read)


def instant_filter(name: str, words: str, condition: Callable[[datetime], Q]) -> OwnFilter:
    """Return a filter by an instant."""

    def read(text: str, _member: Member) -> Q:
        try:
            # A plus sign that is not escaped arrives as a blank.
            return condition(InstantField().run_validation(text.replace(" ", "+")))
        except ValidationError:
            raise bad_parameter(name, _("Send a time like 2026-05-12T14:20:11Z.")) from None

    return OwnFilter(INSTANT, words, read)


def record_filter(
    words: str, visible_rows: Callable[[Member], Any], condition: Callable[[Any, Member], Q]
) -> OwnFilter:
    """Return a filter by the id of a record that the member may see; `condition` of that record and the member."""

    def read(text: str, member: Member) -> Q:
        row = None
        if _UUID.fullmatch(text):
            row = visible_rows(member).filter(uid=text).first()
        if row is None:
            raise Http404
        return condition(row, member)

    return OwnFilter(UUID_TEXT, words, read)


def number_filter(
    words: str, visible_rows: Callable[[Member], Any], condition: Callable[[Any, Member], Q]
) -> OwnFilter:
    """Return a filter by the number of a record that the member may see; `condition` of that record and the member."""

    def read(text: str, member: Member) -> Q:
        row = visible_rows(member).filter(number=read_number(text)).first()
        if row is None:
            raise Http404
        return condition(row, member)

    return OwnFilter({"type": "integer", "minimum": 1, "maximum": MOST_NUMBER}, words, read)
