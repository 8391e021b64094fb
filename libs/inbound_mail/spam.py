"""Spam signs of an email: verdicts of the provider and filters, and sender authentication."""

import re

from libs.inbound_mail.authentication import authentication_results
from libs.inbound_mail.message import Mail

# From this level on Exchange puts a mail into the junk folder.
_JUNK_LEVEL = 5
_FLAGS = ("X-Spam-Flag", "X-Spam-Status", "X-Spam")
_YES = re.compile(r"\s{0,3}(?:yes|true)\b", re.IGNORECASE)


def spam_signs(mail: Mail, *, is_spam_by_provider: bool = False) -> tuple[str, ...]:
    """Return the signs found: "provider", "flag", "dmarc". `is_spam_by_provider`: from a webhook."""
    signs = {
        "provider": is_spam_by_provider or _has_verdict(mail),
        "flag": any(_YES.match(value) for name in _FLAGS for value in mail.headers.all(name)),
        "dmarc": authentication_results(mail).get("dmarc") == "fail",
    }
    return tuple(sign for sign, is_there in signs.items() if is_there)


def _has_verdict(mail: Mail) -> bool:
    """True if the receiving provider's header calls it spam: SES, Mailgun or Exchange."""
    level = mail.headers.get("X-MS-Exchange-Organization-SCL").strip()
    is_junk = level.isascii() and level.isdigit() and len(level) < 3 and int(level) >= _JUNK_LEVEL
    report = f";{mail.headers.get('X-Forefront-Antispam-Report')[:2_000].replace(' ', '')};"
    return (
        is_junk
        or ";SFV:SPM;" in report
        or mail.headers.get("X-SES-Spam-Verdict").strip().upper() == "FAIL"
        or mail.headers.get("X-Mailgun-Sflag").strip().lower() == "yes"
    )
