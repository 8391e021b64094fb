"""Mails of carriers are filed by the claim's number; what they say is proposed, and applied when accepted."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from comms.models import Message
from crm.jobs.models import JobParty
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from service.claims.claim_mails import file_mail, file_parked, forget_spam, ignore_mail
from service.claims.features import tell_parked
from service.claims.proposals import accept_value, refuse_value
from service.models import ClaimMail, ClaimMailRule, JobClaim
from tests.cast import Cast
from tests.signed_in import force_login

RULES = {"number": "Claim number", "adjuster": "Adjuster", "email": "E-mail", "approved": "Approved", "lost_on": "Loss"}
TEXT = """Claim number: 59-8812-K4
Adjuster: Dana Whitfield
E-mail: dana@carrier.example
Approved: $14,820.55
Loss: 10/09/2026
"""


@pytest.fixture(autouse=True)
def inside(cast: Cast) -> Iterator[None]:
    with use_tenant(cast.house.tenant):
        ClaimMailRule.set_all("carrier.example", RULES, by=cast.house.ada)
        yield


@pytest.fixture
def claim(cast: Cast) -> JobClaim:
    return JobClaim.record(cast.house.job, carrier="Gulf Mutual", number="59 8812 K4", by=cast.house.rita)


def mail(text: str = TEXT, **more: Any) -> Message:
    fields = {"brand": directory().default_brand, "medium": "email", "direction": "in", "state": "received"}
    message: Message = Message.objects.create(**fields, address="claims@carrier.example", text=text, **more)
    message.refresh_from_db()
    return message


def test_a_mail_is_filed_by_its_number_and_changes_nothing_by_itself(cast: Cast, claim: JobClaim) -> None:
    filed = file_mail(message := mail())
    assert (filed.state, filed.job_claim, message.job_id) == ("proposed", claim, cast.house.job.pk)
    claim.refresh_from_db()
    assert (claim.approved, claim.adjuster, claim.lost_on) == (None, None, None)
    assert sorted(filed.open_values) == ["adjuster", "approved", "email", "lost_on"]


def test_what_is_accepted_is_taken_over(cast: Cast, claim: JobClaim) -> None:
    filed = file_mail(mail())
    for field in ("approved", "approved", "lost_on", "adjuster"):
        accept_value(filed, field, by=cast.house.sam)
    claim.refresh_from_db()
    assert (claim.approved, str(claim.lost_on)) == (1_482_055, "2026-10-09")
    assert claim.adjuster
    assert claim.adjuster.contact_points.get().value == "dana@carrier.example"
    assert JobParty.objects.filter(job=cast.house.job, person=claim.adjuster, role="adjuster").exists()
    assert (filed.state, filed.open_values) == ("decided", {})


def test_an_adjuster_keeps_their_record_and_gets_a_second_address(cast: Cast, claim: JobClaim) -> None:
    first = claim.set_adjuster("Dana Whitfield", email="dana@carrier.example", phone="+18135550161", by=cast.house.rita)
    again = claim.set_adjuster("Dana Whitfield", email="d.whitfield@carrier.example", by=cast.house.rita)
    values = sorted(first.contact_points.values_list("value", flat=True))
    assert (again, values) == (first, ["+18135550161", "d.whitfield@carrier.example", "dana@carrier.example"])
    page = client_of(cast, "rita").get(f"/suncoast-test/service/claims/{claim.uid}/edit/").text
    assert 'value="(813) 555-0161"' in page


def test_what_is_refused_leaves_the_claim(cast: Cast, claim: JobClaim) -> None:
    claim.edit(approved=5_00, by=cast.house.rita)
    filed = file_mail(mail())
    refuse_value(filed, "approved", by=cast.house.sam)
    accept_value(filed, "approved", by=cast.house.sam)
    claim.refresh_from_db()
    assert (claim.approved, filed.decisions) == (5_00, {"approved": "refused"})


def test_an_amount_in_another_currency_is_not_taken_over(cast: Cast, claim: JobClaim) -> None:
    filed = file_mail(mail(TEXT.replace("$14,820.55", "EUR 14,820.55")))
    with pytest.raises(Refused, match="EUR"):
        accept_value(filed, "approved", by=cast.house.sam)
    assert "approved" in ClaimMail.objects.get().open_values


@pytest.mark.parametrize(
    ("text", "authentication", "reason"),
    [
        ("Hello", {}, "no_number"),
        (TEXT.replace("59-8812", "60-0000"), {}, "unknown"),
        (TEXT, {"dmarc": "fail"}, "unproven"),
    ],
)
def test_what_cannot_be_filed_is_parked_with_its_reason(
    claim: JobClaim, text: str, authentication: dict[str, str], reason: str
) -> None:
    filed = file_mail(mail(text, authentication=authentication))
    assert (filed.state, filed.reason, filed.job_claim) == ("parked", reason, None)


def test_a_parked_mail_is_filed_or_ignored_by_a_person(cast: Cast, claim: JobClaim) -> None:
    first, second = file_mail(mail("Approved: $10")), file_mail(mail("Hello again"))
    file_parked(first, cast.house.job, by=cast.house.ada)
    assert (first.state, first.job_claim, first.open_values) == ("proposed", claim, {"approved": "$10"})
    ignore_mail(second, by=cast.house.ada)
    assert ClaimMail.objects.could_not_be_filed().count() == 0


def test_a_mail_marked_as_spam_keeps_no_values(claim: JobClaim) -> None:
    file_mail(message := mail())
    forget_spam([])
    assert ClaimMail.objects.count() == 1
    Message.objects.filter(pk=message.pk).update(automatic="spam")
    forget_spam([])
    assert not ClaimMail.objects.exists()


def test_a_claim_needs_an_address_and_a_number(cast: Cast) -> None:
    with pytest.raises(Refused, match="letters and digits"):
        JobClaim.record(cast.house.job, carrier="", number="1", by=cast.house.rita)
    cast.house.job.site = None
    with pytest.raises(Refused, match="address"):
        JobClaim.record(cast.house.job, carrier="", number="12345", by=cast.house.rita)


def client_of(cast: Cast, name: str) -> Client:
    client = Client()
    force_login(client, getattr(cast.house, name).user)
    return client


def test_the_pages_record_edit_and_decide(cast: Cast) -> None:
    rita = client_of(cast, "rita")
    url = f"/suncoast-test/service/claims/job/{cast.house.job.number}/"
    refused = rita.post(f"{url}record/", {"number": "1", "carrier": "Gulf"})
    assert (refused.status_code, 'value="Gulf"' in refused.text) == (422, True)
    rita.post(f"{url}record/", {"number": "59-8812-K4", "carrier": "Gulf Mutual"})
    claim = JobClaim.objects.get()
    filed = file_mail(mail())
    page = rita.get(url).text
    assert "Gulf Mutual" in page
    assert "59-8812-K4" not in page, "the number is masked"
    assert "$14,820.55" in page
    assert page.index("Accept: Adjuster") < page.index("Accept: Date of loss") < page.index("Accept: Amount approved")
    rita.post(f"/suncoast-test/service/claims/mails/{filed.uid}/accept/", {"field": "approved"})
    edit = f"/suncoast-test/service/claims/{claim.uid}/edit/"
    assert "59-8812-K4" in rita.get(edit).text
    sent = {"version": "1", "status": "approved", "policy": "HO3", "deductible": "$2,500"}
    assert rita.post(edit, sent).status_code == 409
    claim.refresh_from_db()
    wrong = rita.post(edit, sent | {"version": claim.form_version, "deductible": "lots"})
    assert (wrong.status_code, 'value="lots"' in wrong.text) == (422, True)
    assert rita.post(edit, sent | {"version": claim.form_version, "approved": "$14,820.55"}).status_code == 302
    claim.refresh_from_db()
    assert (claim.status, claim.policy_number, claim.deductible, claim.approved) == (
        "approved",
        "HO3",
        250_000,
        1_482_055,
    )


def test_the_form_sets_and_removes_the_adjuster(cast: Cast, claim: JobClaim) -> None:
    rita = client_of(cast, "rita")
    edit_url = f"/suncoast-test/service/claims/{claim.uid}/edit/"
    sent = {"status": "reported", "adjuster_email": "dana@carrier.example"}
    nameless = rita.post(edit_url, sent | {"version": claim.form_version})
    assert (nameless.status_code, 'value="dana@carrier.example"' in nameless.text) == (422, True)
    rita.post(edit_url, sent | {"version": claim.form_version, "adjuster": "Dana Whitfield"})
    assert JobParty.objects.filter(role="adjuster").exists()
    claim.refresh_from_db()
    rita.post(edit_url, sent | {"version": claim.form_version, "adjuster": ""})
    assert JobClaim.objects.get().adjuster is None
    assert not JobParty.objects.filter(role="adjuster").exists()


def test_a_carrier_is_taught_by_an_example(cast: Cast, claim: JobClaim) -> None:
    ada = client_of(cast, "ada")
    ClaimMailRule.set_all("carrier.example", {}, by=cast.house.ada)
    mail()
    url = "/suncoast-test/service/claims/mails/"
    version = ada.get(url).context["version"]
    sent = {"version": version, "domain": "claims@carrier.example", "example": TEXT, "value-number": "59-8812-K4"}
    tried = ada.post(f"{url}try/", sent | {"value-approved": "$14,820.55"})
    assert "In past emails" in tried.text
    assert "Read behind “Approved”" in tried.text
    assert not ClaimMailRule.objects.exists()
    assert ada.post(f"{url}teach/", sent | {"value-number": ""}).status_code == 422
    unread = ada.post(f"{url}teach/", sent | {"value-policy": "nowhere"})
    assert (unread.status_code, "Policy number" in unread.text, "59-8812-K4" in unread.text) == (422, True, True)
    ada.post(f"{url}teach/", sent)
    assert ClaimMailRule.objects.get().before
    assert client_of(cast, "rita").get(url).status_code == 404


def test_parked_mails_are_filed_on_the_settings_page(cast: Cast, claim: JobClaim) -> None:
    ada = client_of(cast, "ada")
    parked = file_mail(mail("Hello"))
    url = "/suncoast-test/service/claims/mails/"
    page = ada.get(url)
    assert "No claim number was found in it." in page.text
    sent = {"version": page.context["version"], "job": "999999"}
    refused = ada.post(f"{url}{parked.uid}/file/", sent)
    assert (refused.status_code, 'value="999999"' in refused.text) == (422, True), "what was typed stays"
    ada.post(f"{url}{parked.uid}/file/", sent | {"job": f"#{cast.house.job.number}"})
    parked.refresh_from_db()
    assert parked.job_claim == claim


def test_those_who_can_file_them_hear_once_of_parked_mails_until_they_have_read_it(cast: Cast) -> None:
    for text in ("no number", "none here either"):
        file_mail(mail(text))
        tell_parked(list(Event.objects.filter(kind="claim_mail.parked")))
    notices = Notice.objects.filter(kind="claim_mail.parked")
    assert sorted(notice.member.role for notice in notices) == ["admin", "manager"]
    notices.update(read_at=clock.now())
    file_mail(mail("a third"))
    tell_parked(list(Event.objects.filter(kind="claim_mail.parked").order_by("-pk")[:1]))
    assert Notice.objects.filter(kind="claim_mail.parked").count() == 4
