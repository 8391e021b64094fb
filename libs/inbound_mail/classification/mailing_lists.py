"""Mailing lists and newsletters: sent to many recipients."""

import re

from libs.inbound_mail.classification.authorship import is_written, was_passed_on, was_sent_by_hand
from libs.inbound_mail.classification.bounce_text import REPLIED
from libs.inbound_mail.message import Mail, OwnAddresses
from libs.sentence import Sentence as _

_ID = re.compile(r"<([^<>\s]{1,200})>")
_POST = re.compile(r"mailto:([^<>\s?]{1,200})", re.IGNORECASE)
_OF_LISTS = ("List-Id", "List-Post", "List-Unsubscribe", "Mailing-List", "X-Mailing-List", "X-Loop", "X-List")
_CAMPAIGN = tuple(
    "Feedback-ID X-Campaign X-CampaignID X-Campaign-ID X-Mailchimp-Campaign X-MC-User X-CSA-Complaints X-Report-Abuse"
    " X-Mailer-RecptId X-Newsletter X-Mailing-List X-Sib-Id X-Mailgun-Tag X-Job X-MailingID".split()
)


def list_reason(mail: Mail, own: OwnAddresses) -> str:
    """Return why an email was sent to many, in words; "" if to us, also by our group address."""
    named = mail.headers.get("List-Id") or mail.headers.get("X-Mailing-List") or mail.headers.get("Mailing-List")
    post = mail.headers.get("List-Post")
    if ((named or post) and _is_ours(named, post, own)) or is_written(mail, own):
        return ""
    if was_forwarded_in_bulk(mail):
        precedence = ""
    else:
        precedence = mail.headers.get("Precedence").strip().lower()
    unsubscribe = "List-Unsubscribe" in mail.headers
    if (named or post) and (precedence in {"list", "bulk"} or unsubscribe or post):
        return _("It comes from a mailing list (%(name)s).") % {"name": (named or post)[:100]}
    if unsubscribe and (precedence in {"bulk", "list", "junk"} or any(name in mail.headers for name in _CAMPAIGN)):
        return _("It is a newsletter.")
    if precedence in {"bulk", "list"} and not _goes_to_us(mail):
        return _("Its header says that it was sent in bulk.")
    return ""


def _goes_to_us(mail: Mail) -> bool:
    """True if an email marked as bulk is a person's: an answer, a question, typed or forwarded by hand."""
    is_personal = mail.in_reply_to or REPLIED.match(mail.subject) or "?" in mail.text
    return bool(is_personal) or was_sent_by_hand(mail) or was_passed_on(mail)


def was_forwarded_in_bulk(mail: Mail) -> bool:
    """True if “Precedence: bulk” was added by a forwarding server, above its Received field (GoDaddy)."""
    if any(name in mail.headers for name in _OF_LISTS):
        return False
    names = [name.lower() for name, _value in mail.headers]
    return "precedence" in names and "received" in names[names.index("precedence") :]


def _is_ours(named: str, post: str, own: OwnAddresses) -> bool:
    """True if the list is a group of ours: at our domain, or below it.

    The group support@example.com has the id <support.example.com>.
    """
    hosts = [list_id.lower() for list_id in _ID.findall(named[:2_000])]
    hosts += [list_id.lower().rpartition("@")[2] for list_id in _POST.findall(post[:2_000])]
    domains = {address.rpartition("@")[2] for address in own.addresses}
    return any(host == domain or host.endswith(f".{domain}") for host in hosts for domain in domains)
