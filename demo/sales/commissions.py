"""Create the demo's commissions: two partners, what was agreed, a statement that is paid, a draft, and what waits."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from billing.commissions.earning import settle_job
from billing.commissions.monthly import last_month
from billing.models import CommissionAgreement, Payment
from billing.models.commissions.statement import draw_up_statements
from crm.jobs.models import Job, JobParty
from crm.kernel import clock
from crm.kernel.days import next_month
from crm.platform.models import Member
from crm.platform.organization.configuration import directory
from leads.models import Partner


class PartnerTexts(NamedTuple):
    """The partners of a demo organization: name, address and what they do."""

    first: tuple[str, str, str]
    second: tuple[str, str, str]


PARTNERS = {
    "en": PartnerTexts(
        ("Gulf Home Inspectors", "office@gulfinspectors.example", "home inspections"),
        ("Harbor Realty", "deals@harborrealty.example", "houses for sale"),
    ),
    "nl": PartnerTexts(
        ("Autohuis Van Vliet", "verkoop@vanvliet.example", "elektrische auto’s"),
        ("Energieadvies Groen", "info@energieadvies.example", "energieadvies"),
    ),
}


def create_commissions(*, by: Member) -> None:
    """Create them on jobs that were paid. Inside the tenant, after its payments."""
    texts = PARTNERS.get(directory().tenant.language, PARTNERS["en"])
    paid = Payment.objects.filter(reversed_at=None, job__isnull=False).order_by().values("job_id")
    jobs = list(Job.objects.filter(pk__in=paid).select_related("brand").order_by("number")[:4])
    if len(jobs) < len(PARTNERS["en"]):
        return
    first, second = [Partner.add(name, mail, does=does, by=by) for name, mail, does in texts]
    for place, job in enumerate(jobs):
        partner = second if place % 2 else first
        JobParty.involve(job, partner.person, JobParty.PartyRole.PARTNER, by=by)
        _agree(partner, job, by)
    earlier = datetime.combine(next_month(last_month()), time(12), directory().zone) - timedelta(days=9)
    with clock.at(earlier):
        settle_job(jobs[0])
        settle_job(jobs[1])
    drafts = draw_up_statements(last_month(), by=by)
    for statement in drafts:
        if statement.partner_id == first.pk:
            statement.issue(by=by)
            statement.lock()
            statement.note_sent()
            statement.note_paid(by=by)
    for job in jobs[2:]:
        settle_job(job)


def _agree(partner: Partner, job: Job, by: Member) -> None:
    if not CommissionAgreement.objects.filter(partner=partner, brand=job.brand, currency=job.currency).exists():
        begins = date(clock.now().year - 1, 1, 1)
        CommissionAgreement.agree(partner, job.brand, job.currency, "percent", by=by, from_day=begins, rate=50_000)
