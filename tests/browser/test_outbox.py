"""Changes made without a network, in a real browser: they wait, are sent once, and nobody else sees them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from crm.documents.kinds import begin
from crm.jobs.models import Job
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.tenancy.context import use_tenant
from followups.models import FollowUp, FollowUpStatus
from service.models import FieldPhoto, Project
from tests.browser.test_pages import beyond_the_window, violations
from tests.followups.offline.conftest import noted

pytestmark = pytest.mark.browser
SUBJECT = "Ask about the roof"


class Phone:
    """Rita's phone, with the day's page on it."""

    def __init__(self, page: Any, site: Any, follow_up: FollowUp) -> None:
        self.page, self.site, self.follow_up = page, site, follow_up
        self.house = site.cast.house

    def has_signal(self, *, yes: bool) -> None:
        self.page.context.set_offline(not yes)

    def show_day(self) -> None:
        self.page.goto(self.site.path("followups/today/"))

    @property
    def stop(self) -> Any:
        return self.page.locator(".stop[data-uid]", has_text=SUBJECT)

    @property
    def line(self) -> Any:
        return self.page.locator("#outbox li", has_text="Done: Reached")

    def complete(self) -> None:
        """Fill in and submit the form of a call that was made."""
        form = self.open_form("Done")
        form.get_by_label("How did it go?").select_option("reached")
        form.get_by_label("Note").fill("Wants slate")
        form.get_by_role("button", name="Done").click()

    def open_form(self, name: str) -> Any:
        """Open the follow-up, and one of its forms."""
        self.stop.locator("summary").first.click()
        self.stop.locator(".stop-act summary", has_text=name).click()
        return self.stop.locator(".stop-act[open] form")

    def wait_for_count(self, words: str) -> None:
        self.page.locator("#waiting[aria-busy=false] [data-count-words]", has_text=words).wait_for()

    @property
    def row(self) -> FollowUp:
        with use_tenant(self.house.tenant):
            row: FollowUp = FollowUp.objects.get(pk=self.follow_up.pk)
            return row

    def count_events(self, kind: str) -> int:
        with use_tenant(self.house.tenant):
            return int(Event.objects.filter(kind=kind, subject_id=self.follow_up.pk).count())


@pytest.fixture
def phone(open_page: Any, site: Any) -> Iterator[Phone]:
    """Without a signal, and the day's page shown from what is kept."""
    house = site.cast.house
    with use_tenant(house.tenant), clock.at(clock.now() - timedelta(hours=3)):
        job = Job.objects.get(title="Samir Haddad")
        at = clock.now() + timedelta(hours=1)
        row = FollowUp.plan(kind="call", subject=SUBJECT, due_at=at, job=job, assignee=house.rita, by=house.rita)
    page = open_page(member=house.rita, failing=True, width=390, height=844, has_touch=True, is_mobile=True)
    phone = Phone(page, site, row)
    phone.show_day()
    page.locator("[data-day][data-kept]").wait_for(state="attached")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.has_signal(yes=False)
    phone.show_day()
    page.locator("#no-signal:visible", has_text="No signal").wait_for()
    yield phone
    # The next test has the same context.
    page.context.unroute_all()


def test_a_change_waits_and_is_sent_when_the_signal_is_back(phone: Phone) -> None:
    phone.complete()
    phone.line.wait_for()
    phone.wait_for_count("1 change waits")
    assert phone.stop.locator("summary > .held").is_visible()
    assert phone.row.is_open
    assert violations(phone.page) == []
    assert beyond_the_window(phone.page) == []
    phone.has_signal(yes=True)
    phone.wait_for_count("No change waits")
    assert (phone.row.status, noted(phone.house, phone.row)) == (FollowUpStatus.COMPLETED, "Wants slate")
    phone.page.locator(".stop.is-done", has_text=SUBJECT).wait_for()


