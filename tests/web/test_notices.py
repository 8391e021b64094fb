"""Notices: who is told of what, once; how it is mailed, gathered and kept quiet; and the member's own pages."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from crm.jobs.mentions import find_mentions
from crm.jobs.models import Job, Note
from crm.kernel import clock
from crm.kernel.business_hours import build_hours
from crm.platform import features
from crm.platform.events.events import dispatch_events
from crm.platform.models import Event, Member, Role, StaffMail
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.web.models import Notice, NoticeWay
from crm.web.notices.acknowledgements import acknowledgement_of
from crm.web.notices.delivery.mail_time import mail_time
from crm.web.notices.kinds import NoticeKind
from crm.web.notices.notify import notify
from crm.web.notices.preferences import mute, save_preference
from tests.cast import HOUSE, Cast

ZONE = ZoneInfo("America/New_York")
# A Friday: 16:50 in New York.
NOW = datetime(2026, 5, 8, 20, 50, tzinfo=UTC)
OPEN = build_hours(ZONE, [[(540, 1020)]] * 5 + [[], []])
MINUTES = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("way", "gathers", "last", "at"),
    [
        (NoticeWay.OFF, True, None, None),
        (NoticeWay.APP, True, None, None),
        (NoticeWay.MAIL, False, None, NOW),
        (NoticeWay.MAIL, True, None, NOW + 10 * MINUTES),
        (NoticeWay.MAIL, False, NOW - 3 * MINUTES, NOW + 7 * MINUTES),
        (NoticeWay.MAIL, True, NOW - 3 * MINUTES, NOW + 10 * MINUTES),
        (NoticeWay.HOURLY, True, NOW, NOW + 10 * MINUTES),
        (NoticeWay.DAILY, True, None, datetime(2026, 5, 9, 12, tzinfo=UTC)),
    ],
)
def test_when_a_notice_is_mailed(way: NoticeWay, gathers: bool, last: datetime | None, at: datetime | None) -> None:
    assert mail_time(way, NOW, ZONE, gathers=gathers, last=last, hours=None) == at


@pytest.mark.parametrize(
    ("way", "gathers"), [(NoticeWay.MAIL, True), (NoticeWay.HOURLY, True), (NoticeWay.DAILY, True)]
)
def test_outside_working_hours_mail_waits_for_the_opening(way: NoticeWay, gathers: bool) -> None:
    """zammad#4432: mail at midnight and at weekends."""
    monday = datetime(2026, 5, 11, 13, tzinfo=UTC)
    late = NOW + 30 * MINUTES
    assert mail_time(way, late, ZONE, gathers=gathers, last=None, hours=OPEN) == monday
    assert mail_time(NoticeWay.MAIL, NOW, ZONE, gathers=False, last=None, hours=OPEN) == NOW


NAMES = {1: "Mona Meyer", 2: "Rita Reyes", 3: "Rita Rossi", 4: "Jo"}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@Mona please call", {1}),
        ("ask @mona meyer, and @JO.", {1, 4}),
        ("@Rita is two people", set()),
        ("(@Rita Rossi)", {3}),
        ("mail jo@mona.example or mona@example.com", set()),
        ("@Monastery @ @", set()),
        ("", set()),
    ],
)
def test_who_is_named(text: str, who: set[int]) -> None:
    assert find_mentions(text, NAMES) == who


@pytest.fixture
def kind() -> Iterator[NoticeKind]:
    entry = NoticeKind(
        name="test.kind",
        permission="notices.view",
        icon="bell",
        label="A test",
        words=lambda data: f"by {data['by']}",
        default=NoticeWay.MAIL,
    )
    once = NoticeKind(
        name="test.once",
        permission="members.manage",
        icon="bell",
        label="Once",
        words="once",
        once_until_read=True,
        page="notices",
    )
    with features.extra_features(entry, once):
        yield entry


