"""Enrolments on pages: started for one and for many, paused, stopped, undone, listed, and refused to others."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm.people.models import Person
from followups.sequences.enrolling import enrol
from followups.sequences.models import Enrolment, EnrolmentStep, Sequence
from followups.sequences.views.side import left_shares
from tests.cast import House
from tests.followups.preset_acts import MONDAY
from tests.followups.sequences.scenes import another_lead, lead, message, row, sequence, task, wait, work
from tests.markup import flat
from tickets.models import Ticket

HTMX = {"HX-Request": "true"}


def browser(house: House, name: str) -> Client:
    client = Client()
    client.force_login(getattr(house, name).user)
    return client


@pytest.fixture
def rita(house: House) -> Client:
    return browser(house, "rita")


@pytest.fixture
def nudge(house: House) -> Sequence:
    return sequence(message(), wait(2), task())


def url(house: House, path: str = "") -> str:
    return f"/{house.tenant.slug}/sequences/{path}"


def act(client: Client, house: House, verb: str, htmx: bool = False, **values: Any) -> Any:
    """What a member does with the only enrolment, by its form."""
    one = row()
    data = {"version": one.form_version, **values}
    return client.post(url(house, f"people/{one.uid}/{verb}/"), data, headers=HTMX if htmx else None)


def test_a_lead_starts_it_on_its_page_after_the_effect_was_shown(house: House, rita: Client, nudge: Sequence) -> None:
    path = url(house, f"leads/{house.job.number}/enrol/")
    assert "Nudge" in rita.get(path, headers=HTMX).content.decode()
    shown = flat(rita.post(path, {"to": nudge.uid}, headers=HTMX).content.decode())
    assert "1 lead starts “Nudge”." in shown
    assert re.search(r"First message: today, 10:00.AM\.", shown)
    assert not Enrolment.objects.exists()
    rita.post(path, {"to": nudge.uid, "apply": "1"})
    assert (row().job_id, row().entered_by_id, row().entry) == (house.job.pk, house.rita.pk, "hand")


def test_who_holds_the_customer_is_named(house: House, rita: Client, nudge: Sequence) -> None:
    enrol(nudge, lead(house), by=None)
    other = sequence(message(), name="Financing")
    path = url(house, f"leads/{house.job.number}/enrol/")
    shown = flat(rita.post(path, {"to": other.uid}, headers=HTMX).content.decode())
    assert "1 does not start. Held by “Nudge”." in shown
    answer = rita.post(path, {"to": other.uid, "apply": "1"}, headers=HTMX)
    assert answer.status_code == 422
    assert "Held by “Nudge”." in answer.content.decode()


def test_many_start_as_the_preview_said_and_all_are_taken_back_together(house: House, nudge: Sequence) -> None:
    mona = browser(house, "mona")
    jobs = [lead(house), another_lead(house, "Bea"), another_lead(house, "Cy")]
    enrol(nudge, jobs[2], by=None)
    form = {"list": "leads", "pick": [job.number for job in jobs], "to": nudge.uid}
    shown = flat(mona.post(url(house, "leads/enrol/"), form, headers=HTMX).content.decode())
    assert "2 leads start “Nudge”." in shown
    assert "1 does not start. The customer is in this sequence already." in shown
    answer = mona.post(url(house, "leads/enrol/"), form | {"apply": "1"}, headers=HTMX)
    assert Enrolment.objects.inside().count() == 3
    undo = re.search(r'hx-post="([^"]*undo[^"]*)"', answer.content.decode())[1]
    mona.post(undo)
    assert list(Enrolment.objects.inside().values_list("job_id", flat=True)) == [jobs[2].pk]
    assert set(Enrolment.objects.that_ended().values_list("end_reason", flat=True)) == {"undone"}
    mona.post(url(house, "leads/enrol/"), form | {"apply": "1"})
    assert Enrolment.objects.inside().count() == 3, "what was taken back counts as never entered"


def test_of_chosen_customers_the_open_lead_starts(house: House, nudge: Sequence) -> None:
    Person.objects.create(name="Nobody’s customer")
    form = {"list": "people", "pick": [house.cora.pk, Person.objects.get(name="Nobody’s customer").pk], "to": nudge.uid}
    mona = browser(house, "mona")
    shown = flat(mona.post(url(house, "customers/enrol/"), form, headers=HTMX).content.decode())
    assert "1 lead starts “Nudge”." in shown
    assert "1 customer has no lead to start it with." in shown
    mona.post(url(house, "customers/enrol/"), form | {"apply": "1"})
    assert row().job_id == house.job.pk


def test_the_first_steps_of_many_can_be_spread(house: House, nudge: Sequence) -> None:
    jobs = [lead(house), another_lead(house, "Bea")]
    form = {"list": "leads", "pick": [job.number for job in jobs], "to": nudge.uid, "hours": "4", "apply": "1"}
    browser(house, "mona").post(url(house, "leads/enrol/"), form)
    first, second = Enrolment.objects.order_by("next_at").values_list("next_at", flat=True)
    assert second - first == timedelta(hours=2)


def test_the_panel_says_where_a_lead_stands_and_what_comes_next(house: House, rita: Client, nudge: Sequence) -> None:
    enrol(nudge, lead(house), by=house.rita)
    work(MONDAY)
    for path in (f"leads/{house.job.number}/", f"customers/{house.cora.uid}/"):
        panel = flat(rita.get(url(house, path), headers=HTMX).content.decode())
        assert "step 2 of 2" in panel
        assert "Next: Call for the lead’s owner" in panel or "Next: Call" in panel
        assert "Wed" in panel


def test_paused_until_a_day_and_resumed(house: House, rita: Client, nudge: Sequence) -> None:
    enrol(nudge, lead(house), by=None)
    work(MONDAY)
    panel = act(rita, house, "pause", htmx=True, until="2026-03-06", come_from="job")
    assert "paused until Fri" in flat(panel.content.decode())
    assert act(rita, house, "pause", until="2020-01-01").status_code == 422
    act(rita, house, "resume")
    assert row().state == "active"


def test_a_wait_is_skipped(house: House, rita: Client, nudge: Sequence) -> None:
    enrol(nudge, lead(house), by=None)
    work(MONDAY)
    act(rita, house, "skip")
    work(MONDAY + timedelta(minutes=1))
    assert row().task_id is not None
    assert act(rita, house, "skip").status_code == 422


def test_stopped_for_a_reason_and_undone(house: House, rita: Client, nudge: Sequence) -> None:
    enrol(nudge, lead(house), by=None)
    work(MONDAY)
    answer = act(rita, house, "stop", htmx=True, why="handled", come_from="job")
    assert (row().end_reason, row().end_cause) == ("stopped", {"why": "handled"})
    undo = re.search(r'hx-post="([^"]*undo[^"]*)"', answer.content.decode())[1]
    rita.post(undo)
    assert row().is_inside


def test_a_form_of_an_older_state_is_refused(house: House, rita: Client, nudge: Sequence) -> None:
    enrol(nudge, lead(house), by=None)
    old = row().form_version
    work(MONDAY)
    answer = rita.post(url(house, f"people/{row().uid}/stop/"), {"version": old})
    assert answer.status_code == 409
    assert row().is_inside


def test_the_page_of_one_tells_what_was_done_and_what_comes(house: House, rita: Client, nudge: Sequence) -> None:
    enrol(nudge, lead(house), by=house.rita)
    work(MONDAY)
    page = flat(rita.get(url(house, f"people/{row().uid}/")).content.decode())
    assert "Rita Rep started the sequence “Nudge”" in page
    assert EnrolmentStep.objects.count() == 1
    assert "the message" in page
    assert "What comes next" in page


def test_the_list_filters_by_step_and_reason(house: House, rita: Client, nudge: Sequence) -> None:
    enrol(nudge, lead(house), by=None)
    work(MONDAY)
    version = nudge.version_id
    for query, count in (
        (f"at={version}.1", 1),
        (f"at={version}.0", 0),
        (f"reached={version}.0", 1),
        ("state=inside", 1),
        ("state=ended", 0),
        (f"sequence={nudge.uid}", 1),
        ("reason=answered", 0),
        ("rep=me", 1),
        ("q=Cora", 1),
    ):
        rows = rita.get(url(house, f"people/?{query}")).context["rows"]
        assert len(rows) == count, query


def test_a_rep_sees_and_starts_only_leads_of_their_own(house: House, nudge: Sequence) -> None:
    other = another_lead(house, "Bea")
    other.assign_to(house.mona, by=house.ada)
    enrol(nudge, other, by=None)
    rita = browser(house, "rita")
    assert rita.get(url(house, "people/")).context["rows"] == []
    assert rita.get(url(house, f"people/{row().uid}/")).status_code == 404
    assert act(rita, house, "stop").status_code == 404
    for path in (f"leads/{other.number}/", f"leads/{other.number}/enrol/", f"customers/{other.person.uid}/enrol/"):
        assert rita.get(url(house, path)).status_code == 404
    form = {"list": "leads", "pick": [other.number], "to": nudge.uid, "apply": "1"}
    assert "Select" in flat(rita.post(url(house, "leads/enrol/"), form, follow=True).content.decode())


def test_the_bar_of_those_who_left_is_drawn_in_whole_numbers() -> None:
    shares = left_shares({"answered": 1, "booked": 2}, lambda **filters: "")
    assert [(share.css, share.start, share.width) for share in shares] == [("k1", 0, 333), ("k3", 333, 667)]


def test_the_page_of_a_ticket_has_the_panel_of_its_customer(house: House, rita: Client, nudge: Sequence) -> None:
    ticket = Ticket.begin(
        brand=house.job.brand, subject="Leak", medium="email", by=None, person=house.cora, member=house.rita
    )
    enrol(nudge, lead(house), by=house.rita)
    side = rita.get(f"/{house.tenant.slug}/tickets/{ticket.number}/side/").content.decode()
    panel = url(house, f"customers/{house.cora.uid}/")
    assert f'hx-get="{panel}"' in side
    shown = flat(rita.get(panel, headers=HTMX).content.decode())
    for words in ("Nudge", "step 1 of 2", "Pause", "Stop"):
        assert words in shown
