"""Fields of serializers: what is shown as text elsewhere, and what is typed into forms, with the same sentences."""

import re
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from api.requests.problems import conflict_at
from crm.kernel.normalization import parse_email
from crm.kernel.refusal import Refused

# Of a plain address: what clients can check before they send it.
_MAILBOX = r"[A-Za-z0-9][A-Za-z0-9_+'-]*(\.[A-Za-z0-9_+'-]+)*"
_DOMAIN = r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,24}"
EMAIL_PATTERN = f"^{_MAILBOX}@{_DOMAIN}$"
LONGEST_EMAIL = 254
# What Postgres can store; and with a visible character.
TEXT_PATTERN = r"^[^\x00]*$"
LINE_PATTERN = r"^[^\x00]*\S[^\x00]*$"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9:.]{5,15}([Zz]|[+-][0-9]{2}:[0-9]{2})")
# The largest amount that is taken, in minor units: what a form takes.
MOST_MINOR = 10**13


def require_type(field: serializers.Field, data: Any, *kinds: type) -> None:
    """Refuse a value of another type than the document says. DRF would read 0 as a text, and "1" as a number."""
    if not isinstance(data, kinds) or (isinstance(data, bool) and bool not in kinds):
        field.fail("invalid")


class PatternField(serializers.RegexField):
    """A text that a pattern describes. Its length comes first: a pattern takes its time on a long text."""

    default_error_messages: ClassVar[dict[str, Any]] = {
        "not_text": serializers.CharField.default_error_messages["invalid"]
    }

    def run_validation(self, data: Any = serializers.empty) -> Any:
        if isinstance(data, str) and self.max_length and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("not_text")
        return str(super().to_internal_value(data))


class TextField(PatternField):
    """A text of any lines."""

    def __init__(self, **options: Any) -> None:
        super().__init__(TEXT_PATTERN, **options)


class LineField(PatternField):
    """A text on one line, with a visible character."""

    def __init__(self, **options: Any) -> None:
        super().__init__(LINE_PATTERN, **options)

    def to_internal_value(self, data: Any) -> str:
        return " ".join(super().to_internal_value(data).split())


class AddressField(PatternField):
    """An email address, in lower case."""

    def __init__(self, **options: Any) -> None:
        words = {"invalid": gettext_lazy("That is not a valid email address.")}
        super().__init__(EMAIL_PATTERN, max_length=LONGEST_EMAIL, error_messages=words, **options)

    def run_validation(self, data: Any = serializers.empty) -> Any:
        text = super().run_validation(data)
        if text is serializers.empty:
            return text
        try:
            return parse_email(text)
        except Refused as why:
            raise conflict_at(f"/{self.field_name}", str(why)) from None


class WholeField(serializers.IntegerField):
    """A whole number."""

    def to_internal_value(self, data: Any) -> int:
        require_type(self, data, int, float)
        return int(super().to_internal_value(data))


class MinorField(WholeField):
    """An amount in minor units of the record's currency."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": MOST_MINOR} | options)


class FlagField(serializers.BooleanField):
    """True or false."""

    def to_internal_value(self, data: Any) -> bool:
        require_type(self, data, bool)
        return bool(super().to_internal_value(data))


class IdField(serializers.UUIDField):
    """The id of a record, as it is shown."""

    def to_internal_value(self, data: Any) -> UUID:
        require_type(self, data, str)
        value: UUID = super().to_internal_value(data)
        if str(value) != data.lower():
            self.fail("invalid", value=data)
        return value


class DayField(serializers.DateField):
    """A day, in ISO form: "2026-05-12"."""

    default_error_messages = {"invalid": gettext_lazy("Send a day like 2026-05-12.")}

    def to_internal_value(self, data: Any) -> date:
        require_type(self, data, str)
        if not _DAY.fullmatch(data):
            self.fail("invalid")
        day: date = super().to_internal_value(data)
        return day


class InstantField(serializers.DateTimeField):
    """An instant, in ISO form with its zone: "2026-05-12T14:20:11Z"."""

    default_error_messages = {"invalid": gettext_lazy("Send a time like 2026-05-12T14:20:11Z.")}

    def to_internal_value(self, data: Any) -> datetime:
        require_type(self, data, str)
        if not _INSTANT.fullmatch(data):
            self.fail("invalid")
        try:
            instant: datetime = super().to_internal_value(data)
        except (OverflowError, ValueError):
            self.fail("invalid")
        return instant


class StrictSerializer(serializers.Serializer):
    """The body of a write. A name it does not know is an error, as it is a typing error."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(map(str, data)) - set(self.fields))):
            raise serializers.ValidationError({name: [_("There is no field of this name.")] for name in unknown})
        return super().to_internal_value(data)


class NoBodySerializer(StrictSerializer):
    """Nothing: the verb says it all."""
