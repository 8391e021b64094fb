"""Challenges: a filter asks the sender to prove to be human."""

import re

from libs.inbound_mail.lexicon import any_of, load_words
from libs.inbound_mail.message import Mail

_WORDS = load_words("challenges")
_SERVICES = any_of(_WORDS["services"], r"[@.](?:%s)\.")
_HEADERS = ("X-Boxbe-Notification", "X-TMDA-Fingerprint", "X-Spamarrest-Noauth", "X-ASK-Info", "X-Sendio-Challenge")
_CONFIRM_ADDRESS = re.compile(
    r"(?:-confirm-|\+confirm|\.confirm\.|^confirm[-+.])[\w.+-]{0,200}@|\+autoresponder@|@confirm\.", re.IGNORECASE
)
_SUBJECTS = any_of(_WORDS["subjects"])
_SENTENCES = any_of(_WORDS["sentences"])
_DEMANDS = any_of(_WORDS["demands"], flags=re.DOTALL)
_HELD = any_of(_WORDS["held"])


def is_challenge(mail: Mail) -> bool:
    """True if an answer is required before our email is shown to anybody."""
    senders = [mail.headers.get(name)[:400] for name in ("From", "Return-Path", "Sender", "Reply-To")]
    if any(name in mail.headers for name in _HEADERS) or any(
        _CONFIRM_ADDRESS.search(each.strip("<>")) for each in senders
    ):
        return True
    text = f"{mail.subject[:300]}\n{mail.text[:6_000]}".replace("\n", " ")
    demanded = bool(_DEMANDS.search(text) and _SENTENCES.search(text))
    if any(_SERVICES.search(each) for each in senders):
        return demanded or bool(mail.report.kind or _SUBJECTS.search(mail.subject[:300]))
    return demanded and bool(_SUBJECTS.search(mail.subject[:300]) or _names_our_mail(mail, text))


def _names_our_mail(mail: Mail, text: str) -> bool:
    """True if a program refers to an email of ours."""
    automatic = (
        "Auto-Submitted" in mail.headers or mail.return_path == "" or bool(mail.in_reply_to) or bool(mail.report.kind)
    )
    return automatic and bool(_HELD.search(text))
