"""Every verb of the API, once: what the record is like afterwards, and that a right body may be refused."""

from datetime import timedelta
from typing import Any

import pytest

from crm.kernel import clock
from crm.platform.tenancy.context import use_tenant
from tests.api.client import ApiClient
from tests.api.records import NOTHING, SOON, create_records, open_channel, queue_message
from tests.cast import Cast

# Before the visit that the job has: what comes first is the next step.
TOMORROW = (clock.now() + timedelta(days=1)).isoformat()
# Verbs in the order that they are called in: address, body, a field and what it is then, or the status of a refusal.
Step = tuple[str, Any, str, Any]
JOB: list[Step] = [
    ("prioritize", {"priority": "urgent"}, "priority", "urgent"),
    ("hold", {"reason": "Roof is wet", "until": "2020-01-01"}, "", 409),
    ("hold", {"reason": "Roof is wet", "until": "2027-01-05"}, "clock.hold_reason", "Roof is wet"),
    ("hold", {"reason": "Again"}, "", 409),
    ("resume", {}, "clock.side", "us"),
    ("turn", {"side": "customer"}, "clock.side", "customer"),
    ("plan", {"kind": "nonesuch", "at": f"{SOON}T10:00:00Z"}, "", 409),
    ("plan", {"kind": "call", "at": "2020-01-01T10:00:00Z"}, "", 409),
    ("plan", {"kind": "call", "at": "2843-11-07T07:41:59Z"}, "", 409),
    ("plan", {"kind": "call", "label": "Ask her", "at": TOMORROW}, "next_step.label", "Ask her"),
    ("contact", {"kind": "text", "outcome": "reached"}, "", 409),
    ("contact", {"kind": "visit", "outcome": "reached", "note": "Saw it"}, "state", "open"),
    ("win", {"ignore_warnings": True}, "is_sold", True),
    ("drop", {"reason": "Spam", "note": "Not asked for"}, "", 409),
    ("drop", {"reason": "Spam"}, "state", "dropped"),
    ("lose", {"reason": "Price"}, "", 409),
    ("turn", {"side": "us"}, "", 409),
    ("reopen", {}, "state", "open"),
    ("lose", {"reason": "Price", "part": "Over their budget", "gap": 50000}, "state", "lost"),
]
TICKET: list[Step] = [
    ("assign", {}, "", 409),
    ("assign", {"team": NOTHING}, "", 403),
    ("prioritize", {"priority": "low"}, "priority", "low"),
    ("hold", {"reason": "Parts", "until": "2020-01-01"}, "", 409),
    ("hold", {"reason": "Parts", "until": "2027-01-05"}, "status", "on_hold"),
    ("resume", {}, "clock.side", "us"),
    ("turn", {"side": "customer"}, "status", "pending"),
    ("snooze", {"until": "2020-01-01T10:00:00Z"}, "", 409),
    ("snooze", {"until": "2027-01-05T10:00:00Z"}, "snoozed_until", "2027-01-05T10:00:00Z"),
    ("wake", {}, "snoozed_until", None),
    ("tag", {"add": ["Nonesuch"]}, "", 409),
    ("solve", {}, "status", "solved"),
    ("reopen", {}, "status", "open"),
    ("close", {}, "status", "closed"),
    ("reopen", {}, "", 409),
]


@pytest.fixture
def records(cast: Cast) -> dict[str, Any]:
    """The id of a record of the house, by resource."""
    with use_tenant(cast.house.tenant):
        return create_records(cast.house)


def value_at(record: Any, path: str) -> Any:
    """Return a value inside a record: "clock.side"."""
    for name in path.split("."):
        record = record[name]
    return record


@pytest.mark.parametrize(("resource", "steps"), [("jobs", JOB), ("tickets", TICKET)])
def test_verbs_change_a_record(
    resource: str, steps: list[Step], rita: ApiClient, cast: Cast, records: dict[str, Any]
) -> None:
    ids = {"jobs": cast.house.job.number, "tickets": records["tickets"]}
    for verb, body, name, wanted in steps:
        answer = rita.send("post", f"{resource}/{ids[resource]}/{verb}/", body)
        got = value_at(answer.json(), name) if name else answer.status_code
        assert got == wanted, (verb, body, answer.json())


