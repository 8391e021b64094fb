"""File the mails of carriers: read their values, find the claim by its number, and propose what the mail says.

A mail that cannot be filed is parked with its reason. A mail whose sender is not proven is parked as well: anybody can
write a carrier's name before an @.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.models import Direction, Medium, Message
from comms.models.message import SPAM
from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from crm.platform.events import events
from crm.platform.models import Event, Member
from crm.platform.tenancy import secrets
from libs.inbound_mail import is_doubtful
from service.claims.mail_patterns import find_values
from service.models import ClaimField, ClaimMail, ClaimMailState, JobClaim
from service.models.claims.claim_mail_rule import claim_mail_rules

UNPROVEN = "unproven"
NO_NUMBER = "no_number"
UNKNOWN = "unknown"
SEVERAL = "several"
REASONS = {
    UNPROVEN: gettext_lazy("The sender could not be verified, so the email may be forged."),
    NO_NUMBER: gettext_lazy("No claim number was found in it."),
    UNKNOWN: gettext_lazy("No job has a claim with this number."),
    SEVERAL: gettext_lazy("Several jobs have a claim with this number."),
}


def mail_text(message: Message) -> str:
    """Return what is read of a mail: subject, text and quoted text."""
    return "\n".join(filter(None, (message.subject, message.text, message.folded_text)))


def domain_of(address: str) -> str:
    return address.rpartition("@")[2].strip().lower()


def file_mails(received: Sequence[Event]) -> None:
    """File the mails of carriers among received messages (subscriber). Idempotent."""
    rules = claim_mail_rules()
    wanted = [event.subject_id for event in received if event.data.get("medium") == Medium.EMAIL]
    if not wanted or not rules:
        return
    filed = ClaimMail.objects.filter(message__in=wanted).values("message")
    messages = Message.objects.for_everybody().filter(pk__in=wanted, direction=Direction.IN).exclude(pk__in=filed)
    for message in messages.select_related("job").order_by("pk"):
        if domain_of(message.address) in rules:
            file_mail(message)


@transaction.atomic
def file_mail(message: Message) -> ClaimMail:
    """Read one mail of a carrier and file it, or park it with the reason."""
    values = find_values(mail_text(message), claim_mail_rules().get(domain_of(message.address), {}))
    number = values.pop(ClaimField.NUMBER, "")
    mail = ClaimMail(message=message, values=values, state=ClaimMailState.PROPOSED, at=message.at)
    claims: list[JobClaim] = []
    if number:
        fingerprint = secrets.number_fingerprint(number)
        claims = list(JobClaim.objects.filter(claim__number_hash=fingerprint).select_related("job")[:2])
    if is_doubtful(message.authentication):
        mail.reason = UNPROVEN
    elif not number:
        mail.reason = NO_NUMBER
    elif not claims:
        mail.reason = UNKNOWN
    elif len(claims) > 1:
        mail.reason = SEVERAL
    if mail.reason:
        mail.state = ClaimMailState.PARKED
    mail.save()
    mail.refresh_from_db(fields=["uid"])
    if mail.reason:
        events.record("claim_mail.parked", subject=mail, by=None, data={"reason": mail.reason})
    else:
        attach_mail(mail, claims[0], by=None)
    return mail


@transaction.atomic
def attach_mail(mail: ClaimMail, claim: JobClaim, *, by: Member | None) -> None:
    """Attach a mail to a claim and its job; what it says is proposed. Idempotent."""
    if mail.job_claim_id == claim.pk:
        return
    mail.job_claim = claim
    mail.reason = ""
    mail.state = ClaimMailState.PROPOSED if mail.open_values else ClaimMailState.DECIDED
    mail.save(update_fields=["job_claim", "reason", "state"])
    message = mail.message
    if message.job_id is None:
        message.job = claim.job
        message.save(update_fields=["job"])
    data = {"fields": sorted(mail.values), "message": message.pk}
    events.record("claim_mail.filed", subject=mail, by=by, data=data, job_id=claim.job_id)


@transaction.atomic
def file_parked(mail: ClaimMail, job: Job, *, by: Member) -> None:
    """Attach a parked mail to the claim of a job, by a member. Raises Refused for a job without exactly one claim."""
    mail.lock()
    if mail.state != ClaimMailState.PARKED:
        return
    claims = list(JobClaim.objects.filter(job=job)[:2])
    if len(claims) != 1:
        raise Refused(_("Record the claim on the lead first; a lead with several claims can’t be chosen here."))
    attach_mail(mail, claims[0], by=by)


@transaction.atomic
def ignore_mail(mail: ClaimMail, *, by: Member) -> None:
    """Take a parked mail off the list. Idempotent."""
    mail.lock()
    if mail.state == ClaimMailState.PARKED:
        mail.state = ClaimMailState.IGNORED
        mail.save(update_fields=["state"])
        events.record("claim_mail.ignored", subject=mail, by=by)


def forget_spam(_marked: Sequence[Event]) -> None:
    """Delete what was read from mails that a member marked as spam, so that these can be deleted after their days."""
    ClaimMail.objects.filter(message__automatic=SPAM).delete()