def test_it_is_applied_once_though_the_answer_is_lost(phone: Phone) -> None:
    lost = []

    def lose_first(route: Any) -> None:
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch().status)
            return route.abort()
        return route.continue_()

    phone.page.context.route("**/followups/outbox/", lose_first)
    phone.complete()
    phone.line.wait_for()
    phone.has_signal(yes=True)
    phone.wait_for_count("No change waits")
    assert lost == [200]
    assert phone.count_events("followup.completed") == 1


def test_it_can_be_taken_back_until_it_is_sent(phone: Phone) -> None:
    phone.complete()
    phone.line.get_by_role("button", name="Undo").click()
    phone.wait_for_count("No change waits")
    phone.has_signal(yes=True)
    phone.page.locator("#no-signal").wait_for(state="hidden")
    assert phone.row.is_open


def test_what_is_taken_back_while_another_is_sent_stays_here(phone: Phone) -> None:
    held: list[Any] = []

    def hold(route: Any) -> None:
        if route.request.method == "POST" and not held:
            held.append(route)
        else:
            route.continue_()

    phone.page.context.route("**/followups/outbox/", hold)
    form = phone.open_form("Add a note")
    form.get_by_label("Note").fill("Wants slate")
    form.get_by_role("button", name="Add the note").click()
    phone.wait_for_count("1 change waits")
    phone.show_day()
    phone.complete()
    with phone.page.expect_request(lambda request: request.method == "POST"):
        phone.has_signal(yes=True)
    note = phone.page.locator("#outbox li", has_text="Note: Wants slate").get_by_role("button")
    note.wait_for(state="hidden")  # it is on its way
    phone.line.get_by_role("button", name="Undo").click()
    phone.wait_for_count("1 change waits")
    held[0].continue_()
    phone.wait_for_count("No change waits")
    assert phone.row.is_open
    assert noted(phone.house, phone.row) == "Wants slate"


# The browser's store can't be opened, as after its disk was full.
BROKEN = "IDBFactory.prototype.open = () => { throw new DOMException('broken', 'UnknownError'); }"


@pytest.fixture
def storeless(phone: Phone) -> Phone:
    phone.has_signal(yes=True)
    phone.page.add_init_script(BROKEN)
    phone.show_day()
    return phone


def test_what_can_not_be_stored_stays_in_its_form(storeless: Phone) -> None:
    storeless.complete()
    form = storeless.stop.locator(".stop-act[open] form")
    form.get_by_text("This browser keeps nothing on this device now.").wait_for()
    assert form.get_by_label("Note").input_value() == "Wants slate"


def test_a_store_that_can_not_be_read_keeps_nobody_signed_in(storeless: Phone) -> None:
    storeless.page.locator("form[data-member]").first.evaluate("(form) => form.requestSubmit()")
    storeless.page.wait_for_url("**/account/login/**")


def test_signing_out_warns_and_may_be_left(phone: Phone) -> None:
    phone.complete()
    phone.line.wait_for()
    phone.page.locator("form[data-member]").first.evaluate("(form) => form.requestSubmit()")
    dialog = phone.page.locator("#unsent")
    dialog.get_by_text("1 change waits on this device").wait_for()
    assert violations(phone.page) == []
    dialog.get_by_role("button", name="Stay signed in").click()
    phone.has_signal(yes=True)
    phone.wait_for_count("No change waits")
    assert not phone.row.is_open


def test_whoever_signs_out_all_the_same_deletes_them(phone: Phone) -> None:
    phone.page.context.route("**/followups/outbox/", lambda route: route.abort())
    phone.complete()
    phone.line.wait_for()
    phone.has_signal(yes=True)
    phone.page.locator("#no-signal").wait_for(state="hidden")
    phone.page.locator("form[data-member]").first.evaluate("(form) => form.requestSubmit()")
    phone.page.locator("#unsent").get_by_role("button", name="Delete them").click()
    phone.page.wait_for_url("**/account/login/**")
    phone.page.context.add_cookies([phone.site.session(phone.house.rita)])
    phone.show_day()
    phone.wait_for_count("No change waits")
    assert phone.row.is_open


