"""Erasing a person: no table says any more who they were, what is kept is said first, and a legal hold keeps all."""

import io
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from comms.addresses import address_key
from comms.channels.providers import embedded
from comms.models import Attachment, Channel, Consent, Draft, Inbound, Message, Suppression
from crm.jobs import correction as jobs
from crm.jobs.models import Job, Note
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people import correction as people
from crm.people.erasure import erase, holdings
from crm.people.lookup import WrittenAddress, find_or_create_property
from crm.people.merging.merge import merge
from crm.people.models import Claim, Company, ContactPoint, Person
from crm.platform.files import stored_files
from crm.platform.models import Event, StaffMail, TenantModel
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from followups.models import FollowUp
from leads.models import ImportRow, ImportRun
from tests.cast import Cast, House
from tests.web.confirm import confirm
from tickets.models import Entry, Participant, Ticket

# What must be found nowhere afterwards: each stands in several tables.
NEEDLES = ("Zebulon", "quux", "5550166", "Needle Street", "needlewords", "needlefile")


@pytest.fixture
def known(cast: Cast) -> tuple[House, Person]:
    """Cora under a name that stands nowhere else, and everything there may be of her."""
    house, cora = cast.house, cast.house.cora
    with use_tenant(house.tenant):
        people.rename(cora, "Zebulon Quux", by=house.rita)
        other = Person.objects.create(name="Zebulon Q.", company=Company.objects.create(name="Quartz Inc"))
        ContactPoint.objects.create(person=other, kind="phone", value="+18135550166", note="needlewords")
        merge(cora, other, by=house.mona)
        people.add_point(cora, "email", "zebulon@quux.example", by=house.rita)
        job = Job.objects.get(pk=house.job.pk)
        jobs.entitle(job, "Zebulon Quux", by=house.rita)
        site = find_or_create_property(
            WrittenAddress("1 Needle Street", "33601", "Tampa", "FL", "US", "1 Needle Street, Tampa")
        )
        jobs.locate(job, site, by=house.rita)
        claim = Claim(site=site)
        claim.set_number("needlewords-1")
        claim.save()
        Note.write(job, "needlewords of Zebulon", by=house.rita)
        FollowUp.objects.filter(job=job).delete()
        FollowUp.plan(
            subject="Call Zebulon", job=job, assignee=house.rita, by=house.rita, kind="call", due_at=clock.now()
        )
        _messages(house, cora, job)
        ticket = Ticket.objects.create(**_ticket(cora, job))
        Entry.objects.create(ticket=ticket, kind="note", body="needlewords", evidence={"from": "zebulon@quux.example"})
        Participant.objects.create(ticket=ticket, person=cora, address="zebulon@quux.example", name="Zebulon")
        run = ImportRun.objects.create(**_run(house))
        ImportRow.objects.create(run=run, row=1, verdict="made", shown=[["Name", "Zebulon"]], job_id=job.pk)
        cora.refresh_from_db()
    return house, cora


def _messages(house: House, cora: Person, job: Job) -> None:
    brand = directory().default_brand
    channel = Channel.create(
        by=None, brand=brand, medium="email", role="support", provider="embedded", address="s@e.example"
    )
    words = {"subject": "needlewords", "text": "needlewords", "html": "<p>needlewords</p>", "address_name": "Zebulon"}
    raw = Inbound.objects.create(
        channel=channel, kind="mail", provider="embedded", body=b"From: zebulon@quux.example", digest="d"
    )
    told = {
        "channel": channel,
        "brand": brand,
        "medium": "email",
        "person": cora,
        "job": job,
        "address": "zebulon@quux.example",
    }
    heard = Message(
        **told,
        **words,
        direction="in",
        state="received",
        inbound=raw,
        participants={"to": [["Zebulon", "z@q"]]},
        problems=[{"code": "attachments_too_large", "count": 1, "names": ["needlefile.txt"]}],
    )
    heard.save()
    file = stored_files.store_file(io.BytesIO(b"roof"), "needlefile.txt", purpose="message", by=None, days=None)
    Attachment.objects.create(message=heard, file=file, name="needlefile.txt", media_type="text/plain", size=4)
    Message.queue(
        channel=channel,
        by=house.rita,
        undo=True,
        person=cora,
        job=job,
        address="zebulon@quux.example",
        text="needlewords",
    )
    Draft.objects.create(member=house.rita, job=job, medium="email", text="needlewords")
    key = address_key("zebulon@quux.example")
    Consent.objects.create(
        key=key,
        masked="z…@…",
        brand=brand,
        medium="email",
        purpose="marketing",
        given=True,
        wording="Yes",
        source="form",
    )
    Suppression.objects.create(
        key=key, masked="z…@quux.example", reason="stop", source="message", evidence="needlewords"
    )


