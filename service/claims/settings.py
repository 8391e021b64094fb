"""Settings: how the mails of carriers are read, taught by an example; and mails that could not be filed."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from comms.models import Direction, Medium, Message
from crm.jobs.models import Job
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.kernel.whole_numbers import read_number
from crm.platform.models import Member
from crm.web.reader import Reader
from crm.web.requests.form_version import version_of
from crm.web.requests.http import TenantRequest
from crm.web.settings.page import Context, settings_page
from service.claims.claim_mails import REASONS, file_parked, ignore_mail, mail_text
from service.claims.mail_patterns import LONGEST_MAIL, find_values, words_before
from service.models import ClaimField, ClaimMail
from service.models.claims.claim_mail_rule import ClaimMailRule, claim_mail_rules

SET_UP = "claims.set_up"
# Past mails that a rule is tried on, and parked ones that are shown.
TRIED = 5
MOST_PARKED = 50


def version_of_rules() -> str:
    """Hash the rules."""
    return version_of(sorted((domain, sorted(rules.items())) for domain, rules in claim_mail_rules().items()))


@settings_page("service:claim_mails", SET_UP, "service/claims/mails.html", version=version_of_rules)
def claim_mails(request: TenantRequest) -> Context:
    """Show the carriers whose mails are read, the form to teach one, and the mails that could not be filed."""
    data = request.POST if request.method == "POST" else request.GET
    domain = _clean_domain(data.get("domain", ""))
    example = _example_text(data, request.member)
    rules = claim_mail_rules()
    taught, unread = _learn(example, data, domain)
    reader = Reader.of(request.member, clock.now())
    parked = ClaimMail.objects.visible_to(request.member).could_not_be_filed().select_related("message").order_by("-at")
    return {
        "carriers": [(one, [ClaimField(field).label for field in fields]) for one, fields in sorted(rules.items())],
        "domain": domain,
        "example": example,
        "fields": [
            (field, label, data.get(f"value-{field}", ""), taught.get(field, "")) for field, label in ClaimField.choices
        ],
        "unread": [ClaimField(field).label for field in unread],
        "mails": _past_mails(domain, request.member),
        "trials": _try_rules(taught, domain, request.member) if taught else [],
        "parked": [(mail, REASONS[mail.reason], reader.near(mail.at)) for mail in parked[:MOST_PARKED]],
    }


def _clean_domain(typed: str) -> str:
    return typed.replace("\0", "").strip().lower().rpartition("@")[2][:120]


def _past_mails(domain: str, member: Member) -> list[Message]:
    if "." not in domain:
        return []
    rows = Message.objects.readable_by(member).for_everybody().filter(direction=Direction.IN, medium=Medium.EMAIL)
    return list(rows.filter(address__iendswith=f"@{domain}").newest_first()[:TRIED])


def _example_text(given: Any, member: Member) -> str:
    """Return the text of the mail that was chosen, else what was pasted."""
    chosen = read_number(given.get("mail", ""))
    if chosen:
        message = Message.objects.readable_by(member).for_everybody().filter(pk=chosen).first()
        if message:
            return mail_text(message)[:LONGEST_MAIL]
    return given.get("example", "").replace("\0", "")[:LONGEST_MAIL]


def _learn(example: str, given: Any, domain: str) -> tuple[dict[str, str], list[str]]:
    """Return the words before each marked value, and the fields whose value is not in the mail; else stored rules."""
    marked = {field: given.get(f"value-{field}", "").strip() for field in ClaimField.values}
    marked = {field: value for field, value in marked.items() if value}
    if not marked:
        return dict(claim_mail_rules().get(domain, {})), []
    taught = {field: words_before(example, value, field) for field, value in marked.items()}
    unread = [field for field, words in taught.items() if not words]
    return {field: words for field, words in taught.items() if words}, unread


def _try_rules(taught: dict[str, str], domain: str, member: Member) -> list[tuple[Message, list[tuple[str, str]]]]:
    trials = []
    for message in _past_mails(domain, member):
        values = find_values(mail_text(message), taught)
        trials.append((message, [(str(ClaimField(field).label), values.get(field, "")) for field in taught]))
    return trials


@claim_mails.action()
def try_claim_mail(request: TenantRequest) -> str | HttpResponse:
    """Show what the marked words would find in the example and in past mails; nothing is saved."""
    if "." not in _clean_domain(request.POST.get("domain", "")):
        raise Refused(_("Enter the domain that the carrier writes from."))
    return claim_mails.shown(request, _("This is what would be read. Save it if it is right."))


@claim_mails.action()
def teach_claim_mail(request: TenantRequest) -> str:
    """Save where the marked values stand in the mails of a carrier."""
    domain = _clean_domain(request.POST.get("domain", ""))
    if "." not in domain:
        raise Refused(_("Enter the domain that the carrier writes from."))
    taught, unread = _learn(_example_text(request.POST, request.member), request.POST, domain)
    if unread:
        labels = ", ".join(str(ClaimField(field).label) for field in unread)
        raise Refused(_("These values do not stand behind words in the email: %(fields)s") % {"fields": labels})
    if ClaimField.NUMBER not in taught:
        raise Refused(_("Mark the claim number: emails are filed by it."))
    ClaimMailRule.set_all(domain, taught, by=request.member)
    return _("Emails from %(domain)s are read from now on.") % {"domain": domain}


@claim_mails.action()
def forget_claim_mail(request: TenantRequest) -> str:
    """Stop reading the mails of a carrier; what was filed stays."""
    domain = _clean_domain(request.POST.get("domain", ""))
    ClaimMailRule.set_all(domain, {}, by=request.member)
    return _("Emails from %(domain)s are no longer read.") % {"domain": domain}


def _get_parked(uid: UUID) -> ClaimMail:
    return get_object_or_404(ClaimMail.objects.select_related("message"), uid=uid)


@claim_mails.action(_get_parked)
def file_claim_mail(request: TenantRequest, mail: ClaimMail) -> str:
    """Attach a parked mail to the claim of a lead, by the lead's number."""
    number = read_number(request.POST.get("job", "").strip().lstrip("#"))
    job = Job.objects.visible_to(request.member).filter(Q(number=number or 0)).first()
    if job is None:
        raise Refused(_("No lead has this number."))
    file_parked(mail, job, by=request.member)
    return _("Filed on %(title)s.") % {"title": job.title}


@claim_mails.action(_get_parked)
def ignore_claim_mail(request: TenantRequest, mail: ClaimMail) -> str:
    """Take a parked mail off the list."""
    ignore_mail(mail, by=request.member)
    return _("Taken off the list.")