def test_who_is_told_once_and_who_is_not(cast: Cast, kind: NoticeKind) -> None:
    house, job = cast.house, cast.house.job
    with use_tenant(house.tenant):
        job.assign_to(house.mona, by=house.ada)
        everybody = [house.rita.pk, house.mona.pk, house.ada.pk, house.sam.pk, None]
        save_preference(house.sam, {"test.kind": "off"}, working_hours_only=False)
        for _twice in range(2):
            notify("test.kind", everybody, key="one", about=job, by=house.ada.pk)
        # Rita does not see Mona's lead, Sam wants none, Ada did it.
        assert list(Notice.objects.values_list("member_id", flat=True)) == [house.mona.pk]
        mute(house.mona, job)
        notify("test.kind", everybody, key="two", about=job)
        notify("test.kind", [house.mona.pk], key="old", at=clock.now() - timedelta(days=4))
        assert set(Notice.objects.unread().values_list("member_id", flat=True)) == {house.ada.pk}
        for key in ("a", "b"):
            notify("test.once", everybody, key=key)
        assert list(Notice.objects.filter(kind="test.once").values_list("member_id", "key")) == [(house.ada.pk, "a")]


def test_five_in_ten_minutes_are_one_mail_and_what_is_read_is_not_mailed(cast: Cast, kind: NoticeKind) -> None:
    house, now = cast.house, clock.now()
    for minute in range(5):
        with clock.at(now + minute * MINUTES), use_tenant(house.tenant):
            notify("test.kind", [house.rita.pk], key=str(minute), about=house.job, by=house.mona.pk)
            notify("test.kind", [house.sam.pk], key=str(minute), about=house.job)
            Notice.objects.to(house.sam).mark_read()
    with clock.at(now + 9 * MINUTES):
        due.run_due_work()
        assert not StaffMail.objects.exists()
    with clock.at(now + 11 * MINUTES):
        due.run_due_work()
        mail = StaffMail.objects.get()
        assert (mail.to, mail.subject) == (house.rita.user.email, f"{house.job.title}: by Mona Manager (5 ×)")
        assert mail.body.count("/notices/") == 2
    with clock.at(now + 12 * MINUTES), use_tenant(house.tenant):
        notify("test.kind", [house.rita.pk], key="later", about=house.job)
        house.rita.deactivate(by=house.ada)
    with clock.at(now + 60 * MINUTES):
        due.run_due_work()
        assert StaffMail.objects.count() == 1


def test_a_lead_given_and_a_name_in_a_note_are_told(cast: Cast) -> None:
    house, job = cast.house, cast.house.job
    with use_tenant(house.tenant):
        job.assign_to(house.mona, by=house.ada)
        Note.write(job, "@Mona, @Rita: see the roof", by=house.ada)
        many = [Job.objects.get(pk=job.pk)]
        many[0].assign_to(house.rita, by=house.rita)
    dispatch_events()
    with use_tenant(house.tenant):
        found = set(Notice.objects.values_list("member_id", "kind"))
        # Given on to Rita by herself meanwhile, so Mona is told of her name alone, and Rita of hers.
        assert found == {(house.mona.pk, "note.mention"), (house.rita.pk, "note.mention")}


def test_the_member_reads_mutes_and_chooses(cast: Cast, kind: NoticeKind) -> None:
    house, client = cast.house, Client()
    client.force_login(house.rita.user)
    base = f"/{house.tenant.slug}/notices/"
    with use_tenant(house.tenant):
        notify("test.kind", [house.rita.pk], key="one", about=house.job, by=house.mona.pk)
        notify("test.kind", [house.mona.pk], key="one")
        mine, hers = Notice.objects.to(house.rita).get(), Notice.objects.to(house.mona).get()
    page = client.get(base).content.decode()
    assert house.job.title in page
    assert "by Mona Manager" in page
    assert 'id="count-notices"' in page
    assert ">1<" in client.get(f"/{house.tenant.slug}/counts/").content.decode()
    assert client.get(f"{base}{hers.uid}/").status_code == 404
    assert client.get(f"{base}{mine.uid}/").url == f"/{house.tenant.slug}/leads/{house.job.number}/"
    with use_tenant(house.tenant):
        assert not Notice.objects.to(house.rita).unread().exists()
    about = f"jobs.job:{house.job.number}"
    for named, status in ((about, 302), ("jobs.job:99999999", 404), ("nonsense", 404), ("jobs.job:x", 404)):
        assert client.post(f"{base}mute/", {"about": named}).status_code == status
    assert house.job.title in client.get(f"{base}settings/").content.decode()
    client.post(f"{base}mute/", {"about": about, "on": "no"})
    page = client.get(f"{base}settings/")
    assert house.job.title not in page.content.decode()
    fields = [field for field in page.context["form"] if field.name != "working_hours_only"]
    # A reminder is mailed by the app that sends it, so its notice is on or off.
    ways = {field.name: "daily" if "daily" in dict(field.field.choices) else "app" for field in fields}
    assert "test.once" not in ways  # a rep is never told of it
    assert client.post(f"{base}settings/", {**ways, "test.kind": "nonsense"}).status_code == 422
    assert client.post(f"{base}settings/", {**ways, "working_hours_only": "on"}).status_code == 302
    with use_tenant(house.tenant):
        notify("test.kind", [house.rita.pk], key="two", about=house.job)
        assert Notice.objects.to(house.rita).unread().get().mail_at > clock.now()
        house.job.assign_to(house.mona, by=house.mona)
    assert "No longer visible to you" in client.get(base).content.decode()


