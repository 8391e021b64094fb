"""The forms on a hand-off's page: what each refuses with which words, and who may send it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Note
from crm.kernel import clock
from crm.platform.models import Change
from followups.models import FollowUp
from service.models import HandOff, HandOffQuestion, ProjectTemplate, Promise
from tests.cast import Cast, House
from tests.followups.conftest import Browser
from tests.service.conftest import act, milestone, said
from tests.service.test_hand_off import ready

ANSWER = ("accept", "send-back", "reply", "ask", "list/owe")
PREPARE = ("resubmit", "tell", "promises/add", "promises/remove", "list/tick", "list/untick")
LETTER = "line:HOA letter"


@pytest.fixture
def hand_off(sold: Callable[..., HandOff]) -> HandOff:
    return sold(value=2_385_000)


@pytest.fixture
def form(hand_off: HandOff) -> Callable[..., Any]:
    """Post a form of the page."""

    def post(who: Browser, verb: str, status: int = 302, **typed: Any) -> Any:
        return act(who, f"service/handoffs/{hand_off.uid}/{verb}/", hand_off, status=status, **typed)

    return post


@pytest.mark.parametrize("verb", ANSWER)
def test_sales_gives_no_answer_for_service(rita: Browser, form: Any, verb: str) -> None:
    form(rita, verb, 404, reason="date", note="No", code=LETTER)


@pytest.mark.parametrize("verb", [*ANSWER, *PREPARE])
def test_a_hand_off_of_another_tenant_is_not_found(cast: Cast, form: Any, verb: str) -> None:
    form(Browser(cast.other, cast.otto), verb, 404)


def test_a_hand_off_of_somebody_elses_job_is_not_found(house: House, rita: Browser) -> None:
    other = HandOff.open(open_job(title="Otis Other", member=house.mona, by=house.mona), seller=house.mona, by=None)
    rita.get(f"service/handoffs/{other.uid}/", status=404)
    assert "Otis Other" not in rita.get("service/handoffs/")


def test_the_page_of_a_jobs_hand_off_leads_to_it(house: House, rita: Browser, hand_off: HandOff) -> None:
    answer = rita.client.get(f"{rita.prefix}service/handoffs/job/{hand_off.job.number}/")
    assert answer["Location"].endswith(f"service/handoffs/{hand_off.uid}/")


def test_a_job_that_is_not_sold_has_no_hand_off_to_lead_to(house: House, rita: Browser, job: Job) -> None:
    panel = f"service/handoffs/job/{job.number}/"
    assert rita.client.get(rita.prefix + panel)["Location"].endswith(f"leads/{job.number}/")
    rita.get("service/handoffs/job/999999/", status=404)


def test_accepting_with_another_template_sets_the_job_up_from_it(
    house: House, sam: Browser, hand_off: HandOff, form: Any
) -> None:
    repair = ProjectTemplate.add("Repair", by=None, contact=house.mona, milestones=[milestone("Done", 1, 0)])
    ready(house, hand_off)
    assert said(form(sam, "accept", template=str(repair.pk))) == "Accepted. The project is set up."
    job = Job.objects.get(pk=hand_off.pk)
    assert (job.project.template, job.member) == (repair, house.mona)


def test_accepting_with_no_template_sets_up_none(house: House, sam: Browser, hand_off: HandOff, form: Any) -> None:
    ready(house, hand_off)
    form(sam, "accept", template="")
    assert Job.objects.get(pk=hand_off.pk).project.template is None


def test_what_is_refused_saves_no_reply(house: House, sam: Browser, hand_off: HandOff, form: Any) -> None:
    price = hand_off.promises.get()
    form(sam, "accept", 422, **{f"promise-{price.pk}": "yes"})
    assert Promise.objects.get().answer == ""


def test_a_reply_is_saved_without_an_answer(sam: Browser, hand_off: HandOff, form: Any) -> None:
    price = hand_off.promises.get()
    answer = form(sam, "reply", **{f"promise-{price.pk}": "yes", "template": ""})
    assert said(answer) == "Saved. It is not answered yet."
    assert (Promise.objects.get().answer, hand_off.template, hand_off.state) == ("yes", None, "open")


def test_a_reply_that_is_none_is_left(sam: Browser, hand_off: HandOff, form: Any) -> None:
    form(sam, "reply", **{f"promise-{hand_off.promises.get().pk}": "perhaps"})
    assert Promise.objects.get().answer == ""


@pytest.mark.parametrize(
    ("typed", "words"), [({"reason": "mood", "note": "No"}, "Choose a reason"), ({"reason": "date"}, "before handing")]
)
def test_sending_back_says_why_and_what_to_do(
    sam: Browser, hand_off: HandOff, form: Any, typed: dict[str, str], words: str
) -> None:
    assert words in form(sam, "send-back", 422, **typed).content.decode()
    assert hand_off.state == "open"


def test_answers_can_be_taken_back_and_replies_cannot(sam: Browser, form: Any) -> None:
    form(sam, "reply")
    form(sam, "send-back", reason="date", note="Agree on a date")
    assert [change.kind for change in Change.objects.all()] == ["handoff.returned"]


def test_a_form_that_somebody_overtook_answers_nothing(sam: Browser, hand_off: HandOff) -> None:
    place = f"service/handoffs/{hand_off.uid}/send-back/"
    sam.post(place, {"version": "0", "reason": "date", "note": "No"}, status=409)
    hand_off.refresh_from_db()
    assert hand_off.state == "open"


@pytest.mark.parametrize(("kind", "text"), [("gift", "A hat"), ("date", " ")])
def test_a_promise_says_what_and_of_which_kind(rita: Browser, form: Any, kind: str, text: str) -> None:
    form(rita, "promises/add", 422, kind=kind, text=text)
    assert Promise.objects.count() == 1


def test_a_promise_takes_the_words_of_the_note_it_was_made_in(house: House, rita: Browser, job: Job, form: Any) -> None:
    note = Note.write(job, "We'll be there before June", by=house.rita)
    form(rita, "promises/add", kind="date", text="Before June", source=f"note-{note.pk}")
    promise = Promise.objects.get(kind="date")
    assert (promise.note, promise.words, promise.said_at) == (note, "We'll be there before June", note.at)


def test_words_that_were_typed_come_before_those_of_the_note(house: House, rita: Browser, job: Job, form: Any) -> None:
    note = Note.write(job, "We'll be there before June", by=house.rita)
    form(rita, "promises/add", kind="date", text="Before June", words="In May", source=f"note-{note.pk}")
    assert Promise.objects.get(kind="date").words == "In May"


def test_a_note_of_another_job_is_no_source(house: House, rita: Browser, form: Any) -> None:
    other = open_job(title="Otis Other", member=house.rita, by=house.rita)
    note = Note.write(other, "Otis has a dog", by=house.rita)
    form(rita, "promises/add", kind="date", text="Before June", source=f"note-{note.pk}")
    assert (Promise.objects.get(kind="date").note, Promise.objects.get(kind="date").words) == (None, "")


@pytest.mark.parametrize("source", ["message-1", "note-x", "job-1", "note-", "x" * 400])
def test_a_source_that_is_none_is_left(rita: Browser, form: Any, source: str) -> None:
    form(rita, "promises/add", kind="date", text="Before June", source=source)
    assert Promise.objects.get(kind="date").note is None


def test_a_promise_is_removed_once(rita: Browser, hand_off: HandOff, form: Any) -> None:
    price = hand_off.promises.get()
    assert said(form(rita, "promises/remove", promise=str(price.pk))) == "Removed."
    assert said(form(rita, "promises/remove", promise=str(price.pk))) == "It is already removed."


def test_a_tick_is_taken_off(rita: Browser, hand_off: HandOff, form: Any) -> None:
    form(rita, "list/tick", code=LETTER)
    assert said(form(rita, "list/untick", code=LETTER)) == "Marked as missing."
    assert not hand_off.items.exists()


@pytest.mark.parametrize("verb", ["list/tick", "list/untick", "list/owe"])
def test_a_line_that_is_not_on_the_list_is_refused(sam: Browser, form: Any, verb: str) -> None:
    assert "no longer on the list" in form(sam, verb, 422, code="line:Nonesuch").content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"owner": "nobody", "day": "2026-11-27"}, "Choose who"),
        ({"day": "soon"}, "day in the future"),
        ({"day": "2026-11-24"}, "in the future"),
    ],
)
def test_what_is_owed_is_owed_by_somebody_until_a_day(
    house: House, sam: Browser, form: Any, typed: dict[str, str], words: str
) -> None:
    form(sam, "list/owe", 422, **{"code": LETTER, "owner": str(house.rita.uid)} | typed)
    assert not FollowUp.objects.exists()


def test_a_colleague_who_left_owes_nothing(house: House, sam: Browser, form: Any) -> None:
    house.rita.deactivate(by=house.ada)
    form(sam, "list/owe", 422, code=LETTER, owner=str(house.rita.uid), day="2026-11-27")
    assert not FollowUp.objects.exists()


def test_what_is_owed_is_due_at_five_of_the_members_clock(house: House, sam: Browser, form: Any) -> None:
    form(sam, "list/owe", code=LETTER, owner=str(house.rita.uid), day="2026-11-27")
    assert FollowUp.objects.get().due_at.isoformat() == "2026-11-27T22:00:00+00:00"


@pytest.mark.parametrize("question", ["", "nonesuch"])
def test_a_question_that_is_none_has_no_answer(rita: Browser, form: Any, question: str) -> None:
    assert "no longer open" in form(rita, "tell", 422, question=question, text="Two.").content.decode()


def test_a_question_takes_any_version_of_the_page(sam: Browser, hand_off: HandOff) -> None:
    sam.post(f"service/handoffs/{hand_off.uid}/ask/", {"version": "0", "text": "Two layers?"})
    assert HandOffQuestion.objects.count() == 1


def test_the_page_says_which_of_those_that_wait_it_is(house: House, sam: Browser, hand_off: HandOff) -> None:
    HandOff.open(open_job(title="Otis Other", member=house.mona, by=house.mona), seller=house.mona, by=None)
    HandOff.objects.filter(pk=hand_off.pk).update(due_at=clock.now() - timedelta(days=5))
    page = sam.get(f"service/handoffs/{hand_off.uid}/")
    assert "1 of 2 to answer" in page
