"""Parse and format values of custom fields.

All values are strings: a date in ISO form, a number with a point ("12.5"), "yes" or "no", a choice as it is called, a
link with its scheme.
"""

import re
from datetime import date

from babel.numbers import NumberFormatError, format_decimal, parse_decimal
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from crm.jobs.models.fields import FieldKind, OwnField
from crm.kernel import formats
from crm.kernel.days import parse_typed_day
from crm.kernel.refusal import Refused
from crm.platform.organization.configuration import directory
from crm.web.reader import Reader

LONGEST = 200
YES = "yes"
NO = "no"
# As people and other programs write them.
_YES = frozenset("yes y true 1 x ja j waar oui si".split())
_NO = frozenset("no n false 0 nee onwaar non nein".split())
# A comma or a point before other than three digits is the decimal one wherever it is written.
_PLAIN = re.compile(r"-?[0-9]{1,15}(?:[.,](?:[0-9]{1,2}|[0-9]{4,6}))?")
_is_url = URLValidator(schemes=["http", "https"])


def parse_value(field: OwnField, typed: str) -> str:
    """Parse typed text into a stored value, "" if empty. Raises Refused with a sentence."""
    text = " ".join(typed.split())
    if not text:
        return ""
    if len(text) > LONGEST:
        raise Refused(_("It is longer than %(limit)s characters.") % {"limit": LONGEST})
    return _READERS[FieldKind(field.kind)](field, text)


def _parse_day(field: OwnField, text: str) -> str:
    day = parse_typed_day(text)
    if day:
        return day.isoformat()
    return ""


def _parse_number(field: OwnField, text: str) -> str:
    is_plain = _PLAIN.fullmatch(text) is not None
    if is_plain:
        number = float(text.replace(",", "."))
    else:
        number = _number_of_locale(text[:40])
    return f"{number:.6f}".rstrip("0").rstrip(".")


def _number_of_locale(text: str) -> float:
    locale = formats.get_locale(get_language() or "en", directory().tenant.country)
    try:
        number = float(parse_decimal(text, locale=locale, strict=True))
    except (NumberFormatError, ValueError, OverflowError):
        raise Refused(_("That is not a number.")) from None
    if not -1e15 < number < 1e15:
        raise Refused(_("That is not a number."))
    return number


def _parse_choice(field: OwnField, text: str) -> str:
    by_key = {option.casefold(): option for option in field.options}
    if text.casefold() not in by_key:
        raise Refused(_("Choose an option from the list."))
    return str(by_key[text.casefold()])


def _yes_or_no(field: OwnField, text: str) -> str:
    word = text.casefold()
    if word in _YES | {str(_("yes")).casefold()}:
        return YES
    if word in _NO | {str(_("no")).casefold()}:
        return NO
    raise Refused(_("Answer yes or no."))


def _parse_link(field: OwnField, text: str) -> str:
    if "://" in text:
        url = text
    else:
        url = f"https://{text}"
    try:
        _is_url(url)
    except ValidationError:
        raise Refused(_("That is not a web address.")) from None
    return url


_READERS = {
    FieldKind.DATE: _parse_day,
    FieldKind.TEXT: lambda field, text: text,
    FieldKind.NUMBER: _parse_number,
    FieldKind.CHOICE: _parse_choice,
    FieldKind.YES_NO: _yes_or_no,
    FieldKind.LINK: _parse_link,
}


def value_words(field: OwnField, value: str, reader: Reader) -> str:
    """Format a value in the reader's language."""
    if not value:
        return ""
    if field.kind == FieldKind.DATE:
        return reader.date(date.fromisoformat(value))
    if field.kind == FieldKind.NUMBER:
        locale = formats.get_locale(get_language() or "en", reader.country)
        return str(format_decimal(value, "#,##0.######", locale=locale))
    if field.kind == FieldKind.YES_NO:
        if value == YES:
            return _("Yes")
        return _("No")
    if field.kind == FieldKind.LINK:
        return value.partition("://")[2].rstrip("/")
    return value


def value_choices(field: OwnField, value: str = "") -> list[tuple[str, str]]:
    """Return the choices of a field, the empty one first; none for a typed field. `value`: the current one, kept."""
    if field.kind == FieldKind.YES_NO:
        return [("", "–"), (YES, _("Yes")), (NO, _("No"))]
    if field.kind != FieldKind.CHOICE:
        return []
    options = [*field.options, *([value] if value and value not in field.options else [])]
    return [("", "–"), *((option, option) for option in options)]