def test_leaving_the_role_leaves_the_kind(cast: Cast, kind: NoticeKind) -> None:
    with use_tenant(cast.house.tenant):
        cast.house.mona.change_role(Role.ADMIN, by=cast.house.ada)
        notify("test.once", [cast.house.mona.pk], key="x")
        assert Notice.objects.count() == 1


def test_one_takes_it_up_for_all_and_nothing_goes_up_twice(cast: Cast, client: Client) -> None:
    house = cast.house
    asks = NoticeKind(
        name="test.asks",
        permission="notices.view",
        icon="bell",
        label="Asks",
        words="asks",
        needs_acknowledgement=True,
    )
    with features.extra_features(asks):
        with use_tenant(house.tenant):
            notify("test.asks", [house.rita.pk, house.mona.pk], key="x")
            notify("test.asks", [house.ada.pk], key="x")  # who is told later asks for the same
            row = acknowledgement_of("test.asks", "x")
            assert row is not None
            assert [row.escalate(level) for level in (1, 1, 2)] == [True, False, True]
            uid = Notice.objects.to(house.mona).get().uid
        client.force_login(house.mona.user)
        page = client.get(f"/{HOUSE}/notices/?kind=test.asks")
        assert "I’m on it" in page.content.decode()
        client.post(f"/{HOUSE}/notices/{uid}/take/")
        client.force_login(house.rita.user)
        assert "Mona Manager is on it" in client.get(f"/{HOUSE}/notices/").content.decode()
        with use_tenant(house.tenant):
            taken = acknowledgement_of("test.asks", "x")
            assert taken is not None
            taken.acknowledge(by=house.rita)
            assert (taken.by_id, taken.escalate(3), taken.level) == (house.mona.pk, False, 2)
            assert not Notice.objects.unread().filter(kind="test.asks").exists()
            assert Event.objects.filter(kind="notice.acknowledged").count() == 1


def test_one_notice_is_read_and_one_kind_switched_off_from_the_list(
    cast: Cast, client: Client, kind: NoticeKind
) -> None:
    house = cast.house
    with use_tenant(house.tenant):
        for key in ("a", "b"):
            notify("test.kind", [house.rita.pk], key=key)
        first, second = (str(uid) for uid in Notice.objects.order_by("pk").values_list("uid", flat=True))
    client.force_login(house.rita.user)
    client.post(f"/{HOUSE}/notices/{first}/read/")
    with use_tenant(house.tenant):
        assert [str(uid) for uid in Notice.objects.unread().values_list("uid", flat=True)] == [second]
    client.post(f"/{HOUSE}/notices/{second}/kind/")
    with use_tenant(house.tenant):
        notify("test.kind", [house.rita.pk], key="c")
        assert not Notice.objects.unread().exists()
    client.force_login(house.mona.user)
    assert client.post(f"/{HOUSE}/notices/{second}/read/").status_code == 404


def test_who_is_here_is_not_mailed_what_is_for_those_away(cast: Cast, kind: NoticeKind) -> None:
    house, now = cast.house, clock.now()
    with clock.at(now), use_tenant(house.tenant):
        for member in (house.rita, house.mona):
            save_preference(member, {"test.kind": NoticeWay.AWAY}, working_hours_only=False)
        notify("test.kind", [house.rita.pk, house.mona.pk], key="a")
        Member.objects.note_seen(house.rita.pk, now + 2 * MINUTES)
    with clock.at(now + 11 * MINUTES):
        due.run_due_work()
        assert [mail.to for mail in StaffMail.objects.all()] == [house.mona.user.email]
