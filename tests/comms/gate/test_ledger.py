"""The ledger's pages: what is told, to whom, and what colleagues change on them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from comms.gate import decide, ledger, origin_check
from comms.gate.consent.opt_outs import process_opt_out
from comms.gate.consent.suppressions import suppress
from comms.gate.decision_list import REASONS
from comms.gate.judgement import RULES
from comms.handlers import release_held
from comms.models import Consent, KillSwitch, Message, SendingPolicy, Suppression
from comms.stored_words import StoredWords
from crm.jobs.creation.job_creation import open_job
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from tests.cast import Cast, House
from tests.comms.gate.conftest import channel, message
from tests.queries import data_queries

NOON = datetime(2026, 5, 12, 15, 0, tzinfo=UTC)


@pytest.fixture
def house(cast: Cast) -> House:
    """The house; its tenant is not in use, as pages open it themselves."""
    return cast.house


@pytest.fixture
def mona(house: House, client: Client) -> Iterator[Client]:
    client.force_login(house.mona.user)
    with clock.at(NOON):
        yield client


def page(house: House) -> str:
    return reverse("ledger:person", args=[house.tenant.slug, house.cora.uid])


def post(client: Client, house: House, name: str, *args: Any, **data: Any) -> Any:
    return client.post(reverse(f"ledger:{name}", args=[house.tenant.slug, *args]), data, follow=True)


def test_steps_and_reasons_are_those_of_the_rules() -> None:
    assert list(ledger.STEPS) == [*(rule.KEY for rule in RULES), origin_check.KEY]
    assert set(Suppression.Reason.values) <= set(REASONS)


def test_page_tells_why_by_every_step(house: House, mona: Client) -> None:
    with use_tenant(house.tenant):
        by = channel()
        decide(message(house, by, text="Sent words", state="sent"))
        suppress("+18135550142", "stop", source="message", medium="sms")
        decide(message(house, by, text="Dropped words", state="dropped"))
    shown = mona.get(page(house)).text
    for words in (
        "Sent words",
        "Dropped words",
        "Not sent:",
        "They asked us to stop",
        "not checked",
        "Handed to the provider",
    ):
        assert words in shown
    assert "Sent words" not in mona.get(page(house), {"outcome": "drop"}).text


def test_kept_words_are_told_in_the_readers_language(house: House) -> None:
    with use_tenant(house.tenant), clock.at(NOON):
        verdict = decide(message(house, channel()))
        kept = StoredWords.read(verdict.stored_checks()[1])
        with translation.override("nl"):
            assert kept.text == verdict.checks[1][1].words.text
            assert str(kept)


def test_plan_says_what_would_be_decided_at_its_time(house: House, mona: Client) -> None:
    with use_tenant(house.tenant):
        by = channel()
        message(house, by, text="Tonight’s", state="held", send_at=NOON + timedelta(hours=10))
        message(house, by, text="Tomorrow’s", state="held", send_at=NOON + timedelta(days=1))
        message(house, by, text="Next month’s", state="held", send_at=NOON + timedelta(days=30))
    shown = mona.get(page(house)).text
    assert shown.count("Would be sent") == 1
    assert shown.count("Would be delayed:") == 1
    assert "Next month" not in shown


def test_stop_of_a_person_is_put_and_taken_off_with_a_reason(house: House, mona: Client) -> None:
    assert post(mona, house, "stop_person", house.cora.uid, reason=" ").status_code == 422
    shown = post(mona, house, "stop_person", house.cora.uid, reason="in court").text
    assert "Stopped by Mona Manager: in court" in shown
    with use_tenant(house.tenant):
        assert decide(message(house, channel())).outcome == "drop"
    post(mona, house, "go_on_person", house.cora.uid)
    with use_tenant(house.tenant):
        assert not KillSwitch.objects.on().exists()


def test_consent_is_noted_in_their_words_and_withdrawn_by_another_entry(house: House, mona: Client) -> None:
    with use_tenant(house.tenant):
        phone, brand = ContactPoint.objects.get(person=house.cora, kind="phone"), Brand.objects.get()
    given = {
        "point": phone.pk, "brand": brand.uid, "medium": "sms", "purpose": "marketing", "source": "call",
        "wording": "Yes, text me your offers",
    }  # fmt: skip
    shown = post(mona, house, "note_consent", house.cora.uid, given="yes", **given).text
    assert "Yes, text me your offers" in shown
    post(mona, house, "note_consent", house.cora.uid, given="no", **given | {"wording": "No more"})
    with use_tenant(house.tenant):
        entries = Consent.objects.order_by("pk")
        assert [(one.given, one.by, one.source) for one in entries] == [
            (True, house.mona, "call"), (False, house.mona, "call")
        ]  # fmt: skip
    for wrong in (
        {"medium": "email"},
        {"purpose": "security"},
        {"source": "one_click"},
        {"wording": " "},
        {"point": "x"},
    ):
        assert post(mona, house, "note_consent", house.cora.uid, given="yes", **given | wrong).status_code == 422


def test_stop_is_lifted_by_those_who_may_and_the_unclear_settled_by_anybody(house: House, mona: Client) -> None:
    with use_tenant(house.tenant):
        by = channel()
        stopped = suppress("+18135550142", "stop", source="message", medium="sms")
        said = message(house, by, direction="in", state="received", author=None, text="Please stop, the dog is loose")
        [unclear] = process_opt_out(said).changed
    rita = Client()
    rita.force_login(house.rita.user)
    assert post(rita, house, "lift", house.cora.uid, stopped.uid, reason="asked").status_code == 404
    post(rita, house, "settle", house.cora.uid, unclear.uid, meant="no")
    post(mona, house, "lift", house.cora.uid, stopped.uid, reason="They called")
    with use_tenant(house.tenant):
        assert not Suppression.objects.in_force().exists()


def test_suppression_of_somebody_else_is_not_found_on_a_persons_page(house: House, mona: Client) -> None:
    with use_tenant(house.tenant):
        other = suppress("+14155550100", "stop", source="message")
    assert post(mona, house, "lift", house.cora.uid, other.uid, reason="x").status_code == 404


def test_rep_does_not_see_a_colleagues_customer(house: House, client: Client) -> None:
    with use_tenant(house.tenant):
        hector = Person.objects.create(name="Hector Salinas")
        hector.refresh_from_db()
        job = open_job(title="Hector", person=hector, member=house.mona, by=house.mona)
        decide(message(house, channel(), person=hector, job=job, text="Hers alone", author=house.mona))
    client.force_login(house.rita.user)
    slug = house.tenant.slug
    assert client.get(reverse("ledger:person", args=[slug, hector.uid])).status_code == 404
    assert client.get(reverse("ledger:job", args=[slug, job.number])).status_code == 404
    assert "Hers alone" not in client.get(reverse("ledger:list", args=[slug])).text


def test_list_is_filtered_and_asks_no_more_for_more_rows(house: House, mona: Client) -> None:
    url = reverse("ledger:list", args=[house.tenant.slug])
    with use_tenant(house.tenant):
        by = channel()
        decide(message(house, by, text="First words", state="sent"))
    mona.get(url)
    with data_queries() as few:
        assert "First words" in mona.get(url).text
    with use_tenant(house.tenant):
        for number in range(8):
            decide(message(house, by, text=f"Words {number}", state="sent"))
    with data_queries() as many:
        mona.get(url)
    assert len(many) == len(few)
    assert "First words" not in mona.get(url, {"outcome": "drop"}).text
    assert "First words" in mona.get(url, {"medium": "sms"}).text


def test_settings_stop_a_brand_hold_what_waits_and_let_it_go(house: House, mona: Client) -> None:
    with use_tenant(house.tenant):
        text, brand = message(house, channel()), Brand.objects.get()
    assert post(mona, house, "put_switch", what="brand:nonesuch", reason="x").status_code == 422
    assert post(mona, house, "put_switch", what="tenant", reason="x", until="2020-01-01").status_code == 422
    assert "wrong prices" in post(mona, house, "put_switch", what=f"brand:{brand.uid}", reason="wrong prices").text
    assert "wrong prices" in mona.get(page(house)).text
    with use_tenant(house.tenant):
        assert decide(text).outcome == "defer"
        Message.objects.filter(pk=text.pk).update(state="held", send_at=None)
        switch = KillSwitch.objects.get()
    post(mona, house, "end_switch", switch.uid)
    with use_tenant(house.tenant):
        release_held([])
        text.refresh_from_db()
        assert text.state == "queued"


def test_limits_are_set(house: House, mona: Client) -> None:
    assert post(mona, house, "limits", emails="many", texts="2").status_code == 422
    post(mona, house, "limits", emails="5", texts="1", transactional_counts="on")
    with use_tenant(house.tenant):
        policy = SendingPolicy.objects.get()
    assert (policy.weekly_emails, policy.weekly_texts, policy.transactional_counts) == (5, 1, True)


def test_lead_leads_to_its_customers_ledger(house: House, mona: Client) -> None:
    lead = mona.get(reverse("leads:lead", args=[house.tenant.slug, house.job.number])).text
    url = reverse("ledger:job", args=[house.tenant.slug, house.job.number])
    assert url in lead
    assert mona.get(url).url == page(house)
