"""The page of health: what it shows of what is measured, at a flat cost; its checklist; and the alarms."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from crm.kernel import clock
from crm.platform import features
from crm.platform.health import heartbeats
from crm.platform.health.heartbeats import LIVE, SWEEP, TICK, WORKER
from crm.platform.models import Due, Event, StaffMail
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.web.health import alarms, findings, watcher
from crm.web.health.features import open_alarms
from crm.web.health.findings import PartMinutes
from crm.web.health.snapshot import format_span
from crm.web.health.system_parts import minute_strip, state_of
from crm.web.health.wait_chart import build_wait_chart
from crm.web.models import ChecklistTick, HealthAlarm, Notice
from tests.cast import HOUSE, Cast
from tests.queries import data_queries

NOW = datetime(2026, 5, 12, 14, 24, 16, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (119, "119 s"), (120, "2 min"), (7199, "119 min"), (7200, "2 h"), (200_000, "2 d")],
)
def test_a_span_is_said_shortly(seconds: int, said: str) -> None:
    assert format_span(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(("minutes", "state"), [(0, "ok"), (1, "ok"), (2, "soon"), (3, "crit"), (None, "crit")])
def test_how_a_part_is_by_its_silence(minutes: int | None, state: str) -> None:
    assert state_of(None if minutes is None else minutes * MINUTE) == state


def test_the_chart_of_waits_is_within_its_frame_and_has_a_table() -> None:
    rows = {("wait:here", NOW - timedelta(hours=12)): 120_000, ("wait:here", NOW): 0, ("wait:out", NOW): 1000}
    drawn = build_wait_chart(rows, NOW, timedelta(seconds=30))
    assert (drawn.here, drawn.out) == ("222.0,20.0 410.0,130.0", "410.0,129.1")
    assert drawn.limit == 102.5
    assert [row[1:] for row in drawn.table] == [("2 min", ""), ("0 s", "1 s")]
    assert build_wait_chart({}, NOW, MINUTE).is_empty


def beat(*parts: str) -> None:
    for part in parts:
        heartbeats.note_heartbeat(part)


ALL = (TICK, SWEEP, LIVE, f"{WORKER}celery", f"{WORKER}io")


def test_admins_see_what_works_and_tick_what_they_checked(cast: Cast, client: Client) -> None:
    house = cast.house
    url = f"/{HOUSE}/health/"
    for member, status in ((house.rita, 404), (house.mona, 404), (house.ada, 200)):
        client.force_login(member.user)
        assert client.get(url).status_code == status
    beat(SWEEP, LIVE, f"{WORKER}celery")
    page = client.get(url).content.decode()
    assert "no signal for a day" in page  # though no worker is there to say so
    assert "No backup found" in page
    client.post(url + "checklist/", {"item": "privacy", "on": "yes"})
    with use_tenant(house.tenant):
        tick = ChecklistTick.objects.get()
        assert (tick.item, tick.by_id) == ("privacy", house.ada.pk)
    assert "Ada Admin, today" in client.get(url).content.decode()
    for item, on in (("privacy", "no"), ("nonsense", "yes")):
        client.post(url + "checklist/", {"item": item, "on": on})
    with use_tenant(house.tenant):
        assert not ChecklistTick.objects.exists()
        kinds = Event.objects.filter(kind__startswith="checklist.").order_by("pk").values_list("kind", flat=True)
        assert list(kinds) == ["checklist.ticked", "checklist.unticked"]


def test_the_page_costs_the_same_however_much_is_parked(cast: Cast, client: Client) -> None:
    client.force_login(cast.house.ada.user)

    def asked() -> int:
        with data_queries() as queries:
            page = client.get(f"/{HOUSE}/health/")
        assert page.status_code == 200
        return len(queries)

    asked()
    few = asked()
    now = clock.now()
    Due.objects.bulk_create(
        Due(tenant=cast.house.tenant, kind="test", subject_id=n, key=f"test:{n}", due_at=now, attempts=5)
        for n in range(30)
    )
    for part in range(30):
        heartbeats.note_heartbeat(f"{WORKER}{part}")
    assert asked() == few
    page = client.get(f"/{HOUSE}/health/").content.decode()
    assert '<span class="n">30</span>' in page
    assert f"/{HOUSE}/settings/parked/" in page


def test_admins_are_told_once_that_something_stopped_and_once_that_it_works(cast: Cast) -> None:
    parts = [check for check in findings.health_checks() if check.name == "parts"]
    told: list[list[str]] = []
    for minute in range(0, 40, 2):
        with clock.at(NOW + minute * MINUTE), use_tenant(cast.house.tenant):
            beat(*ALL[1:])
            if not 4 <= minute < 16 and minute != 22:
                beat(TICK)
            alarms.watch_tenant(parts)
            rows = Notice.objects.order_by("pk").values_list("kind", "member_id", "data__about")
            told.append([f"{kind} {about}" for kind, member_id, about in rows if member_id == cast.house.ada.pk])
            assert len(rows) == len(told[-1])  # nobody but admins
    assert told[0] == []
    assert told[4] == ["health.stopped tick"]
    assert told[-1] == ["health.stopped tick", "health.works tick"]


def test_an_alarm_is_quiet_for_an_hour_and_then_told_again(cast: Cast, client: Client) -> None:
    client.force_login(cast.house.ada.user)
    parts, page = [check for check in findings.health_checks() if check.name == "parts"], f"/{HOUSE}/health/"
    with use_tenant(cast.house.tenant):
        mine = Notice.objects.filter(member_id=cast.house.ada.pk)
        with clock.at(NOW):
            beat(*ALL[1:])
            alarms.watch_tenant(parts)
            alarm = HealthAlarm.objects.get()
            assert open_alarms(cast.house.ada) == "1"
            client.post(f"{page}alarms/{alarm.pk}/quiet/")
            assert (open_alarms(cast.house.ada), mine.unread().count()) == ("", 0)
            assert "Quiet until" in client.get(page).content.decode()
        for minute, told in ((59, 1), (60, 2), (65, 2)):
            with clock.at(NOW + minute * MINUTE):
                beat(*ALL[1:])
                alarms.watch_tenant(parts)
                assert mine.count() == told, f"after {minute} minutes"
        with clock.at(NOW + 65 * MINUTE):
            assert (open_alarms(cast.house.ada), mine.unread().count()) == ("1", 1)


def test_a_strip_has_the_last_hour_newest_last_and_says_it() -> None:
    drawn = minute_strip(PartMinutes(frozenset({0, 5}), frozenset({5, 59})))
    assert drawn is not None
    assert [(mark.x, mark.css) for mark in drawn.marks if mark.css != "off"] == [(0, "gap"), (216, "gap"), (236, "")]
    assert "in 2 minutes, something failed in 2" in drawn.said
    assert minute_strip(None) is None


def test_the_web_process_sounds_the_alarm_itself_while_no_due_work_runs(
    cast: Cast, mailoutbox: list[EmailMessage]
) -> None:
    """The watcher of the tick is not the tick: notice and mail, and one of each, without a worker."""
    with clock.at(NOW):
        beat(TICK)
        watcher.watch_once()
        assert Due.objects.filter(kind=alarms.WATCH).count() == 2
        assert not StaffMail.objects.exists()
    for minute in (4, 5, 15, 16, 30):
        with clock.at(NOW + minute * MINUTE):
            watcher.watch_once()
    assert Due.objects.filter(kind=alarms.WATCH).count() == 2
    addresses = list(StaffMail.objects.filter(state="sent").values_list("to", flat=True))
    assert cast.house.ada.user.email in addresses
    assert len(set(addresses)) == len(addresses) == len(mailoutbox)  # one to each admin of each organization
    assert all("Does not work: Tick" in mail.body for mail in mailoutbox)


def test_a_check_that_breaks_takes_nothing_with_it(cast: Cast, client: Client) -> None:
    def breaks(look: object) -> list[findings.Finding]:
        raise LookupError

    client.force_login(cast.house.ada.user)
    with features.extra_features(
        findings.HealthCheck(name="breaks", section="system", label="Breaks", look=breaks, alarms=True)
    ):
        page = client.get(f"/{HOUSE}/health/").content.decode()
    assert "This could not be checked" in page


def test_due_work_looks_after_each_tenant_again_and_again(cast: Cast) -> None:
    with clock.at(NOW):
        watcher.watch_once()
    with clock.at(NOW + 6 * MINUTE):
        due.run_due_work()
        rows = Due.objects.filter(kind=alarms.WATCH)
        assert {row.due_at for row in rows} == {clock.now() + alarms.EVERY}
        with use_tenant(cast.house.tenant):
            assert HealthAlarm.objects.filter(check_name="parts").exists()
