"""Filter types for lists: choice, record, member, team, age in days, date, amount, flag, text.

Days are the reader's own, turned into instants; a condition never joins, for all it asks of stands on the row.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from babel.numbers import get_currency_precision
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.kernel import formats
from crm.kernel.refusal import Refused
from crm.platform.access.permissions import allows
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from crm.web.lists.conditions.choices import ME, NOBODY, Choice, by_uid, colleagues, live_teams, nobody
from crm.web.lists.conditions.filters import Filter
from crm.web.lists.conditions.viewer import Viewer

MOST_DAYS = 3650
FIRST_YEAR = 1970
LAST_YEAR = 2100

Label = str | Promise
Choices = Callable[[Member], list[Choice]]


class ChoiceFilter(Filter):
    """A filter by one of several choices, built for the filtering member.

    `q` makes the SQL of a value; without it the value is the column's own. `least`: fewer choices are not worth
    offering, as one brand alone keeps every row. `alone`: see Filter.
    """

    def __init__(
        self,
        label: Label,
        field_name: str | None = None,
        *,
        choices: Choices,
        q: Callable[[str, Viewer], Q] | None = None,
        least: int = 2,
        alone: bool = False,
        **extra: Any,
    ) -> None:
        super().__init__(label, field_name, **extra)
        self.choices_for = choices
        self.q = q
        self.least = least
        self.alone = alone
        if alone:
            self.tests = ("is",)

    def choices(self, member: Member) -> list[Choice]:
        return self.choices_for(member)

    def offers(self, member: Member) -> bool:
        return self.alone or len(self.choices(member)) >= self.least

    def operand(self, test: str, viewer: Viewer) -> forms.Field:
        return _OneOfField({str(choice.value) for choice in self.choices(viewer.member)})

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        if self.q:
            return self.q(value, viewer)
        return Q(**{str(self.field_name): value})

    def value_words(self, test: str, value: str, viewer: Viewer) -> str:
        return next((choice.label for choice in self.choices(viewer.member) if choice.value == value), value)


class _OneOfField(forms.Field):
    """A ChoiceField for validation only: Django's normalizes and copies all choices, five times per page."""

    default_error_messages = dict.fromkeys(
        ("required", "invalid_choice"), gettext_lazy("Choose an option from the list.")
    )

    def __init__(self, values: set[str]) -> None:
        self.values = values
        super().__init__()

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value not in self.values:
            raise ValidationError(self.error_messages["invalid_choice"])


class RecordFilter(ChoiceFilter):
    """A filter by a cached row with a name and a public id, such as a brand or pipeline."""

    def __init__(self, label: Label, field_name: str, *, records: Callable[[], Mapping[int, Any]]) -> None:
        def choices(member: Member) -> list[Choice]:
            return [Choice(str(row.uid), row.name) for row in records().values()]

        super().__init__(
            label, choices=choices, q=lambda value, viewer: Q(**{f"{field_name}_id": by_uid(records(), value)})
        )


class MemberFilter(ChoiceFilter):
    """Filter by owner: the member, unassigned, or with the `others` permission a colleague."""

    def __init__(self, label: Label, field_name: str, *, others: str = "", choices: Choices | None = None) -> None:
        self.others = others
        self.column = f"{field_name}_id"
        super().__init__(label, choices=choices or self._of_everybody)

    def _of_everybody(self, member: Member) -> list[Choice]:
        """Return the choices: the member and unassigned; with the permission, colleagues too."""
        # A rule asks for the organization, which is nobody in particular.
        if member.pk:
            first = [Choice(ME, member.name), nobody()]
        else:
            first = [nobody()]
        if not self.others or allows(member, self.others):
            return [*first, *colleagues(member)]
        return first

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        if value == NOBODY:
            return Q(**{f"{self.column}__isnull": True})
        return Q(**{self.column: viewer.member.pk if value == ME else by_uid(directory().members, value)})


class TeamFilter(ChoiceFilter):
    """A filter by the owner's team; for those with the `others` permission."""

    def __init__(self, label: Label, field_name: str, *, others: str) -> None:
        def choices(member: Member) -> list[Choice]:
            if allows(member, others):
                return live_teams()
            return []

        def of_team(value: str, viewer: Viewer) -> Q:
            organization = directory()
            members = organization.members_of(organization.teams[by_uid(organization.teams, value)])
            return Q(**{f"{field_name}_id__in": [member.pk for member in members]})

        super().__init__(label, choices=choices, q=of_team, least=1)


class FlagFilter(ChoiceFilter):
    """A yes-or-no filter: its one choice is labelled with `yes`.

    `personal`: it is about the member who asks, so a rule of the organization, which nobody asks, is not offered it.
    """

    def __init__(self, label: Label, *, yes: Label, q: Callable[[str, Viewer], Q], personal: bool = False) -> None:
        def choices(member: Member) -> list[Choice]:
            if member.pk or not personal:
                return [Choice("1", str(yes))]
            return []

        super().__init__(label, choices=choices, q=q, least=1)

    def sentence(self, test: str, shown: str) -> str:
        if test == "is":
            return f"{self.label}, {shown}"
        return super().sentence(test, shown)


