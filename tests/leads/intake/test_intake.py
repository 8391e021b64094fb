"""What comes in opens a lead, once, whoever sends it; what can't be read is parked, mapped and read again."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.test import Client

from comms.inbound import inbound_storage as inbox
from comms.inbound.mail.receive_mail import receive_mail
from comms.models import Consent, Inbound
from crm.jobs.models import Job, Note, Source
from crm.kernel import clock
from crm.people.models import ContactPoint, DuplicateCandidate, Person
from crm.platform.http.outgoing import OutgoingResponse
from crm.platform.models import Due, Event
from crm.platform.models.tenant import configuration_changed
from crm.platform.tenancy.context import use_tenant
from leads.intake import arrival, health, reading, retention
from leads.intake.address import place_token, token_of, url_of
from leads.intake.forms import token as tokens
from leads.intake.mail import portals
from leads.intake.posts import meta
from leads.models import IntakeDoor, Lead, Submission, Touch
from tests.cast import Cast, House

DoorKind = IntakeDoor.DoorKind
LEAD = {"name": "Ann Field", "phone": "(813) 555-0101", "email": "ann@field.example", "message": "A new roof"}


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        yield cast.house


def opened(house: House, kind: str, **fields: Any) -> IntakeDoor:
    return IntakeDoor.add(f"A {kind} door", kind, house.job.brand, by=house.ada, **fields)


def path_of(door: IntakeDoor) -> str:
    return "/" + url_of(door).split("/", 3)[3]


def send(door: IntakeDoor, said: Any = LEAD, *, status: int = 202, token: str = "", **headers: str) -> dict[str, Any]:
    """Post JSON to an endpoint, as a program does."""
    raw = said if isinstance(said, bytes) else json.dumps(said).encode()
    headers = {"Authorization": f"Bearer {token or token_of(door)}"} | headers
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(path_of(door), raw, content_type="application/json", headers=headers)
    assert answer.status_code == status, answer.text
    return answer.json()


def read_all() -> None:
    """What a worker does: the due rows name what is to be read."""
    ids = list(Due.objects.filter(kind=arrival.READ).order_by("pk").values_list("subject_id", flat=True))
    reading.read_waiting(ids)


def test_the_endpoint_keeps_what_came_and_a_worker_opens_the_lead_once(house: House) -> None:
    door = opened(house, DoorKind.JSON, wordings=["Send me offers."])
    more = {"utm_source": "google", "gclid": "c1", "landing_page": "https://x.example/roofs", "consent": True}
    keyed = {"Idempotency-Key": "k1"}
    first = send(door, LEAD | more, **keyed)
    assert send(door, LEAD | more, status=200, **keyed) == {"id": first["id"], "received": True, "repeated": True}
    assert "another" in send(door, LEAD, status=409, **keyed)["error"].lower()
    row = Submission.objects.get()
    assert (row.state, json.loads(bytes(row.body))) == ("stored", LEAD | more), "the raw payload first"
    read_all()
    reading.read_one(row)  # a redelivered task
    row.refresh_from_db()
    lead = Lead.objects.exclude(pk=house.job.pk).get()
    assert (row.state, row.lead, row.joined) == ("read", lead, False)
    job = lead.job
    assert (job.title, job.stage, job.brand, job.person.name) == (
        "Ann Field",
        house.stage("New"),
        door.brand,
        "Ann Field",
    )
    assert set(job.person.contact_points.values_list("value", flat=True)) == {"+18135550101", "ann@field.example"}
    assert Note.objects.get(job=job).body == "A new roof"
    touch = Touch.objects.get(lead=lead)
    assert (touch.utm_source, touch.click_id, touch.landing_page, touch.consent, touch.consent_version) == (
        *("google", "c1", "https://x.example/roofs", "Send me offers.", "1"),
    )
    agreed = Consent.objects.filter(given=True, wording="Send me offers.", wording_version="1")
    assert set(agreed.values_list("medium", flat=True)) == {"email", "sms"}
    event = Event.objects.get(kind="lead.received")
    assert (event.data, event.job_id) == ({"door": door.pk, "submission": row.pk, "joined": False}, job.pk)


def test_a_confirmed_point_joins_and_a_weaker_one_is_a_suggestion(house: House) -> None:
    door = opened(house, DoorKind.JSON)
    mail = house.cora.contact_points.get(kind="email")
    said = {"name": "Cora Customer", "email": mail.value, "message": "And the gutters"}
    send(door, said)
    read_all()
    other = Submission.objects.get().lead.job.person
    pair = DuplicateCandidate.objects.get()
    assert {pair.one_id, pair.other_id} == {house.cora.pk, other.pk}, "not confirmed: somebody decides"
    client = Client()
    client.force_login(house.mona.user)
    page = client.get(f"/{house.tenant.slug}/leads/intake/{Submission.objects.get().uid}/").text
    assert str(pair.uid) in page
    assert str(house.cora.uid) in page
    assert "Not a duplicate" in page
    ContactPoint.objects.filter(pk=mail.pk).update(verified_at=clock.now())
    send(door, said | {"message": "And the porch"})
    read_all()
    last = Submission.objects.order_by("-pk")[0]
    assert (last.lead_id, last.joined) == (house.job.pk, True), "it is hers, and about the lead that is open"
    assert "And the porch" in Note.objects.filter(job=house.job).order_by("-pk")[0].body
    send(door, said | {"street": "1 Other Rd", "city": "Tampa"})
    send(door, said | {"name": "Somebody Else"})
    read_all()
    elsewhere, somebody = [row.lead.job for row in Submission.objects.order_by("-pk")[:2]][::-1]
    assert (elsewhere.person, elsewhere.pk == house.job.pk) == (house.cora, False), "another place is another job"
    assert somebody.person not in (house.cora, other), "another name on a shared address is another person"


def test_what_cannot_be_read_is_parked_mapped_and_read_once(house: House) -> None:
    door = opened(house, DoorKind.TOOL)
    strange = {"q1": "Ann Field", "q2": "+1 813 555 0101", "q3": "<script>alert(1)</script>", "q4": "=1+1"}
    answer = Client().post(path_of(door), json.dumps(strange), content_type="application/json")
    assert answer.status_code == 202
    read_all()
    row = Submission.objects.get()
    assert (row.state, "phone number" in row.error) == ("parked", True)
    assert health.replay(house.mona, "") == 1, "as from the page of health"
    read_all()
    client, pages = Client(), f"/{house.tenant.slug}/leads/intake/"
    client.force_login(house.mona.user)
    assert row.error in client.get(pages).text.replace("&#x27;", "'")
    page = client.get(f"{pages}{row.uid}/").text
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    mapping = {"label": ["q1", "q2", "q3", "q4"], "meant": ["name", "phone", "message", "-"]}
    for _again in range(2):
        client.post(f"{pages}{row.uid}/mapping/", mapping)
        client.post(f"{pages}{row.uid}/replay/")
    lead = Lead.objects.exclude(pk=house.job.pk).get()
    door.refresh_from_db()
    assert (door.mapping["q2"], lead.job.title, Note.objects.get(job=lead.job).body) == (
        *("phone", "Ann Field", "<script>alert(1)</script>"),
    )
    assert Event.objects.filter(kind="lead.received").count() == 1
    rep = Client()
    rep.force_login(house.rita.user)
    assert rep.get(pages).status_code == 404
    with clock.at(row.received_at + timedelta(days=31)):
        retention.forget([])
    row.refresh_from_db()
    assert (bytes(row.body), row.lead) == (b"", lead), "the bytes have their time, what came of them stays"


def test_a_forged_large_or_foreign_post_is_refused_in_words(cast: Cast, house: House) -> None:
    door = opened(house, DoorKind.JSON)
    with use_tenant(cast.other.tenant):
        theirs = IntakeDoor.add("Theirs", DoorKind.JSON, cast.other.job.brand, by=None)
        their_token = token_of(theirs)
    old = token_of(door)
    send(door, status=401, token=their_token)
    send(door, status=401, token=old[:-2] + "xx")
    send(door, b"x" * 10_000_000, status=413)
    send(door, b"not json at all")
    door.rotate(by=house.ada)
    send(door, status=401, token=old)
    fresh = token_of(door)
    door.archive(by=house.ada)
    send(door, status=401, token=fresh)
    made_up = Client().post("/public/intake/lead/1.2.forged/", "{}", content_type="application/json")
    assert made_up.status_code == 404
    read_all()
    assert [row.state for row in Submission.objects.all()] == ["parked"], "what came by a good token is kept"
    assert Job.objects.count() == 1


def test_scripts_and_formulas_in_every_field_stay_texts_on_every_page(house: House) -> None:
    door, admin = opened(house, DoorKind.JSON), Client()
    admin.force_login(house.ada.user)
    nasty = "=HYPERLINK(1)<script>alert(1)</script>"
    fields = ("name", "street", "postcode", "city", "message", "work", "external_id", "utm_source", "utm_campaign")
    fields += ("gclid", "landing_page", "referrer", "consent_wording", nasty)
    send(door, dict.fromkeys(fields, nasty) | {"phone": "(813) 555-0101", "consent": True})
    read_all()
    submission, lead = Submission.objects.get(), Lead.objects.exclude(pk=house.job.pk).get()
    assert submission.state == "read"
    base = f"/{house.tenant.slug}/leads/"
    pages = (f"{base}{lead.job.number}/", base, f"{base}intake/{submission.uid}/", f"{base}intake/doors/{door.pk}/")
    for page in (*pages, f"{base}intake/", f"/{house.tenant.slug}/reports/sources/", f"{base}sources/unmatched/"):
        shown = admin.get(page)
        assert shown.status_code == 200, page
        assert "<script>alert" not in shown.text, page


def test_meta_is_challenged_signed_and_asked_for_the_answers(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    door = opened(house, DoorKind.META)
    door.edit(by=house.ada, given={"app_secret": "s3cret", "access_token": "t"})
    client, url = Client(enforce_csrf_checks=True), path_of(door)
    hub = {"hub.mode": "subscribe", "hub.verify_token": door.key, "hub.challenge": "1158201444"}
    assert client.get(url, hub).text == "1158201444"
    assert client.get(url, hub | {"hub.verify_token": "guess"}).status_code == 405
    changes = [{"field": "leadgen", "value": {"leadgen_id": str(n), "form_id": "7"}} for n in (11, 12)]
    raw = json.dumps({"object": "page", "entry": [{"id": "1", "changes": changes}]}).encode()

    def post(signature: str) -> int:
        head = {"X-Hub-Signature-256": signature}
        return client.post(url, raw, content_type="application/json", headers=head).status_code

    assert post("sha256=forged") == 403
    right = "sha256=" + hmac.new(b"s3cret", raw, hashlib.sha256).hexdigest()
    assert (post(right), post(right)) == (202, 200)
    rows = list(Submission.objects.order_by("pk"))
    assert len(rows) == 2, "two leads in one post, sent twice"
    answers = json.dumps({"id": "11", "field_data": [{"name": "email", "values": ["ann@field.example"]}]}).encode()
    asked: list[str] = []
    monkeypatch.setattr(meta, "get", lambda url: asked.append(url) or OutgoingResponse(200, {}, answers))
    meta.fetch(house.tenant.pk, rows[0].pk)
    meta.fetch(house.tenant.pk, rows[0].pk)
    assert len(asked) == 1
    assert "/11?" in asked[0]
    monkeypatch.setattr(meta, "get", lambda url: OutgoingResponse(400, {}, b"{}"))
    meta.fetch(house.tenant.pk, rows[1].pk)
    states = [(row.state, row.error) for row in Submission.objects.order_by("pk")]
    assert states == [("read", ""), ("parked", "Meta answered 400 when it was asked for the lead.")]
    manager = Client()
    manager.force_login(house.mona.user)
    manager.post(f"/{house.tenant.slug}/leads/intake/{rows[1].uid}/replay/")
    assert Submission.objects.get(pk=rows[1].pk).state == "stored", "there is nothing to read until Meta has answered"
    monkeypatch.setattr(meta, "get", lambda url: OutgoingResponse(200, {}, answers.replace(b"ann@", b"bob@")))
    meta.fetch(house.tenant.pk, rows[1].pk)
    assert Lead.objects.exclude(pk=house.job.pk).count() == 2


def test_google_sends_its_key_and_a_test_opens_nothing(house: House) -> None:
    door = opened(house, DoorKind.GOOGLE)
    said = {"lead_id": "L1", "user_column_data": [{"column_id": "EMAIL", "string_value": "ann@field.example"}]}

    def post(**more: Any) -> int:
        return Client().post(path_of(door), json.dumps(said | more), content_type="application/json").status_code

    assert post(google_key="guess") == 403
    assert (post(google_key=door.key), post(google_key=door.key)) == (202, 200)
    assert post(google_key=door.key, lead_id="L2", is_test=True) == 202
    read_all()
    assert list(Submission.objects.order_by("pk").values_list("state", flat=True)) == ["read", "ignored"]


MAIL = b"""From: Angi Leads <Leads@angi.example>
To: sales@suncoast.example
Subject: New lead
Message-ID: <lead-%d@angi.example>
Authentication-Results: mx.example; dmarc=%s

