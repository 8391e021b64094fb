"""Choices of a filter for one member: each has its value in the URL and its label."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from crm.platform.models import Member
from crm.platform.organization.configuration import directory

NOBODY = "nobody"
ME = "me"
SELECTED = SafeString(" selected")


class Choice(NamedTuple):
    """One option: its value in the URL, and its label."""

    value: str
    label: str


def colleagues(member: Member) -> list[Choice]:
    """Return the other active members, by name."""
    others = [row for row in directory().members.values() if row.active and row.pk != member.pk]
    return [Choice(str(row.uid), row.name) for row in others]


def nobody() -> Choice:
    """Return the choice for unassigned."""
    return Choice(NOBODY, _("unassigned"))


def live_teams() -> list[Choice]:
    """Return the teams that are not archived, by name."""
    return [Choice(str(row.uid), row.name) for row in directory().teams.values() if row.archived_at is None]


def by_uid(rows: Mapping[int, Any], uid: str) -> int:
    """Return the id of the cached row with this public id."""
    return next(pk for pk, row in rows.items() if str(row.uid) == uid)


def option_tags(choices: Iterable[Choice], value: str) -> SafeString:
    """Render the <option>s of a select, as one string; `value` is the chosen one.

    A hundred of them in a template's loop cost a millisecond.
    """
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((choice.value, SELECTED if choice.value == value else "", choice.label) for choice in choices),
    )