def _ticket(cora: Person, job: Job) -> dict[str, object]:
    return {
        "number": 7,
        "subject": "needlewords",
        "brand_id": job.brand_id,
        "job": job,
        "person": cora,
        "last_message_text": "needlewords",
        "customer_name": "Zebulon",
        "side": "us",
        "allowed": 60,
        "sort_at": clock.now(),
        "level": 3,
    }


def _run(house: House) -> dict[str, object]:
    file = stored_files.store_file(io.BytesIO(b"a"), "leads.csv", purpose="import", by=house.ada)
    return {"file": file, "file_name": "leads.csv", "by": house.ada}


def found_in() -> set[str]:
    """Tables, and what of the needles stands in any of their columns."""
    hits = set()
    for model in apps.get_models():
        if issubclass(model, TenantModel):
            with connection.cursor() as cursor:
                table = model._meta.db_table
                for needle in NEEDLES:
                    sql = f"select exists (select from {table} t where to_jsonb(t)::text ilike %s)"
                    cursor.execute(sql, [f"%{needle}%"])
                    hits |= {f"{table}: {needle}"} if cursor.fetchone()[0] else set()
    return hits


def test_no_table_says_who_it_was(known: tuple[House, Person]) -> None:
    house, cora = known
    with use_tenant(house.tenant):
        assert len({hit.partition(":")[0] for hit in found_in()}) >= 12
        assert dict(holdings(cora))["Texts, addresses and files of messages"] == 2
        before = Event.objects.count()
        for _twice in range(2):
            erase(cora, by=house.ada)
        assert found_in() == set()
        assert Event.objects.filter(kind="person.erased").count() == 1
        assert Event.objects.count() > before
        assert set(Message.objects.values_list("state", flat=True)) == {"received", "cancelled"}
        stops = Suppression.objects.in_force().filter(key=address_key("zebulon@quux.example"))
        assert set(stops.values_list("reason", "covers")) == {("stop", "everything"), ("blocked", "marketing")}
        assert Job.objects.get(pk=house.job.pk).title == "Erased person"
        file = Attachment.objects.get().file
        assert not file.is_kept
    due.run_due_work()
    with use_tenant(house.tenant):
        file.refresh_from_db()
        assert file.path == ""


def test_a_legal_hold_and_a_place_of_two(known: tuple[House, Person]) -> None:
    house, cora = known
    with use_tenant(house.tenant):
        Ticket.objects.update(legal_hold=True)
        with pytest.raises(Refused, match="#7"):
            erase(cora, by=house.ada)
        Ticket.objects.update(legal_hold=False)
        Job.objects.create(
            **{
                f.attname: getattr(house.job, f.attname)
                for f in Job._meta.concrete_fields
                if f.attname not in ("id", "number", "person_id", "site_id")
            },
            number=99,
            site_id=Job.objects.get(pk=house.job.pk).site_id,
        )
        erase(cora, by=house.ada)
        assert found_in() == {"people_property: Needle Street"}


def test_mail_to_colleagues_and_the_demos_copies_forget_them(
    known: tuple[House, Person], django_capture_on_commit_callbacks: Any
) -> None:
    house, cora = known
    with use_tenant(house.tenant), django_capture_on_commit_callbacks(execute=True):
        mail = StaffMail.objects.create(
            to="rep@x.example", subject="Zebulon Quux wrote", body="Zebulon Quux: hi", state="sent", tenant=house.tenant
        )
        [message] = Message.objects.filter(direction="out")
        embedded._write_file(embedded._spool_path(house.tenant.pk, message.uid), b"Dear Zebulon")
        erase(cora, by=house.ada)
    mail.refresh_from_db()
    assert (mail.subject, mail.body) == ("–", "")
    assert embedded.spooled_mail(house.tenant.pk, message.uid) is None


def test_the_page_asks_for_the_name(known: tuple[House, Person]) -> None:
    house, cora = known
    url = f"/{house.tenant.slug}/people/{cora.uid}/erase/"
    for member, status in ((house.mona, 404), (house.ada, 200)):
        client = Client()
        client.force_login(member.user)
        if status == 200:
            assert client.get(url)["Location"].startswith("/account/confirm/")
            confirm(client)
        assert client.get(url).status_code == status
    assert client.post(url, {"name": "Somebody"}).status_code == 422
    assert client.post(url, {"name": " zebulon  QUUX "}).status_code == 302
    page = client.get(f"/{house.tenant.slug}/people/{cora.uid}/").content.decode()
    assert "Zebulon" not in page
    assert "Erased person" in page
