"""The pages of triggers: made, edited without scripts, tried, turned on, gone back to, switched off, looked up."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from crm.automation.definition import Definition, DoStep, Once, RuleLimit, WaitStep
from crm.automation.models import AutomationPolicy, Mode, Rule, RuleRun, RuleVersion, RunState, Silence
from crm.automation.registry import actions
from crm.automation.registry.presets import RulePreset
from crm.automation.span import Span, SpanUnit
from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.platform import features
from crm.platform.models import Member
from crm.platform.tenancy.context import use_tenant
from tests.automation.rules import do, rule, work
from tests.automation.test_engine import MONDAY, move
from tests.cast import Cast, House

URGENT = do("job.prioritize", priority=Priority.URGENT)


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        yield cast.house


def signed_in(member: Member) -> Client:
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def ada(house: House) -> Client:
    return signed_in(house.ada)


def url(house: House, path: str = "") -> str:
    return f"/{house.tenant.slug}/triggers/{path}"


def form(house: House, **changes: Any) -> dict[str, Any]:
    """A form as the page sends it: so long in a step, one condition, one step."""
    return {
        "name": "Quote unanswered",
        "version": "",
        "record": "job",
        "record_of": "job",
        "trigger": "job.stays",
        "trigger_of": "job.stays",
        "t-step": str(house.stage("Quote sent").pk),
        "count": "3",
        "unit": "days",
        "match": "all",
        "f0": "rep",
        "o0": "not",
        "v0": "nobody",
        "g0": "",
        "s0": "do",
        "s0-of": "tell",
        "s0-action": "tell",
        "s0-o-who": "managers",
        "s0-o-text": "Review",
        "once": "value",
        "do": "save",
    } | changes


def test_a_rule_is_made_as_it_was_typed_and_begins_in_the_shadow(house: House, ada: Client) -> None:
    page = ada.get(url(house, "new/")).content.decode()
    assert "starts in test mode" in page
    answer = ada.post(url(house, "new/"), form(house))
    made = Rule.objects.get()
    assert answer["Location"] == url(house, f"{made.uid}/")
    assert (made.name, made.mode) == ("Quote unanswered", Mode.SHADOW)
    assert made.version is not None
    assert Definition.from_json(made.version.definition) == Definition(
        "job",
        "job.stays",
        options={"step": str(house.stage("Quote sent").pk)},
        span=Span(3, SpanUnit.DAYS),
        where="where=rep:not:nobody",
        steps=(DoStep("tell", {"who": "managers", "text": "Review"}),),
    )
    shown = ada.get(url(house, f"{made.uid}/")).content.decode()
    assert "Test mode: it logs" in shown
    assert 'value="Review"' in shown
    listed = ada.get(url(house)).content.decode()
    assert "notify the managers" in listed


WRONG: list[tuple[dict[str, str], str]] = [
    ({"name": " "}, "Enter a name."),
    ({"t-step": "999999"}, "Its step no longer exists."),
    ({"count": "many"}, "Enter a number from 0 to 3,650."),
    ({"v0": ""}, "Choose or fill in a value, or remove the row."),
    ({"broken": "step:is:Long ago"}, "no longer works"),
    ({"s0-action": "gone", "s0-of": "gone"}, "This step no longer exists."),
    ({"s0-o-who": "member:999999"}, "Whoever it notifies no longer exists."),
    ({"s0": "wait", "s0-count": "1", "s0-unit": "days"}, "This trigger does nothing yet. Add a step."),
    ({"once": "days", "days": "often"}, "Enter a number of days."),
    ({"trigger": "job.round", "trigger_of": "job.round"}, "Choose at least one day."),
]


def test_what_is_wrong_is_said_at_its_place_and_nothing_is_saved(house: House, ada: Client) -> None:
    for changes, said in WRONG:
        answer = ada.post(url(house, "new/"), form(house, **changes))
        page = answer.content.decode()
        assert (answer.status_code, said in page, "autofocus" in page) == (422, True, True), said
    assert not Rule.objects.exists()


def test_without_scripts_a_button_shows_the_form_again_with_all_that_was_typed(house: House, ada: Client) -> None:
    def press(do: str, **changes: Any) -> str:
        answer = ada.post(url(house, "new/"), form(house, do=do, **changes))
        assert answer.status_code == 200
        return str(answer.content.decode())

    page = press("wait")
    assert 'name="s1" value="wait"' in page
    assert all(kept in page for kept in ('value="Quote unanswered"', 'value="Review"'))
    two = {"s1": "do", "s1-of": "job.turn", "s1-action": "job.turn", "s1-o-side": "customer"}
    page = press("up:1", **two)
    assert page.index('value="job.turn"') < page.index('value="Review"')
    assert 'name="s1"' not in press("remove-step:0", **two)
    assert 'name="f1"' in press("add")
    assert page.count('name="f0"') == 1
    assert 'name="f0"' not in press("remove:0")
    assert 'name="g1" value="1"' in press("any")
    # Another trigger has other options, and another action too; the rest stays.
    page = press("again", trigger="job.late")
    assert 'name="t-level"' in page
    assert 'name="count"' not in page
    page = press("again", **{"s0-action": "job.move"})
    assert 'name="s0-o-step"' in page
    assert Rule.objects.count() == 0


def test_steps_and_conditions_are_moved_by_hand_or_by_buttons_also_into_an_or_group(house: House, ada: Client) -> None:
    # Four conditions, the last two of them in an or-group; and two steps.
    typed = {"s1": "wait", "s1-count": "7", "s1-unit": "days"}
    for at, (block, days) in enumerate((("", "1"), ("", "2"), ("1", "3"), ("1", "4"))):
        typed |= {f"f{at}": "touched", f"o{at}": "older", f"v{at}": days, f"g{at}": block}

    def after(do: str) -> tuple[list[tuple[str, str]], str]:
        page = ada.post(url(house, "new/"), form(house, do=do, **typed)).content.decode()
        rows = re.findall(r'name="g\d" value="(\d?)".*?name="v\d"[^>]*?value="(\d)"', page, re.DOTALL)
        return rows, "".join(re.findall(r'name="s\d" value="(do|wait)"', page))

    before, steps = after("again")
    assert before == [("", "1"), ("", "2"), ("1", "3"), ("1", "4")]
    assert steps == "dowait"
    assert after("move:1::0")[1] == after("move:0::")[1] == after("up:1")[1] == "waitdo"
    assert after("put:0::")[0] == after("rise:1")[0] == [("", "2"), ("", "1"), ("1", "3"), ("1", "4")]
    assert after("put:1:1:2")[0] == after("sink:1")[0] == [("", "1"), ("1", "2"), ("1", "3"), ("1", "4")]
    assert after("put:2::")[0] == after("rise:2")[0] == [("", "1"), ("", "2"), ("", "3"), ("1", "4")]
    for nothing in ("sink:3", "rise:0", "put:9::", "put:0:7:", "put:x:1:0", "move:9::0", "put:1::1"):
        assert after(nothing) == (before, steps)


def test_two_who_edit_at_once_the_second_keeps_what_they_typed(house: House, ada: Client) -> None:
    made = rule("job.opened", URGENT, name="Mine")
    place = url(house, f"{made.uid}/")
    page = ada.get(place).content.decode()
    assert 'value="propose"' in page, "one about leads may propose"
    token = page.partition('name="version" value="')[2].partition('"')[0]
    assert ada.post(place, form(house, version=token)).status_code == 302
    late = ada.post(place, form(house, version=token, name="Second", **{"s0-o-text": "Kept"}))
    page = late.content.decode()
    assert late.status_code == 409
    assert all(kept in page for kept in ('value="Second"', 'value="Kept"', "Someone else changed this"))
    fresh = page.partition('name="version" value="')[2].partition('"')[0]
    assert ada.post(place, form(house, version=fresh, name="Second")).status_code == 302
    made.refresh_from_db()
    assert (made.name, RuleVersion.objects.filter(rule_id=made.pk).count()) == ("Second", 2), (
        "the same definition makes no version"
    )


def test_a_trial_says_what_would_be_done_and_does_nothing(house: House, ada: Client) -> None:
    move(house, "Quote sent")
    sent = form(house, do="try", q=str(house.job.number), f1="value", o1="min", v1="5000 USD", g1="")
    found = ada.post(url(house, "new/"), sent).content.decode()
    assert f'value="try:{house.job.pk}"' in found
    step = {"s1": "do", "s1-of": "job.prioritize", "s1-action": "job.prioritize", "s1-o-priority": "3"}
    page = ada.post(url(house, "new/"), sent | step | {"do": f"try:{house.job.pk}"}).content.decode()
    assert "would not run: the conditions are not met" in page
    assert "would notify Mona Manager" in page
    assert "is-no" in page
    assert (RuleRun.objects.count(), Job.objects.get(pk=house.job.pk).priority) == (0, Priority.NORMAL)


def test_a_run_says_why_and_a_failed_one_is_tried_again_from_where_it_failed(
    house: House, ada: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = rule(
        "job.entered",
        do("tell", who="managers"),
        URGENT,
        options={"step": house.stage("Reached").pk},
        where="where=rep:not:nobody",
    )
    entry = actions.find_action("job.prioritize")
    assert entry is not None

    def fail(*_: Any) -> Any:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setitem(entry.__dict__, "act", fail)
        move(house, "Reached", by=house.rita)
    run = RuleRun.objects.get()
    place = url(house, f"log/{run.pk}/")
    page = ada.get(place).content.decode()
    for said in ("Rita Rep", "Rep is not", "Failed", "Try again"):
        assert said in page
    assert ada.post(f"{place}stop/").status_code == 302
    assert ada.post(f"{place}retry/").status_code == 302
    work()
    run.refresh_from_db()
    assert (run.state, [entry["step"] for entry in run.log]) == (RunState.DONE, [0, 1, 1]), "told once"
    assert Job.objects.get(pk=house.job.pk).priority == Priority.URGENT
    lead = f"/{house.tenant.slug}/leads/{house.job.number}/"
    assert place in ada.get(lead).content.decode()
    assert place not in signed_in(house.rita).get(lead).content.decode(), "a rep may not see triggers"
    assert made.name in ada.get(url(house, f"log/?rule={made.uid}&state=done")).content.decode()


def test_a_run_that_waits_is_stopped_by_hand(house: House, ada: Client) -> None:
    rule("job.left", WaitStep(Span(1)), URGENT, options={"step": ""})
    move(house, "Reached")
    run = RuleRun.objects.get()
    ada.post(url(house, f"log/{run.pk}/stop/"))
    run.refresh_from_db()
    assert (run.state, run.reason) == (RunState.STOPPED, "Stopped by Ada Admin.")


def test_versions_differ_in_words_and_lead_back(house: House, ada: Client) -> None:
    made = rule("job.opened", URGENT)
    first = made.version
    assert first is not None
    made.edit(Definition("job", "job.opened", steps=(URGENT,), limit=RuleLimit(Once.DAYS, 14)), by=house.ada)
    page = ada.get(url(house, f"{made.uid}/versions/")).content.decode()
    assert "+ At most once every 14 days" in page
    ada.post(url(house, f"{made.uid}/versions/back/"), {"number": "1"})
    made.refresh_from_db()
    assert made.version is not None
    assert (made.version.number, made.version.definition) == (3, first.definition)


def test_what_is_gone_is_shown_as_broken_and_says_what_to_do(house: House, ada: Client) -> None:
    made = rule("job.round", do("job.move", step=999_999), weekdays=(0,), where="where=step:is:Long ago")
    page = ada.get(url(house, f"{made.uid}/")).content.decode()
    for said in ("(deleted)", "Remove it, and add a new one", "run until this is fixed"):
        assert said in page


def test_all_are_switched_off_and_one_customer_alone(house: House, ada: Client) -> None:
    ada.post(url(house, "switches/all/"), {"to": "off"})
    assert "All triggers are off." in ada.get(url(house)).content.decode()
    ada.post(url(house, "switches/all/"), {"to": "on"})
    ada.post(url(house, "switches/person-wins/"), {"hours": "6"})
    assert ada.post(url(house, "switches/person-wins/"), {"hours": "often"}).status_code == 422
    policy = AutomationPolicy.objects.get()
    assert (policy.is_on, policy.person_wins_hours) == (True, 6)
    ada.post(url(house, f"people/{house.cora.uid}/silence/"), {"to": "off"})
    assert Silence.objects.get().person_id == house.cora.pk
    assert house.cora.name in ada.get(url(house, "switches/")).content.decode()
    ada.post(url(house, f"people/{house.cora.uid}/silence/"), {"to": "on"})
    assert not Silence.objects.exists()


def test_it_is_copied_archived_and_restored(house: House, ada: Client) -> None:
    made = rule("job.opened", URGENT, name="One")
    ada.post(url(house, f"{made.uid}/duplicate/"))
    assert Rule.objects.get(name="One (2)").mode == Mode.SHADOW
    ada.post(url(house, f"{made.uid}/archive/"))
    made.refresh_from_db()
    assert made.archived_at
    assert ada.post(url(house, f"{made.uid}/"), form(house)).status_code == 409
    other = rule("job.opened", URGENT, name="One")
    ada.post(url(house, f"{made.uid}/restore/"))
    made.refresh_from_db()
    assert made.archived_at, "another has its name"
    other.rename("Other", by=None)
    ada.post(url(house, f"{made.uid}/restore/"))
    made.refresh_from_db()
    assert (made.archived_at, made.mode) == (None, Mode.OFF)


def test_a_ready_made_one_is_made_once_in_the_shadow(house: House, ada: Client) -> None:
    definition = Definition("job", "job.opened", steps=(URGENT,))

    def missing() -> Definition:
        raise Refused("The template is missing.")

    one = RulePreset(
        key="test.one", group="Tests", name="Alarm", description="For tests.", definition=lambda: definition
    )
    other = RulePreset(key="test.other", group="Tests", name="Broken", description="For tests.", definition=missing)
    with features.extra_features(one, other):
        assert "Alarm" in ada.get(url(house, "ready/")).content.decode()
        for key in ("test.one", "test.one", "test.other"):
            ada.post(url(house, "ready/"), {"preset": key})
        page = ada.get(url(house, "ready/")).content.decode()
    assert "The template is missing." in page
    assert "You already have a trigger from this template." in page
    made = Rule.objects.get()
    assert (made.name, made.preset, made.mode) == ("Alarm", "test.one", Mode.SHADOW)


def test_a_manager_reads_and_changes_nothing(house: House) -> None:
    made = rule("job.opened", URGENT)
    mona, rita = signed_in(house.mona), signed_in(house.rita)
    place = url(house, f"{made.uid}/")
    page = mona.get(place).content.decode()
    assert "Save and turn on" not in page
    assert mona.post(place, form(house)).status_code == 404
    assert mona.post(place, form(house, do="try", q="Hector")).status_code == 200
    assert mona.get(url(house, "new/")).status_code == 404
    assert mona.post(f"{place}on/").status_code == 404
    assert rita.get(url(house)).status_code == 404


def test_what_came_of_its_messages_is_read_with_the_page_and_not_with_each_trial(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm.automation.views.side.rule_figures", lambda *_args: ["412 messages sent"])
    made = rule("job.opened", URGENT)
    client, place = signed_in(house.ada), url(house, f"{made.uid}/")
    assert "412 messages sent" in client.get(place).content.decode()
    tried = client.post(place, form(house, do="try", q="Cora"), headers={"HX-Request": "true"}).content.decode()
    assert 'id="rule-figures" hx-preserve' in tried
    assert "412 messages" not in tried
    # Without scripts the whole page is drawn, with it.
    assert "412 messages sent" in client.post(place, form(house, do="try", q="Cora")).content.decode()
