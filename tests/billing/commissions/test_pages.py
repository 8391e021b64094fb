"""Pages of commissions: for managers; a partner sees their own in the portal."""

import re
from collections.abc import Callable
from typing import Any

from django.urls import reverse

from billing.models import CommissionAgreement, CommissionStatement
from crm.jobs.models import Job
from crm.kernel import clock
from leads.models import Partner
from tests.billing.commissions.conftest import NEXT_MONTH, Earn
from tests.cast import House
from tests.followups.conftest import Browser
from tests.portal.conftest import Coming, portal_client

__all__ = ["portal_client"]
Make = Callable[..., Any]
LIST = "invoices/commissions/"


def version_on(who: Browser, page: str) -> str:
    """The version that the forms of a page carry."""
    match = re.search(r'name="version" value="([^"]+)"', who.get(page))
    assert match
    return match[1]


def test_a_manager_drafts_issues_and_pays(
    house: House, mona: Browser, agree: Make, bill: Make, pay: Make, earn: Earn
) -> None:
    agree(rate=50_000)
    bill(100_000)
    pay(100_000)
    earn()
    assert "on no statement yet" in mona.get(LIST)
    with clock.at(NEXT_MONTH):
        mona = Browser(house, house.mona)  # the session of a week ago has ended
        mona.post(f"{LIST}draw-up/", {})
        row = CommissionStatement.objects.get()
        page = f"{LIST}{row.uid}/"
        for verb in ("issue", "pay"):
            mona.post(f"{page}{verb}/", {"version": version_on(mona, page)})
        assert "CS-2026-0001" in mona.get(LIST)
        assert "Paid out" in mona.get(page)
    row.refresh_from_db()
    assert row.state == "paid"


def test_the_list_opens_with_a_tab_selected(mona: Browser, draft: CommissionStatement) -> None:
    assert re.search(r'aria-current="page"[^>]*>\s*(<[^>]+>\s*)*All statements', mona.get(LIST))


def test_who_is_no_manager_finds_nothing(rita: Browser, sam: Browser, draft: CommissionStatement) -> None:
    for who in (rita, sam):
        for page in (LIST, f"{LIST}{draft.uid}/", f"{LIST}{draft.uid}/pdf/", f"{LIST}agreements/"):
            who.get(page, status=404)


def test_an_action_on_an_older_page_changes_nothing(mona: Browser, draft: CommissionStatement) -> None:
    mona.post(f"{LIST}{draft.uid}/issue/", {"version": "0"}, status=409)
    draft.refresh_from_db()
    assert draft.is_draft


def test_an_agreement_is_made_and_ended_in_the_settings(
    house: House, job: Job, mona: Browser, partner: Partner
) -> None:
    page = f"{LIST}agreements/"
    given = {"partner": str(partner.pk), "brand": str(job.brand.uid), "from_day": "2026-11-01", "value": "7.5"}
    mona.post(f"{page}add/", given | {"basis": "percent", "version": version_on(mona, page)})
    assert "7.5%" in mona.get(page)
    mona.post(f"{page}add/", given | {"basis": "fixed", "version": version_on(mona, page)}, status=422)
    agreement = CommissionAgreement.objects.get()
    mona.post(f"{page}end/", {"agreement": str(agreement.uid), "version": version_on(mona, page)})
    agreement.refresh_from_db()
    assert (agreement.rate, agreement.has_ended) == (75_000, True)


def test_a_partner_sees_their_own_issued_ones_alone(
    house: House, job: Job, portal_client: Coming, draft: CommissionStatement
) -> None:
    theirs = portal_client(draft.partner.person)
    address = reverse("portal:commissions", kwargs={"company": house.tenant.slug})
    assert "November 2026" not in theirs.get(address).content.decode()
    draft.issue(by=house.mona)
    assert "November 2026" in theirs.get(address).content.decode()
    assert job.person is not None
    other = portal_client(job.person)
    assert "November 2026" not in other.get(address).content.decode()
    file = reverse("portal:commission_pdf", kwargs={"company": house.tenant.slug, "uid": draft.uid})
    assert (theirs.get(file)["Content-Type"], other.get(file).status_code) == ("application/pdf", 404)