def test_an_expired_session_loses_nothing(phone: Phone) -> None:
    phone.complete()
    phone.line.wait_for()
    phone.page.context.clear_cookies()
    phone.has_signal(yes=True)
    phone.page.get_by_role("link", name="Sign in to send them").wait_for()
    assert phone.row.is_open
    phone.page.context.add_cookies([phone.site.session(phone.house.rita)])
    phone.show_day()
    phone.wait_for_count("No change waits")
    assert not phone.row.is_open


def test_another_member_sees_and_sends_nothing_of_it(phone: Phone) -> None:
    phone.complete()
    phone.line.wait_for()
    phone.page.context.clear_cookies()
    phone.page.context.add_cookies([phone.site.session(phone.house.mona)])
    phone.has_signal(yes=True)
    phone.show_day()
    phone.wait_for_count("No change waits")
    assert phone.page.locator("#outbox li").count() == 0
    assert phone.row.is_open


def test_two_versions_are_shown_and_one_is_kept(phone: Phone) -> None:
    phone.complete()
    phone.line.wait_for()
    with use_tenant(phone.house.tenant):
        phone.row.reschedule(clock.now() + timedelta(days=2), by=phone.house.mona)
    phone.has_signal(yes=True)
    phone.page.get_by_role("link", name="Decide").click()
    phone.page.get_by_role("heading", name="Two versions").wait_for()
    assert violations(phone.page) == []
    assert beyond_the_window(phone.page) == []
    phone.page.get_by_label("Done: Reached").check()
    phone.page.locator("#outcome", has_text="Done: Reached").wait_for()
    phone.page.get_by_role("button", name="Save this").click()
    phone.page.locator(".stop.is-done", has_text=SUBJECT).wait_for()
    assert not phone.row.is_open


def test_the_name_goes_after_72_hours_and_the_change_stays(phone: Phone) -> None:
    phone.complete()
    phone.line.get_by_text("Samir Haddad").wait_for()
    phone.page.evaluate(
        """async () => {
            const [act] = await outbox.of(document.getElementById("waiting").dataset.member);
            await outbox.remove(act.id);
            await outbox.add({ ...act, made: act.made - 73 * 3600 * 1000 });
        }"""
    )
    phone.line.get_by_text("Samir Haddad").wait_for(state="detached")
    phone.wait_for_count("1 change waits")


def test_what_is_not_possible_comes_back_with_a_sentence(phone: Phone) -> None:
    form = phone.open_form("Plan another")
    form.get_by_label("What and when").fill("the roofer")
    form.get_by_role("button", name="Plan").click()
    phone.wait_for_count("1 change waits")
    phone.has_signal(yes=True)
    line = phone.page.locator("#outbox li", has_text="New follow-up: the roofer")
    line.get_by_role("button", name="Delete").click()
    phone.wait_for_count("No change waits")


def test_what_the_server_does_not_accept_says_so(phone: Phone) -> None:
    def refuse(route: Any) -> None:
        if route.request.method == "POST":
            route.fulfill(status=404, content_type="text/html", body="Not found")
        else:
            route.continue_()

    phone.page.context.route("**/followups/outbox/", refuse)
    phone.complete()
    phone.line.wait_for()
    phone.has_signal(yes=True)
    phone.line.get_by_text("The server did not accept this change.").wait_for()
    phone.line.get_by_role("button", name="Delete").click()
    phone.wait_for_count("No change waits")


def test_who_may_no_longer_work_is_told_so(phone: Phone) -> None:
    phone.page.context.route("**/followups/outbox/", lambda route: route.fulfill(status=404, body="Not found"))
    phone.complete()
    phone.line.wait_for()
    phone.has_signal(yes=True)
    phone.page.get_by_text("You may no longer change follow-ups here").wait_for()
    phone.wait_for_count("1 change waits")


