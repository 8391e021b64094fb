"""The page of a hand-off as seller and service use it, without scripts; and what helps them there."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from crm.jobs.models import Note
from crm.platform.models import BusinessCalendar
from crm.platform.organization.configuration import directory
from crm.platform.tenancy.context import use_tenant
from crm.platform.work.tasks import dispatch_events
from crm.web.models import Notice
from followups.models import FollowUp
from service.hand_offs.figures import count
from service.hand_offs.free_days import first_stretch, is_workday_by
from service.models import HandOff, HandOffQuestion, Project
from tests.cast import House
from tests.followups.conftest import Browser
from tests.service.conftest import NOON


def test_the_first_days_in_a_row_that_nothing_takes() -> None:
    # The first of December 2026 is a Tuesday.
    today = date(2026, 12, 1)

    def is_weekday(day: date) -> bool:
        return day.weekday() < 5

    assert first_stretch(3, today, [], is_weekday) == (date(2026, 12, 2), date(2026, 12, 4))
    taken = [(date(2026, 12, 3), date(2026, 12, 3))]
    assert first_stretch(3, today, taken, is_weekday) == (date(2026, 12, 4), date(2026, 12, 8))
    assert first_stretch(1, today, [(today, today + timedelta(days=200))], is_weekday) is None


def test_no_crew_is_offered_on_a_holiday(house: House) -> None:
    # Thanksgiving, a Thursday, and a closing day of the tenant's own on the Friday.
    calendar = BusinessCalendar.objects.get(pk=directory().calendar_of(house.job.brand_id))
    BusinessCalendar.objects.filter(pk=calendar.pk).update(holiday_country="US", holiday_region="FL")
    calendar.refresh_from_db()
    calendar.close_on(date(2026, 11, 27), "Day after Thanksgiving", by=house.ada)
    is_workday = is_workday_by(calendar.pk)
    assert first_stretch(2, date(2026, 11, 24), [], is_workday) == (date(2026, 11, 25), date(2026, 11, 30))


def test_figures_of_a_seller() -> None:
    opened, answered = NOON, NOON + timedelta(hours=5)
    rows: list[tuple[str, int, datetime, datetime | None, str]] = [
        ("accepted", 0, opened, answered, ""),
        ("accepted", 1, opened, answered, "date"),
        ("returned", 1, opened, answered, "date"),
        ("open", 0, opened, None, ""),
    ]
    figures = count(rows, ["date", "scope", "date"])
    assert (figures.accepted, figures.at_once, figures.sent_back, figures.wait) == (2, 1, 2, 5 * 3600)
    assert figures.reasons == ("Date can’t be met", "Scope is not clear")


def test_seller_and_service_go_through_it(house: House, sold: Callable[..., HandOff]) -> None:
    hand_off = sold(value=2_385_000)
    note = Note.objects.create(job=hand_off.job, author=house.rita, body="We'll be on your roof before December")
    place, here = f"service/handoffs/{hand_off.uid}/", house.tenant
    rita, sam = Browser(house, house.rita), Browser(house, house.sam)

    def act(who: Browser, what: str, status: int = 302, **typed: Any) -> Any:
        with use_tenant(here):
            version = HandOff.objects.get().form_version
        return who.post(f"{place}{what}/", {"version": version, **typed}, status=status)

    act(rita, "promises/add", kind="date", text="Before December", source=f"note-{note.pk}")
    page = rita.get(place)
    shown = ("Before December", "We&#x27;ll be on your roof", "note by Rita Rep", "$23,850")
    assert [words for words in (*shown, "Your answer") if words not in page] == ["Your answer"]
    with use_tenant(here):
        price, promised = hand_off.promises.in_order()
    replies: dict[str, Any] = {f"promise-{price.pk}": "yes", f"promise-{promised.pk}": "no"}
    # Refused, the form stands as it was sent.
    refused = act(sam, "accept", 422, **replies, starts_on="2026-12-02").content.decode()
    assert "Enter why it can’t be kept" in refused
    assert 'value="2026-12-02"' in refused
    replies[f"why-{promised.pk}"] = "First free crew is 2 December"
    act(sam, "reply", **replies)
    page = sam.get(place)
    assert "Agree with the customer: First free crew is 2 December" in page
    act(sam, "list/tick", code="deposit")
    act(sam, "list/tick", code="line:HOA letter")
    act(sam, "list/tick", 422, code="value")
    act(sam, "list/owe", code=f"promise:{promised.pk}", owner=str(house.rita.uid), day="2026-11-27")
    assert "Accept, with 1 item to follow" in sam.get(place)
    # What service asks stands on the page until the seller has answered, and both are told.
    assert all(words in page for words in ("1 of 1 to answer", "Ask Rita Rep", "As the customer sees it"))
    act(sam, "ask", 422, text=" ")
    act(sam, "ask", text="Two layers, or one?")
    with use_tenant(here):
        question = HandOffQuestion.objects.get()
    assert "Two layers, or one?" in rita.get(place)
    act(rita, "tell", question=str(question.uid), text="Two, she told me.")
    act(rita, "tell", 422, question=str(question.uid), text="Three.")
    assert "Two, she told me." in sam.get(place)
    with use_tenant(here):
        dispatch_events()
        told = Notice.objects.filter(kind__in=("handoff.asked", "handoff.told")).order_by("kind")
        assert [(row.kind, row.member) for row in told] == [("handoff.asked", house.rita), ("handoff.told", house.sam)]
        noted = Note.objects.filter(job=hand_off.job).exclude(pk=note.pk).order_by("pk").values_list("body", flat=True)
        assert list(noted) == ["Two layers, or one?", "Two, she told me."]
    act(sam, "send-back", 422, reason="date", note="")
    act(sam, "send-back", reason="date", note="Agree 2 December with Cora.")
    assert "Agree 2 December with Cora." in rita.get(place)
    assert "Sent back to Rita Rep" in sam.get("service/handoffs/")
    act(rita, "resubmit", note="She is fine with it.")
    act(sam, "accept", **replies, starts_on="2026-12-02")
    assert "Sam Service accepted it" in rita.get(place)
    with use_tenant(here):
        assert Project.objects.get().starts_on == date(2026, 12, 2)
        assert FollowUp.objects.get(assignee=house.rita, subject__startswith="Agree").due_at > NOON
    act(Browser(house, house.rita), "accept", 404)


def test_the_job_page_shows_where_its_hand_off_stands(house: House, sold: Callable[..., HandOff]) -> None:
    hand_off = sold(value=2_385_000)
    rita = Browser(house, house.rita)
    panel = f"service/handoffs/job/{hand_off.job.number}/"
    assert f"{panel}" in rita.get(f"leads/{hand_off.job.number}/")
    page = rita.get(panel, htmx=True)
    assert "Waits for service" in page
    assert f"service/handoffs/{hand_off.uid}/" in page
    assert rita.client.get(f"/{house.tenant.slug}/{panel}").status_code == 302
