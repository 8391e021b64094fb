"""Create an insurance claim of the demo's roofer: the carrier's emails, the adjuster, and one that can't be filed."""

from datetime import datetime, timedelta

from comms.models import Direction, Medium, Message
from crm.kernel import clock
from crm.platform.models import Member, Role
from crm.platform.organization.configuration import directory
from leads.models import Lead
from service.claims.claim_mails import file_mail
from service.claims.proposals import accept_value
from service.models import ClaimField, ClaimMailRule, JobClaim

SLUG = "suncoast"
DOMAIN = "gulfmutual.example"
NUMBER = "59-8812-K4"
RULES: dict[str, str] = {
    ClaimField.NUMBER: "Claim number",
    ClaimField.ADJUSTER: "Adjuster",
    ClaimField.ADJUSTER_EMAIL: "Email",
    ClaimField.APPROVED: "Approved",
}
APPROVAL = f"""We have reviewed your claim.

Claim number: {NUMBER}
Adjuster: Paul Renner
Email: paul.renner@{DOMAIN}
Approved: $14,820.55
"""
UNKNOWN = "Claim number: 71-0045-B2\nAdjuster: Paul Renner\nAn inspection is needed before we can decide.\n"


def create_claim(slug: str, now: datetime) -> None:
    """Record a claim on a sold lead, and have the carrier write twice."""
    if slug != SLUG:
        return
    admin = Member.objects.filter(role=Role.ADMIN).order_by("pk")[0]
    leads = Lead.objects.filter(won_at__isnull=False, job__site__isnull=False, job__state="open")
    lead = leads.select_related("job").order_by("-won_at", "-pk").first()
    if lead is None:
        return
    with clock.at(now - timedelta(days=9)):
        ClaimMailRule.set_all(DOMAIN, RULES, by=admin)
        JobClaim.record(lead.job, carrier="Gulf Mutual", number=NUMBER, by=admin)
    with clock.at(now - timedelta(days=2)):
        mail = file_mail(_receive("Your claim: payment approved", APPROVAL))
        for field in (ClaimField.ADJUSTER, ClaimField.ADJUSTER_EMAIL):
            if field in mail.open_values:
                accept_value(mail, field, by=admin)
    with clock.at(now - timedelta(hours=20)):
        file_mail(_receive("Inspection", UNKNOWN))


def _receive(subject: str, text: str) -> Message:
    message: Message = Message.objects.create(
        brand=directory().default_brand,
        medium=Medium.EMAIL,
        direction=Direction.IN,
        state=Message.State.RECEIVED,
        address=f"claims@{DOMAIN}",
        subject=subject,
        text=text,
        at=clock.now(),
    )
    message.refresh_from_db()
    return message
