"""Lists of email addresses and domains that members type: parsed, in lower case, without doubles."""

import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import validate_domain_name, validate_email
from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused

MOST = 200
_SEPARATORS = re.compile(r"[\s,;]+")


def split_list(text: str) -> list[str]:
    """Return the words of a typed list: separated by commas, semicolons, spaces or lines."""
    return [word for word in _SEPARATORS.split(text) if word]


def parse_addresses(words: Iterable[str], *, only_domains: bool = False) -> list[str]:
    """Return domains ("example.com", also typed as "@example.com") and addresses. Raises Refused for others."""
    parsed: list[str] = []
    for word in words:
        name = word.strip().lower().removeprefix("@")
        try:
            if "@" in name and not only_domains:
                validate_email(name)
            else:
                validate_domain_name(name)
                _require_dot(name)
        except ValidationError as error:
            raise Refused(_("“%(word)s” is not an email domain or address.") % {"word": word[:80]}) from error
        if name not in parsed:
            parsed.append(name)
    if len(parsed) > MOST:
        raise Refused(_("Enter at most %(most)s.") % {"most": MOST})
    return parsed


def _require_dot(name: str) -> None:
    if "." not in name:
        raise ValidationError("no dot")