class DaysFilter(Filter):
    """A filter by age in days of 24 hours. `never_is_older`: a missing time counts as older than any."""

    tests: tuple[str, ...] = ("within", "older")

    def __init__(self, label: Label, field_name: str, *, never_is_older: bool = False) -> None:
        super().__init__(label, field_name)
        self.never_is_older = never_is_older

    def operand(self, test: str, viewer: Viewer) -> forms.Field:
        wrong = dict.fromkeys(("required", "invalid", "min_value", "max_value"), _("Enter a number of days."))
        return forms.IntegerField(min_value=1, max_value=MOST_DAYS, error_messages=wrong)

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        since = viewer.reader.now - timedelta(days=int(value))
        if test == "within":
            return Q(**{f"{self.field_name}__gte": since})
        older = Q(**{f"{self.field_name}__lt": since})
        if self.never_is_older:
            return older | Q(**{f"{self.field_name}__isnull": True})
        return older

    def value_words(self, test: str, value: str, viewer: Viewer) -> str:
        if value == "1":
            return _("one day")
        return _("%(days)s days") % {"days": value}


class DateFilter(DaysFilter):
    """A filter by date: within the last days, including today, or since or before a day."""

    tests = ("within", "older", "since", "before")

    def operand(self, test: str, viewer: Viewer) -> forms.Field:
        if test in ("since", "before"):
            return _DayField()
        return super().operand(test, viewer)

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        if test in ("since", "before"):
            day = date.fromisoformat(value)
        else:
            day = viewer.reader.today - timedelta(days=int(value) - 1)
        lookup = "lt"
        if test in ("since", "within"):
            lookup = "gte"
        return Q(**{f"{self.field_name}__{lookup}": viewer.midnight(day)})

    def value_words(self, test: str, value: str, viewer: Viewer) -> str:
        if test in ("since", "before"):
            return viewer.reader.date(date.fromisoformat(value))
        return super().value_words(test, value, viewer)


class _DayField(forms.DateField):
    default_error_messages = dict.fromkeys(("required", "invalid"), gettext_lazy("Enter a day."))

    def __init__(self) -> None:
        super().__init__(input_formats=["%Y-%m-%d"])

    def validate(self, value: Any) -> None:
        super().validate(value)
        if not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise ValidationError(self.error_messages["invalid"])


class AmountFilter(Filter):
    """A filter by an amount of money; amounts in other currencies never match.

    `reads` makes minor units and currency out of what was typed, and raises Refused.
    """

    tests = ("min", "max")

    def __init__(
        self, label: Label, field_name: str, *, currency: str, reads: Callable[[str, Viewer], tuple[int, str]]
    ) -> None:
        super().__init__(label, field_name)
        self.currency = currency
        self.reads = reads

    def operand(self, test: str, viewer: Viewer) -> forms.Field:
        return _AmountField(lambda typed: self.reads(typed, viewer))

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        minor, currency = self.reads(value, viewer)
        return Q(**{self.currency: currency, f"{self.field_name}__{'gte' if test == 'min' else 'lte'}": minor})

    def value_words(self, test: str, value: str, viewer: Viewer) -> str:
        return formats.money(*self.reads(value, viewer), viewer.reader.country, viewer.reader.language)

    def sample(self, viewer: Viewer) -> str:
        return self.value_words("min", "20000", viewer)


class _AmountField(forms.CharField):
    """An amount in a URL, spelled with its currency: "20000.50 USD"."""

    def __init__(self, reads: Callable[[str], tuple[int, str]]) -> None:
        self.reads = reads
        super().__init__(required=False)

    def clean(self, value: Any) -> str:
        try:
            minor, currency = self.reads(super().clean(value))
        except Refused as why:
            raise ValidationError(str(why)) from None
        whole, rest = divmod(minor, 10 ** (digits := get_currency_precision(currency)))
        return f"{whole}{f'.{rest:0{digits}}' if rest else ''} {currency}"


class TextFilter(Filter):
    """A filter by part of a text. `alone`: the list searches itself (`List.narrow`); `chip`: a shorter label."""

    tests = ("has",)

    def __init__(
        self, label: Label, field_name: str | None = None, *, alone: bool = False, chip: Label = "", **extra: Any
    ) -> None:
        super().__init__(label, field_name, **extra)
        self.alone = alone
        self.chip = chip

    def operand(self, test: str, viewer: Viewer) -> forms.Field:
        return forms.CharField(max_length=120, error_messages={"required": _("Fill this in or remove the row.")})

    def condition(self, test: str, value: str, viewer: Viewer) -> Q:
        return Q(**{f"{self.field_name}__icontains": value})