def test_a_job_is_corrected_as_on_its_page(rita: ApiClient, cast: Cast) -> None:
    path = f"jobs/{cast.house.job.number}/"
    changes = {"title": "Bayshore", "value": 990000, "expected_on": "2027-02-01", "source": "website"}

    job = rita.send("patch", path, changes | {"place": {"street": "1 Elm St", "city": "Lutz"}}).json()

    assert (job["title"], job["value"], job["expected_on"], job["source"]) == (
        "Bayshore",
        990000,
        "2027-02-01",
        "Website",
    )
    assert job["place"]["address"] == "1 Elm St, Lutz"
    assert rita.send("patch", path, {"own_fields": {"Nonesuch": "1"}}).status_code == 409
    assert rita.send("patch", path, {"brand": "Nonesuch"}).status_code == 409


def test_jobs_are_filtered_by_what_they_are_of(ada: ApiClient, cast: Cast, records: dict[str, Any]) -> None:
    wanted = [f"person={records['people']}", f"property={records['properties']}"]
    for query in wanted:
        assert [job["id"] for job in ada.get(f"jobs/?{query}").json()["results"]] == [cast.house.job.number]
    assert len(ada.get("jobs/?is_sold=false").json()["results"]) == 2
    assert ada.get("jobs/?is_sold=true").json()["results"] == []
    assert ada.get("jobs/?is_sold=maybe").status_code == 400
    assert ada.get(f"jobs/?person={NOTHING}").status_code == 404


def test_points_of_a_customer_are_added_and_removed(ada: ApiClient, cast: Cast, records: dict[str, Any]) -> None:
    path = f"people/{records['people']}/"
    mine = {"kind": "email", "value": "Cora@work.example", "note": "work"}
    old = {"kind": "email", "value": f"cora@{cast.house.tenant.slug}-mail.example"}

    person = ada.send("patch", path, {"add_contact_points": [mine], "remove_contact_points": [old]}).json()

    assert person["emails"] == ["cora@work.example"]
    assert person["contact_points"][0]["note"] == "work"


def test_an_address_of_another_customer_is_refused_as_on_the_page(
    ada: ApiClient, cast: Cast, records: dict[str, Any]
) -> None:
    from crm.kernel import clock
    from crm.people.models import ContactPoint, Person

    with use_tenant(cast.house.tenant):
        other = Person.objects.create(name="Dora")
        ContactPoint.objects.create(person=other, kind="email", value="d@ora.example", verified_at=clock.now())
    body = {"add_contact_points": [{"kind": "email", "value": "d@ora.example"}]}

    answer = ada.send("patch", f"people/{records['people']}/", body)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (409, "/add_contact_points/0/value")
    assert "confirmed as another customer’s" in answer.json()["detail"]


def test_customers_are_merged_and_erased(ada: ApiClient, rita: ApiClient, cast: Cast, records: dict[str, Any]) -> None:
    path = f"people/{records['people']}"
    other = ada.send("post", "people/", {"name": "Cora C.", "email": "cora@work.example"}).json()["id"]

    assert rita.send("post", f"{path}/merge/", {"other": other}).status_code == 403
    assert ada.send("post", f"{path}/merge/", {"other": other}).json()["emails"][-1] == "cora@work.example"
    assert ada.get(f"people/{other}/").status_code == 404
    assert rita.send("post", f"{path}/erase/", {"name": "Cora Customer"}).status_code == 403
    assert ada.send("post", f"{path}/erase/", {"name": "Nora"}).status_code == 409
    assert ada.send("post", f"{path}/erase/", {"name": "cora customer"}).json()["contact_points"] == []


def test_a_company_has_people(ada: ApiClient, records: dict[str, Any]) -> None:
    company = ada.send("post", "companies/", {"name": "Lutz Lofts"}).json()

    assert ada.send("post", "companies/", {"name": "LUTZ lofts"}).status_code == 409
    ada.send("patch", f"people/{records['people']}/", {"company": company["id"]})
    shown = ada.send("patch", f"companies/{company['id']}/", {"name": "Lutz Loft"}).json()
    assert (shown["name"], [person["name"] for person in shown["people"]]) == ("Lutz Loft", ["Cora Customer"])
    assert len(ada.get(f"people/?company={company['id']}").json()["results"]) == 1


def test_a_place_has_jobs_and_people(ada: ApiClient, rita: ApiClient, cast: Cast, records: dict[str, Any]) -> None:
    place = ada.get(f"properties/{records['properties']}/").json()

    assert ([job["id"] for job in place["jobs"]], place["people"][0]["name"]) == (
        [cast.house.job.number],
        "Cora Customer",
    )
    again = rita.send("post", "properties/", {"street": "2207 bayshore ct", "city": "Tampa", "postcode": "33611"})
    assert again.json()["id"] == place["id"]
    assert len(ada.get(f"properties/?person={records['people']}").json()["results"]) == 1
    with use_tenant(cast.house.tenant):
        cast.house.job.assign_to(cast.house.mona, by=cast.house.mona)
    assert rita.get(f"properties/{place['id']}/").status_code == 404