# As field.js stores a photo that was taken without a signal.
PHOTO = """async ([member, name]) => deviceStore("field", "photos", { keyPath: "key" }).put({
    key: name, name, member, to: "/x/", page: "/suncoast-test/jobs/", made: Date.now(), fields: [],
    file: new Blob(["x"]),
})"""


def test_this_device_lists_the_members_own_photos_and_deletes_them(phone: Phone) -> None:
    page, house = phone.page, phone.house
    phone.has_signal(yes=True)
    page.goto(phone.site.path("followups/device/"))
    for member, name in ((house.rita, "roof.jpg"), (house.mona, "hers.jpg")):
        page.evaluate(PHOTO, [str(member.uid), name])
    page.reload()
    photos = page.locator("#photos:visible")
    photos.get_by_text("1 photo").wait_for()
    assert photos.locator("li bdi").all_inner_texts() == ["roof.jpg"]
    assert photos.get_by_role("link", name="Open its page: roof.jpg").get_attribute("href") == "/suncoast-test/jobs/"
    assert violations(page) == []
    assert beyond_the_window(page) == []
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Empty this device").click()
    page.locator("#photos").wait_for(state="hidden")


# As field.js stored a photo before each had its member.
UNCLAIMED = """async () => {
    const canvas = document.createElement("canvas");
    const file = await new Promise((done) => canvas.toBlob(done, "image/jpeg"));
    const to = document.getElementById("field-photos").action;
    await deviceStore("field", "photos", { keyPath: "key" }).put({
        key: crypto.randomUUID(), name: "roof.jpg", to, fields: [], file,
    });
}"""


def test_a_photo_kept_without_a_member_is_sent_by_who_opens_its_page(open_page: Any, site: Any) -> None:
    house = site.cast.house
    with use_tenant(house.tenant):
        begin()
        project = Project.start(Job.objects.get(title="Samir Haddad"), None, by=house.sam)
    page = open_page(member=house.sam, width=390, height=844, has_touch=True, is_mobile=True)
    page.goto(site.path(f"service/projects/{project.uid}/field/"))
    page.evaluate(UNCLAIMED)
    page.reload()
    line = page.locator("#field-queue li", has_text="roof.jpg")
    line.get_by_role("button", name="Send as mine: roof.jpg").wait_for()
    assert violations(page) == []
    line.get_by_role("button", name="Send as mine: roof.jpg").tap()
    page.locator("#field-queue li", has_text="roof.jpg: kept").and_(page.locator(":not(:has(button))")).wait_for()
    with use_tenant(house.tenant):
        assert FieldPhoto.objects.get(project=project).document.created_by == house.sam


def test_a_device_emptied_while_it_is_filled_stays_empty(phone: Phone) -> None:
    phone.has_signal(yes=True)
    page = phone.page
    page.goto(phone.site.path("followups/device/"))
    page.locator("[data-day][data-kept]").wait_for(state="attached")

    def empty_first(route: Any) -> None:
        page.get_by_role("button", name="Empty this device").click()
        route.continue_()

    page.context.route("**/followups/today/", empty_first)
    page.get_by_role("button", name="Fill now").click()
    page.get_by_text("Nothing is kept on this device.").wait_for()
    page.evaluate("navigator.locks.request('day', () => true)")
    assert not page.evaluate("caches.has('day')")


def test_this_device_says_what_is_kept_and_empties_it(phone: Phone) -> None:
    phone.has_signal(yes=True)
    phone.page.goto(phone.site.path("followups/device/"))
    phone.page.locator("#kept-count", has_text="1").wait_for()
    phone.page.locator("#filled:visible", has_text="Filled").wait_for()
    phone.page.get_by_role("button", name="Empty this device").click()
    phone.page.locator("#kept-count", has_text="none").wait_for()
    assert not phone.page.evaluate("caches.has('day')")
    phone.page.get_by_role("button", name="Fill now").click()
    phone.page.locator("#kept-count", has_text="1").wait_for()
