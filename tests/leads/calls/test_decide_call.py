"""A member excuses a call or counts it, and takes that back."""

import pytest
from django.test import Client

from crm.jobs.models import Job
from crm.kernel.refusal import Refused
from leads.calls.decision import count_call, excuse_call, take_back_decision
from leads.models import Lead, TrackedCall
from tests.cast import Cast
from tests.leads.calls.conftest import Calls
from tests.signed_in import force_login


def job_of(call: TrackedCall) -> Job:
    call.refresh_from_db()
    assert call.lead
    return Job.objects.get(pk=call.lead_id)


def test_an_excused_call_drops_the_lead_it_opened_and_undoing_brings_it_back(called: Calls, cast: Cast) -> None:
    call = called()
    assert excuse_call(call, "wrong_number", by=cast.house.sam)
    assert (call.verdict, job_of(call).state) == ("excused", "dropped")
    take_back_decision(call, by=cast.house.sam)
    take_back_decision(call, by=cast.house.sam)
    assert (call.verdict, call.reason, job_of(call).state) == ("counted", "", "open")


def test_a_lead_that_was_worked_on_stays(called: Calls, cast: Cast) -> None:
    call = called()
    job_of(call).move_to(cast.house.stage("New"), by=cast.house.rita)
    assert not excuse_call(call, "seller", by=cast.house.rita)
    assert job_of(call).state == "open"


def test_a_short_call_is_counted_by_hand_and_gets_its_lead(called: Calls, cast: Cast) -> None:
    call = called(seconds=20)
    count_call(call, by=cast.house.rita)
    count_call(call, by=cast.house.rita)
    assert (call.verdict, job_of(call).source_id) == ("counted", call.source_id)
    take_back_decision(call, by=cast.house.rita)
    assert (call.verdict, job_of(call).state) == ("short", "dropped")
    assert Lead.objects.filter(pk=call.lead_id).count() == 1


def test_an_excuse_needs_a_reason_and_our_calls_are_not_decided(called: Calls, cast: Cast) -> None:
    with pytest.raises(Refused, match="why"):
        excuse_call(called(), "boring", by=cast.house.rita)
    ours = called("+18135550171", ours=True)
    with pytest.raises(Refused, match="never count"):
        count_call(ours, by=cast.house.rita)
    with pytest.raises(Refused, match="never count"):
        excuse_call(ours, "test", by=cast.house.rita)


def test_who_was_spam_once_is_excused_the_next_time(called: Calls, cast: Cast) -> None:
    excuse_call(called(seconds=10), "spam", by=cast.house.rita)
    assert called(seconds=300).verdict == "excused"


def test_the_panel_of_a_call_excuses_it_in_one_click(called: Calls, cast: Cast) -> None:
    call = called()
    client = Client()
    force_login(client, cast.house.mona.user)
    slug = cast.house.tenant.slug
    panel = client.get(f"/{slug}/leads/calls/of/{call.message.uid}/", headers={"HX-Request": "true"})
    assert "Counted as a lead" in panel.text
    assert "Google Ads · Spring" in panel.text
    sent = {"version": call.form_version, "reason": "spam"}
    done = client.post(f"/{slug}/leads/calls/{call.uid}/excuse/", sent, follow=True)
    assert "Excused: Spam or robocall. Its lead was dropped." in done.text
    late = client.post(f"/{slug}/leads/calls/{call.uid}/excuse/", sent | {"reason": "test"}, follow=True)
    assert "changed" in late.text, "the second of two who decide learns that somebody was faster"
    call.refresh_from_db()
    assert call.reason == "spam"
    undone = client.post(f"/{slug}/leads/calls/{call.uid}/take-back/", follow=True)
    assert "Undone: Counted as a lead." in undone.text


def test_a_message_that_is_no_tracked_call_has_no_panel(cast: Cast, called: Calls) -> None:
    call = called()
    call.delete()
    client = Client()
    force_login(client, cast.house.mona.user)
    url = f"/{cast.house.tenant.slug}/leads/calls/of/{call.message.uid}/"
    assert "badge" not in client.get(url, headers={"HX-Request": "true"}).text
    assert client.get(url).status_code == 302
