"""The admin's pages: who read what, and what is parked."""

from datetime import timedelta

import pytest
from django.test import Client

from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import AccessLog, Due, Event, Member, StaffMail, Undispatched
from crm.platform.tenancy.context import use_tenant
from crm.web.organization.views import access_log
from tests.cast import HOUSE, OTHER, Cast

READS = f"/{HOUSE}/settings/access-log/"
PARKED = f"/{HOUSE}/settings/parked/"
REPLAY = f"{PARKED}replay/"


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.house.ada.user)
    return client


def park(cast: Cast, **fields: object) -> Due:
    told = {
        "tenant": cast.house.tenant,
        "kind": "crossing",
        "subject_id": 7,
        "key": "crossing:7",
        "due_at": clock.now(),
    }
    return Due.objects.create(**told | {"run_at": None, "attempts": 5, "last_error": "ZeroDivisionError"} | fields)


@pytest.mark.parametrize("name", ["rita", "mona", "sam"])
@pytest.mark.parametrize("address", [READS, PARKED])
def test_only_admins_see_them(client: Client, cast: Cast, name: str, address: str) -> None:
    client.force_login(getattr(cast.house, name).user)
    assert client.get(address).status_code == 404
    client.force_login(cast.house.ada.user)
    assert client.get(address).status_code == 200


def test_the_index_shows_what_one_may_open_and_each_section_has_the_list_beside_it(client: Client, cast: Cast) -> None:
    index = f"/{HOUSE}/settings/"
    client.force_login(cast.house.rita.user)
    assert client.get(index).status_code == 404
    assert index not in client.get(f"/{HOUSE}/leads/").content.decode()
    client.force_login(cast.house.ada.user)
    page = client.get(index).content.decode()
    assert f'href="{READS}"' in page
    assert f'href="{PARKED}"' in page
    section = client.get(PARKED).content.decode()
    assert f'<a class="menu-line" href="{PARKED}" aria-current="page">' in section
    assert f'<a class="menu-line" href="{READS}">' in section
    assert f'href="{index}" aria-current="true"' in section