def test_a_ticket_is_opened_with_a_note(rita: ApiClient, cast: Cast) -> None:
    body = {"subject": "Leak", "job": cast.house.job.number, "note": "From the alarm system"}

    ticket = rita.send("post", "tickets/", body).json()

    assert (ticket["status"], ticket["person"]["name"]) == ("new", "Cora Customer")
    assert rita.send("post", "tickets/", {"subject": "Leak"}).status_code == 409
    [note] = rita.get(f"ticket-notes/?ticket={ticket['id']}").json()["results"]
    assert note["text"] == "From the alarm system"


def test_notes_are_written_edited_and_removed_by_their_author(
    rita: ApiClient, ada: ApiClient, cast: Cast, records: dict[str, Any]
) -> None:
    note = rita.send("post", "notes/", {"job": cast.house.job.number, "text": "Bring keys", "pin": True}).json()
    path = f"ticket-notes/{records['ticket-notes']}"

    assert (note["text"], note["pinned_at"] is None) == ("Bring keys", False)
    assert rita.send("post", f"notes/{note['id']}/unpin/", {}).json()["pinned_at"] is None
    assert ada.send("patch", f"{path}/", {"text": "Calm"}).status_code == 409
    assert rita.send("patch", f"{path}/", {"text": "Calm"}).json()["text"] == "Calm"
    assert ada.send("post", f"{path}/pin/", {}).json()["pinned_at"]
    assert rita.send("delete", f"{path}/").status_code == 204
    assert rita.get(f"{path}/").status_code == 404


# Messages


def test_a_message_is_sent_as_the_composer_does(rita: ApiClient, cast: Cast, records: dict[str, Any]) -> None:
    body = {"ticket": records["tickets"], "subject": "Your gutter", "text": "We come on Monday.", "solve": True}

    answer = rita.send("post", "messages/", body)

    assert answer.status_code == 201, answer.json()
    message = answer.json()
    assert (message["state"], message["gate"]["outcome"], message["ticket"]) == ("held", "send", records["tickets"])
    assert rita.get(f"tickets/{records['tickets']}/").json()["status"] == "solved"
    assert len(rita.get(f"messages/?ticket={records['tickets']}").json()["results"]) == 1
    assert rita.send("post", f"messages/{message['id']}/cancel/", {}).json()["state"] == "cancelled"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "Name a ticket"),
        ({"text": "Hello"}, "Add a subject"),
        ({"subject": "Hello"}, "Write something first"),
        ({"text": "Hello", "subject": "Hi", "to": "somebody@else.example"}, "Choose an address"),
        ({"text": "Hello", "subject": "Hi", "medium": "sms"}, "reached this way"),
        ({"template": "Nonesuch"}, "There is no"),
        ({"text": "Hello", "subject": "Hi", "send_at": "2020-01-01T10:00:00Z"}, "in the future"),
    ],
)
def test_what_cannot_be_sent_is_refused(body: Any, words: str, rita: ApiClient, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        open_channel(cast.house)

    answer = rita.send("post", "messages/", body | ({"job": cast.house.job.number} if body else {}))

    assert answer.status_code == 409
    assert words in answer.json()["detail"]


def test_whom_the_gate_protects_is_not_written_to(rita: ApiClient, cast: Cast) -> None:
    from comms.gate.consent.suppressions import suppress

    with use_tenant(cast.house.tenant):
        open_channel(cast.house)
        suppress(f"cora@{cast.house.tenant.slug}-mail.example", "blocked", source="staff", by=cast.house.ada)
    body = {"job": cast.house.job.number, "subject": "Hi", "text": "Hello"}

    answer = rita.send("post", "messages/", body)

    assert (answer.status_code, "do not write to them" in answer.json()["detail"]) == (409, True)


def test_private_mail_is_seen_by_its_reader_alone(rita: ApiClient, ada: ApiClient, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        message = queue_message(cast.house, sole_reader=cast.house.rita)

    assert rita.get(f"messages/{message.uid}/").json()["text"] == "Hello"
    assert ada.get(f"messages/{message.uid}/").status_code == 404
    assert ada.get("messages/").json()["results"] == []


def test_of_a_colleagues_mailbox_only_what_is_shared_is_shown(ada: ApiClient, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        channel = open_channel(cast.house)
        type(channel).objects.filter(pk=channel.pk).update(owner=cast.house.rita, sharing="subject")
        message = queue_message(cast.house)

    shown = ada.get(f"messages/{message.uid}/").json()

    assert (shown["subject"], shown["text"]) == ("Your roof", "")