Customer Name: Ann Field
Phone: (813) 555-0101
Task: Roof repair
"""


def test_a_form_tool_proves_itself_once_its_secret_is_entered(
    house: House, valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, admin, now = opened(house, DoorKind.TOOL), Client(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    admin.force_login(house.ada.user)
    edit, raw = f"/{house.tenant.slug}/leads/intake/doors/{door.pk}/edit/", json.dumps(LEAD).encode()
    signed = base64.b64encode(hmac.new(b"s3cret", raw, hashlib.sha256).digest()).decode()

    def post(**headers: str) -> int:
        strict = Client(enforce_csrf_checks=True)
        return strict.post(path_of(door), raw, content_type="application/json", headers=headers).status_code

    assert post() == 202, "without a secret the address is enough"
    assert admin.post(edit, {"name": door.name, "secret": "s3cret"}).status_code == 302
    assert {post(), post(**{"Typeform-Signature": "sha256=forged"}), post(Authorization="Bearer wrong")} == {403}
    assert "3 posts were refused today" in " ".join(admin.get(edit.replace("edit/", "")).text.split())
    assert post(**{"Typeform-Signature": f"sha256={signed}"}) == 200, "the same lead, proven"
    assert post(Authorization="Bearer s3cret") == 200
    assert admin.post(edit, {"name": door.name, "proof_header": "X-Our-Key"}).status_code == 302
    assert (post(Authorization="Bearer s3cret"), post(**{"X-Our-Key": "s3cret"})) == (403, 200)
    assert admin.post(edit, {"name": door.name, "proof_header": "No: header"}).status_code == 422
    admin.post(edit, {"name": door.name, "no_secret": "1"})
    assert post() == 200
    assert "s3cret" not in admin.get(edit.replace("edit/", "")).text


def test_a_lead_mail_is_read_by_its_door_and_a_doubtful_one_waits(house: House) -> None:
    door = opened(house, DoorKind.MAIL, mail_from="@angi.example", mapping={"Task": "message"})
    assert not portals.is_of_portal(None, address="leads@angi.example.evil.example", box="")
    people = Person.objects.count()
    for nth, proof in enumerate(["pass", "fail"]):
        raw = MAIL % (nth, proof.encode())
        inbound, _new = inbox.keep(raw, kind=Inbound.Kind.MAIL, channel=None, provider="test")
        message = receive_mail(raw, inbound).message
        assert message is not None
        assert (message.automatic, message.person) == ("notice", None), "a portal is nobody's customer"
        event = Event.objects.get(kind="message.received", subject_id=message.pk)
        portals.take_in([event])
        portals.take_in([event])
    assert Person.objects.count() == people
    read_all()
    genuine, forged = Submission.objects.order_by("pk")
    assert (genuine.state, genuine.lead.job.title, forged.state, forged.door) == ("read", "Ann Field", "parked", door)


def test_the_form_takes_what_a_person_sends_and_no_machine(cast: Cast, house: House) -> None:
    door = opened(house, DoorKind.FORM, wordings=["Send me offers."])
    with use_tenant(cast.other.tenant):
        theirs = IntakeDoor.add("Theirs", DoorKind.FORM, cast.other.job.brand, by=None)
        foreign = tokens.issue(theirs)
    strict, url = Client(enforce_csrf_checks=True), path_of(door)
    shown = strict.get(url, {"utm_source": "bing", "embed": "1"})
    assert (shown.status_code, "Send me offers." in shown.text, 'value="bing"' in shown.text) == (200, True, True)
    assert 'class="plain is-embedded"' in shown.text, "as high as its content, or the frame would grow for ever"
    assert 'class="plain"' in strict.get(url).text
    assert "frame-ancestors *" in shown["Content-Security-Policy"]
    assert "X-Frame-Options" not in shown
    script = strict.get(f"{url}embed.js")
    assert script["Content-Type"].startswith("text/javascript")
    assert "iframe" in script.text
    now = clock.now()
    with clock.at(now - timedelta(minutes=1)):
        good, trapped = tokens.issue(door), tokens.issue(door)
    with clock.at(now - timedelta(days=2)):
        expired = tokens.issue(door)

    def post(token: str, **more: str) -> Any:
        with clock.at(now):
            body = urlencode({"form": token, "consent_version": "1"} | LEAD | more)
            return strict.post(url, body, content_type="application/x-www-form-urlencoded")

    for token in (foreign, expired, good[:-3] + "abc", tokens.issue(door), ""):
        refused = post(token)
        assert (refused.status_code, "A new roof" in refused.text) == (422, True), "what was typed stays"
    assert "not a phone number" in post(good, phone="call me", email="").text
    assert not Submission.objects.exists()
    assert (post(good, consent="yes").status_code, post(good, consent="yes").status_code) == (302, 302)
    assert post(trapped, comment_title="https://spam.example").status_code == 302
    read_all()
    assert list(Submission.objects.order_by("pk").values_list("state", flat=True)) == ["read", "ignored"]
    assert Lead.objects.exclude(pk=house.job.pk).count() == 1
    assert Consent.objects.filter(wording="Send me offers.").count() == 2
    manager, left_out = Client(), Submission.objects.get(state="ignored")
    manager.force_login(house.mona.user)
    manager.post(f"/{house.tenant.slug}/leads/intake/{left_out.uid}/replay/")
    left_out.refresh_from_db()
    assert left_out.state == "read", "a person took it for no spam"
    assert strict.get(f"/public/intake/form/{place_token(door)}x/").status_code == 404
    door.archive(by=house.ada)
    assert strict.get(url).status_code == 404


def test_doors_are_set_up_by_admins_and_calls_are_logged_by_anybody(house: House) -> None:
    admin, rep, pages = Client(), Client(), f"/{house.tenant.slug}/leads/intake/"
    admin.force_login(house.ada.user)
    rep.force_login(house.rita.user)
    assert rep.get(f"{pages}doors/").status_code == 404
    admin.post(f"{pages}doors/add/", {"name": "Angi", "kind": "mail"})
    assert admin.post(f"{pages}doors/add/", {"name": "angi", "kind": "form"}).status_code == 422
    door = IntakeDoor.objects.get()
    page = f"{pages}doors/{door.pk}/"
    assert admin.post(f"{page}edit/", {"name": "Angi", "mail_from": "@Angi.example"}).status_code == 302
    assert admin.post(f"{page}edit/", {"name": "Angi", "mail_from": "no address"}).status_code == 422
    admin.post(f"{page}example/", {"text": "Klant: Ann Field\nTel: 06"})
    assert "Ann Field" in admin.get(page).text
    admin.post(f"{page}mapping/", {"label": ["Klant"], "meant": ["name"]})
    door.refresh_from_db()
    assert (door.mail_from, door.mapping) == ("@angi.example", {"Klant": "name"})
    assert rep.post(f"{pages}log/", {"name": "Ann Field"}).status_code == 422
    Source.objects.create(name="Yard sign")
    configuration_changed()
    assert "<option>Yard sign</option>" in rep.get(f"{pages}log/").text
    typed = {"form": "f1", "way": "chat", "name": "Ann Field", "phone": "813 555 0101", "source": "Yard sign"}
    logged = rep.post(f"{pages}log/", typed)
    assert logged.status_code == 302
    assert f"/leads/{Job.objects.latest('pk').number}/" in logged["Location"]
    assert "Way: Chat" in Note.objects.latest("pk").body
    assert Job.objects.latest("pk").source.name == "Yard sign"


def test_the_command_prints_what_each_brand_is_reached_by(house: House) -> None:
    said = StringIO()
    for _again in range(2):
        call_command("intake", tenant=house.tenant.slug, stdout=said)
    form, endpoint = IntakeDoor.objects.order_by("kind")
    lines = said.getvalue()
    assert lines.count(url_of(form)) == 4, "of the page and of the script, and each time the same"
    assert f"{url_of(endpoint)}\n  token      {token_of(endpoint)}" in lines
