"""Classification of an email: the rules in order, most reliable first."""

from contextlib import suppress
from dataclasses import replace

from libs.inbound_mail.classification.automatic import automatic_reason, is_absence, own_words
from libs.inbound_mail.classification.bounce_text import error_part, is_daemon, looks_bounced, read_bounce
from libs.inbound_mail.classification.challenges import is_challenge
from libs.inbound_mail.classification.complaints import complaint
from libs.inbound_mail.classification.delivery_report import outcomes, reported_bounce
from libs.inbound_mail.classification.forwards import find_forwarded
from libs.inbound_mail.classification.loops import loop_reason
from libs.inbound_mail.classification.mailing_lists import list_reason
from libs.inbound_mail.classification.recipient_failures import explain_failure
from libs.inbound_mail.classification.return_date import returns_on
from libs.inbound_mail.message import (
    Bounce,
    Mail,
    MailRefusal,
    MailVerdict,
    OwnAddresses,
    RecipientReport,
    UnreadableMail,
)
from libs.inbound_mail.reading.reader import read_mail
from libs.sentence import Sentence as _


def classify(mail: Mail, *, own: OwnAddresses) -> MailVerdict:
    """Return the kind of an email and the reason in words. In doubt, a person wrote it, so that it gets answered."""
    if verdict := complaint(mail):
        return verdict
    if is_challenge(mail):
        return MailVerdict("challenge", _("A filter asks us to confirm our email before it is delivered."))
    if verdict := _classify_bounce(mail):
        return verdict
    if reason := loop_reason(mail, own):
        return MailVerdict("loop", reason)
    if reason := automatic_reason(mail, own):
        if "List-Id" in mail.headers and (named := list_reason(mail, own)):
            return MailVerdict("list", named)
        back = None
        if mail.date and is_absence(mail):
            back = returns_on(f"{mail.subject[:300]}\n{own_words(mail)}", mail.date)
        return MailVerdict("auto_reply", reason, returns_on=back)
    if reason := list_reason(mail, own):
        return MailVerdict("list", reason)
    return _person_verdict(mail)


def _classify_bounce(mail: Mail) -> MailVerdict | None:
    reports = outcomes(mail) or (outcomes(inner) if (inner := _wrapped_report(mail)) else [])
    if reports:
        bounce = reported_bounce(mail, reports)
        if bounce is None:
            return MailVerdict("auto_reply", _("It reports that our email was delivered."))
        if bounce.recipients:
            return _bounce_verdict(_explain_failures(mail, bounce))
        return _bounce_verdict(_add_recipients(mail, bounce, reports))
    if looks_bounced(mail):
        return _bounce_verdict(read_bounce(mail))
    return None


def _wrapped_report(mail: Mail) -> Mail | None:
    """Return the report that a gateway wrapped in an email to add its disclaimer."""
    attached = [part for part in mail.attachments if part.type == "message/rfc822"]
    if mail.report.kind or len(attached) != 1 or not is_daemon(mail) or not mail.date:
        return None
    with suppress(UnreadableMail):
        return read_mail(attached[0].content, received_at=mail.date)
    return None


def _explain_failures(mail: Mail, bounce: Bounce) -> Bounce:
    """Add reasons from the free text to failures without one."""
    text = error_part(mail)
    recipients = [failure.recipient for failure in bounce.failures]
    return replace(bounce, failures=tuple(explain_failure(failure, text, recipients) for failure in bounce.failures))


def _add_recipients(mail: Mail, bounce: Bounce, reports: list[RecipientReport]) -> Bounce:
    """Add recipients from the free text; the reason is the report's, if it has one."""
    prose = read_bounce(mail, reports[0].status)
    refusal = bounce.failures[0].refusal
    failures = prose.failures
    if refusal != MailRefusal.OTHER:
        failures = tuple(replace(failure, permanent=bounce.permanent, refusal=refusal) for failure in failures)
    return replace(bounce, recipients=prose.recipients, failures=failures)


def _bounce_verdict(bounce: Bounce) -> MailVerdict:
    words = {
        "who": ", ".join(bounce.recipients[:5]) or _("an address that is not given"),
        "status": bounce.status or "–",
    }
    if bounce.permanent:
        return MailVerdict(
            "bounce", _("Our email to %(who)s could not be delivered (%(status)s).") % words, bounce=bounce
        )
    return MailVerdict("bounce", _("Our email to %(who)s is not delivered yet (%(status)s).") % words, bounce=bounce)


def _person_verdict(mail: Mail) -> MailVerdict:
    passed_on = find_forwarded(mail)
    if passed_on:
        if passed_on.sender:
            who = str(passed_on.sender)
        else:
            who = _("somebody")
        return MailVerdict("person", _("Somebody forwarded an email from %(who)s.") % {"who": who}, forwarded=passed_on)
    return MailVerdict("person", _("It shows no sign of an automatic message."))