def test_reads_are_listed_newest_first_and_narrowed(ada: Client, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        AccessLog.objects.note_read(cast.house.cora, by=cast.house.rita)
        AccessLog.objects.note_read(cast.house.job, by=cast.house.mona)
    page = ada.get(READS)
    assert [read.member.name for read in page.context["reads"]] == ["Mona Manager", "Rita Rep"]
    assert [(read.name, read.what) for read in page.context["reads"]] == [
        (str(cast.house.job), "job"),
        (cast.house.cora.name, "person"),
    ]
    of_rita = ada.get(READS, {"member": cast.house.rita.pk})
    assert [read.member.name for read in of_rita.context["reads"]] == ["Rita Rep"]
    of_job = ada.get(READS, {"kind": "jobs.job", "number": str(cast.house.job.pk)})
    assert [read.member.name for read in of_job.context["reads"]] == ["Mona Manager"]


def test_a_read_of_a_record_that_is_gone_keeps_its_number(ada: Client, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        AccessLog.objects.bulk_create(
            AccessLog(member=cast.house.mona, subject_kind=kind, subject_id=987654, at=clock.now(), hour=clock.now())
            for kind in ("people.person", "gone.thing")
        )
    found = {(read.what, read.name) for read in ada.get(READS).context["reads"]}
    assert found == {("person", "987654"), ("gone.thing", "987654")}


def test_reads_of_another_tenant_are_not_there(ada: Client, cast: Cast) -> None:
    with use_tenant(cast.other.tenant):
        AccessLog.objects.note_read(cast.other.cora, by=cast.otto)
    assert ada.get(READS).context["reads"] == []


def test_older_reads_are_a_page_on(ada: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log, "PAGE", 2)
    with use_tenant(cast.house.tenant):
        for subject in (cast.house.cora, cast.house.job, cast.house.rita):
            AccessLog.objects.note_read(subject, by=cast.house.mona)
    first = ada.get(READS)
    assert len(first.context["reads"]) == 2
    second = ada.get(READS, {"before": first.context["older"]})
    assert [read.what for read in second.context["reads"]] == ["person"]
    assert second.context["older"] is None


@pytest.mark.parametrize(
    "nonsense", [{"before": "x"}, {"member": "9" * 40}, {"kind": "\x00", "number": "1"}, {"number": "²"}]
)
def test_nonsense_is_ignored(ada: Client, nonsense: dict[str, str]) -> None:
    assert ada.get(READS, nonsense).status_code == 200


def test_parked_work_is_listed_with_why(ada: Client, cast: Cast) -> None:
    park(cast)
    park(cast, key="running", kind="running", run_at=clock.now())
    park(cast, tenant=cast.other.tenant, kind="theirs")
    with use_tenant(cast.house.tenant):
        events.record("job.odd", subject=cast.house.job, by=cast.house.rita)
        event = Event.objects.latest("pk")
    Undispatched.objects.create(event_id=event.pk, tenant=cast.house.tenant, run_at=None, last_error="KeyError")
    page = ada.get(PARKED)
    assert sorted(line.kind for line in page.context["lines"]) == ["crossing", "job.odd"]
    assert "ZeroDivisionError" in page.content.decode()


def test_replay_lets_it_run_again_once_and_says_who_asked(ada: Client, cast: Cast) -> None:
    row = park(cast)
    for _ in range(2):
        page = ada.post(REPLAY, {"queue": "due", "id": row.pk}, follow=True)
        assert "It will run again within a minute." in page.content.decode()
    row.refresh_from_db()
    assert row.attempts == 0
    assert row.run_at
    assert clock.now() - row.run_at < timedelta(seconds=5)
    with use_tenant(cast.house.tenant):
        assert Event.objects.get(kind="work.replayed").actor_id == cast.house.ada.pk


def test_replay_of_an_event(ada: Client, cast: Cast) -> None:
    with use_tenant(cast.house.tenant):
        events.record("job.odd", subject=cast.house.job, by=cast.house.rita)
        event = Event.objects.latest("pk")
    row = Undispatched.objects.create(event_id=event.pk, tenant=cast.house.tenant, run_at=None)
    ada.post(REPLAY, {"queue": "event", "id": row.pk})
    row.refresh_from_db()
    assert row.run_at is not None


def test_nobody_replays_another_tenants_work(ada: Client, cast: Cast) -> None:
    theirs = park(cast, tenant=cast.other.tenant)
    assert ada.post(REPLAY, {"queue": "due", "id": theirs.pk}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.run_at is None


@pytest.mark.parametrize(
    "sent", [{}, {"queue": "users", "id": "1"}, {"queue": "due", "id": "x"}, {"queue": "due", "id": "9"}]
)
def test_replay_of_nonsense_is_not_found(ada: Client, sent: dict[str, str]) -> None:
    assert ada.post(REPLAY, sent).status_code == 404


def test_a_rep_does_not_replay(client: Client, cast: Cast) -> None:
    row = park(cast)
    client.force_login(cast.house.rita.user)
    assert client.post(REPLAY, {"queue": "due", "id": row.pk}).status_code == 404
    row.refresh_from_db()
    assert row.run_at is None


def test_an_admin_of_two_tenants_switches_between_them(ada: Client, cast: Cast) -> None:
    with use_tenant(cast.other.tenant):
        Member.objects.create(user=cast.house.ada.user, name="Ada Admin", role="rep")
    page = ada.get(READS).content.decode()
    assert f'href="/{OTHER}/"' in page
    assert ada.get(READS.replace(HOUSE, OTHER)).status_code == 404, "there she is a rep"


def mail_to(member: Member, state: str) -> StaffMail:
    return StaffMail.objects.create(
        user=member.user, to=member.user.email, subject="Reset", body="…", state=state, run_at=None, attempts=1
    )


def test_mail_that_is_stuck_is_listed_and_sent_again_when_asked(ada: Client, cast: Cast) -> None:
    unknown = mail_to(cast.house.rita, "unknown")
    mail_to(cast.house.rita, "sent")
    mail_to(cast.otto, "failed")
    assert [line.kind for line in ada.get(PARKED).context["lines"]] == ["mail.unknown"]
    assert ada.post(REPLAY, {"queue": "mail", "id": unknown.pk}).status_code == 302
    unknown.refresh_from_db()
    assert (unknown.state, unknown.attempts) == ("queued", 0)
    assert unknown.run_at is not None


def test_mail_to_another_tenants_people_is_not_there_to_send(ada: Client, cast: Cast) -> None:
    foreign = mail_to(cast.otto, "failed")
    assert ada.post(REPLAY, {"queue": "mail", "id": foreign.pk}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == "failed"
