"""One suggestion with its evidence, in a stated order; put aside by one member; accepted it opens a form, no more."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assistant.models import AssistantSetup, FollowUpPattern, SuggestionAnswer
from assistant.models.suggestion_answer import NOT_NOW, SuggestionKind
from assistant.suggestions.choice import FINDERS, choose_suggestion
from assistant.suggestions.figures import suggestion_figures
from assistant.suggestions.next_steps import promise_kind
from assistant.suggestions.patterns import LEAST_TIMES, store_patterns
from assistant.suggestions.suggestion import Suggestion, SuggestionSubject
from crm.automation.editor.draft_address import draft_query
from crm.automation.editor.rule_draft import RuleDraft
from crm.automation.models import Rule
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.kernel import clock
from crm.people.models import DuplicateCandidate, Person, ProfilingObjection
from crm.platform.models import Brand, Member
from crm.web.reader import Reader
from followups.automation.presets.parts import build_definition, plan_follow_up
from followups.models import FollowUp
from followups.neglect.models import Neglect
from quotes.models import Quote
from tests.cast import Cast, House
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def suggest(house: House, record: Any = None, by: Member | None = None) -> Suggestion | None:
    member = by or house.rita
    subject = record or Job.objects.get(pk=house.job.pk)
    return choose_suggestion(SuggestionSubject(subject, member, Reader.of(member, clock.now()), house.tenant.slug))


def kind_of(suggestion: Suggestion | None) -> str:
    return suggestion.kind if suggestion else ""


PROMISE = "I will call you on Friday about the colour."


def plan(house: House, job: Job | None = None, **fields: Any) -> FollowUp:
    values = {"kind": "call", "subject": "Call", "due_at": clock.now() + timedelta(days=2), "by": house.rita}
    return FollowUp.plan(job=job or Job.objects.get(pk=house.job.pk), **(values | fields))


def test_the_kinds_are_asked_in_their_stated_order() -> None:
    assert list(FINDERS) == SuggestionKind.values


def test_a_promise_without_a_follow_up_is_suggested_with_its_message(house: House, says: Any) -> None:
    says(PROMISE, by=house.rita)
    suggestion = suggest(house)
    assert suggestion is not None
    assert suggestion.kind == SuggestionKind.PROMISE
    assert suggestion.evidence[0].words == f"“{PROMISE}”"
    assert "#e" in suggestion.evidence[0].url
    assert "kind=call" in suggestion.accept_url
    plan(house)
    assert kind_of(suggest(house)) == ""


def test_the_type_follows_the_words_of_the_promise() -> None:
    assert promise_kind("Ik bel u morgen.") == "call"
    assert promise_kind("We will send you the drawing.") == "email"
    assert promise_kind("We will look into it.") == "task"


def test_an_open_lead_without_a_next_step_is_suggested_one(house: House) -> None:
    assert kind_of(suggest(house)) == SuggestionKind.NEXT_STEP


def test_a_quote_that_rests_is_asked_about(house: House) -> None:
    quote = Quote.create(house.job, by=house.rita)
    long_ago = clock.now() - timedelta(days=5)
    Quote.objects.filter(pk=quote.pk).update(state="sent", sent_at=long_ago, sent_version=1)
    suggestion = suggest(house)
    assert suggestion is not None
    assert suggestion.kind == SuggestionKind.QUOTE
    assert "was sent 5 days ago" in suggestion.evidence[0].words


def test_a_follow_up_without_a_date_is_named(house: House) -> None:
    undated = plan(house, due_at=None, subject="Send the drawing")
    suggestion = suggest(house)
    assert suggestion is not None
    assert suggestion.kind == SuggestionKind.DATE
    assert str(undated.uid) in suggestion.accept_url


def test_a_possible_duplicate_is_shown_to_who_may_merge(house: House) -> None:
    plan(house)
    twin = Person.objects.create(name="Cora Customer")
    open_job(title="Twin", person=twin, site=None, stage=house.stage("New"), member=house.rita, by=None)
    DuplicateCandidate.objects.create(one=house.cora, other=twin, reason="phone")
    suggestion = suggest(house, by=house.mona)
    assert suggestion is not None
    assert suggestion.kind == SuggestionKind.MERGE
    assert str(twin.uid) in suggestion.accept_url


def neglect(house: House) -> None:
    plan(house)
    Neglect.objects.create(person=house.cora, touched_at=clock.now() - timedelta(days=70), days=60)


def test_a_neglected_customer_is_suggested_with_a_way_to_begin(house: House, says: Any) -> None:
    neglect(house)
    says("Does the warranty cover the gutters?")
    suggestion = suggest(house, record=house.cora)
    assert suggestion is not None
    assert suggestion.kind == SuggestionKind.STARTER
    assert suggestion.evidence[0].words == "No contact for 70 days; 60 are the rule for them."
    assert "Does the warranty cover the gutters?" in suggestion.starters[0]


def test_no_starter_against_an_objection_to_profiling(house: House) -> None:
    neglect(house)
    ProfilingObjection.record(house.cora, by=house.rita)
    assert kind_of(suggest(house, record=house.cora)) == ""


def repeat(house: House, times: int) -> list[Job]:
    """Leads that came to "New", each with the same follow-up soon after."""
    jobs = [
        open_job(title=f"Lead {at}", person=None, site=None, stage=house.stage("New"), member=house.rita, by=house.rita)
        for at in range(times)
    ]
    for at, job in enumerate(jobs):
        plan(house, job, subject="Ask for photos" if at % 2 else "ask for photos")
    return jobs


def test_what_is_repeated_five_times_could_be_a_trigger(house: House) -> None:
    repeat(house, LEAST_TIMES - 1)
    store_patterns()
    assert not FollowUpPattern.objects.exists()
    job = repeat(house, 1)[0]
    store_patterns()
    suggestion = suggest(house, record=job, by=house.ada)
    assert suggestion is not None
    assert suggestion.kind == SuggestionKind.PATTERN
    assert suggestion.evidence[0].words.startswith("1 colleague planned it 5 times")
    draft = RuleDraft.from_form(QueryDict(suggestion.accept_url.partition("?")[2]))
    assert draft.judge(), draft.problems
    assert draft.definition().steps[0].options["count"] == "2"  # type: ignore[union-attr]
    assert kind_of(suggest(house, record=job)) == "", "who may not set up triggers is not asked"


def test_what_a_trigger_does_already_is_not_suggested(house: House) -> None:
    repeat(house, LEAST_TIMES)
    step = str(house.stage("New").pk)
    Rule.add(
        "Photos", build_definition("job", "job.entered", plan_follow_up("call", "x"), options={"step": step}), by=None
    )
    store_patterns()
    assert not FollowUpPattern.objects.exists()


def test_a_draft_travels_whole_through_its_address(house: House) -> None:
    step = str(house.stage("New").pk)
    definition = build_definition(
        "job", "job.entered", plan_follow_up("email", "Photos & “more”", days=3), options={"step": step}
    )
    draft = RuleDraft.from_form(QueryDict(draft_query("A name", definition)))
    assert (draft.name, draft.definition()) == ("A name", definition)


def answer(house: House, value: str, *, by: Member | None = None) -> None:
    suggestion = suggest(house)
    assert suggestion is not None
    SuggestionAnswer.give(suggestion.topic, suggestion.kind, suggestion.key, value, by=by or house.rita)


def test_never_holds_for_the_kind_the_record_and_the_member(house: House) -> None:
    answer(house, "never")
    with clock.at(clock.now() + timedelta(days=400)):
        assert kind_of(suggest(house)) == ""
        assert kind_of(suggest(house, by=house.mona)) == SuggestionKind.NEXT_STEP
        other = open_job(title="B", person=None, site=None, stage=house.stage("New"), member=house.rita, by=None)
        assert kind_of(suggest(house, record=other)) == SuggestionKind.NEXT_STEP


def test_not_now_rests_for_a_week(house: House) -> None:
    answer(house, "not_now")
    assert kind_of(suggest(house)) == ""
    with clock.at(clock.now() + NOT_NOW):
        assert kind_of(suggest(house)) == SuggestionKind.NEXT_STEP


def post_answer(client: Client, house: House, value: str, state: str | None = None) -> Any:
    suggestion = suggest(house)
    assert suggestion is not None
    url = f"/{house.tenant.slug}/suggestions/job/{house.job.number}/answer/"
    return client.post(url, {"kind": suggestion.kind, "state": state or suggestion.key, "answer": value})


def test_accepting_opens_the_form_and_changes_nothing(client: Client, house: House, says: Any) -> None:
    says(PROMISE, by=house.rita)
    client.force_login(house.rita.user)
    page = client.get(f"/{house.tenant.slug}/suggestions/lead/{house.job.number}/").content.decode()
    assert "Plan what was promised." in page
    response = post_answer(client, house, "accepted")
    assert (response.status_code, FollowUp.objects.count()) == (302, 0)
    form = client.get(response["location"]).content.decode()
    assert PROMISE in form
    [figure] = suggestion_figures()
    assert (figure.shown, figure.accepted, figure.percent) == (1, 1, 100)


def test_an_answer_to_what_no_longer_applies_does_nothing(client: Client, house: House) -> None:
    client.force_login(house.rita.user)
    response = post_answer(client, house, "accepted", state="of yesterday")
    assert response["location"].endswith(f"/leads/{house.job.number}/")
    assert not SuggestionAnswer.objects.exclude(answer="").exists()


def test_unknown_answers_records_and_places_are_not_found(client: Client, house: House, cast: Cast) -> None:
    client.force_login(house.rita.user)
    assert post_answer(client, house, "send").status_code == 404
    for place in (f"property/{uuid.uuid4()}", "job/999999", "conversation/1"):
        assert client.post(f"/{house.tenant.slug}/suggestions/{place}/answer/").status_code == 404
    assert client.get(f"/{house.tenant.slug}/suggestions/figures/").status_code == 404


def test_a_switch_hides_suggestions(client: Client, house: House) -> None:
    client.force_login(house.rita.user)
    AssistantSetup.set(by=house.ada, helpers_off=["suggestions:rep"])
    url = f"/{house.tenant.slug}/suggestions/lead/{house.job.number}/"
    assert client.get(url, headers={"hx-request": "true"}).content == b""
    assert not SuggestionAnswer.objects.exists()


def test_the_count_of_queries_does_not_grow(house: House, says: Any) -> None:
    says(PROMISE, by=house.rita)
    suggest(house)
    with CaptureQueriesContext(connection) as few:
        suggest(house)
    for _at in range(6):
        says(PROMISE, by=house.rita)
    with CaptureQueriesContext(connection) as many:
        suggest(house)
    assert len(many) <= len(few)


def test_a_conversation_has_the_suggestion_of_its_lead(house: House) -> None:
    ticket = Ticket.begin(
        brand=Brand.objects.get(), subject="Stain", medium="email", person=house.cora, job=house.job, by=None
    )
    client = Client()
    client.force_login(house.rita.user)
    url = f"/{house.tenant.slug}/suggestions/conversation/{ticket.number}/"
    page = client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert f"/suggestions/job/{house.job.number}/answer/" in page
    Ticket.objects.filter(pk=ticket.pk).update(job=None, person=None)
    assert client.get(url, headers={"HX-Request": "true"}).content == b""
