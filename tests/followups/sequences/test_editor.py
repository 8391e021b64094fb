"""The editor of sequences: made, edited without scripts, forked, saved as a version, turned on, walked through."""

import re
from html import unescape
from typing import Any

import html5lib
import pytest
from django.test import Client

from comms.models import Channel, Message
from crm.automation.setup import organization_viewer
from crm.jobs.models import Job
from crm.web.lists.conditions.viewer import Viewer
from followups.sequences.editor.entry_filter import EntryFilter
from followups.sequences.enrolling import enrol
from followups.sequences.models import Sequence, SequenceVersion
from tests.automation.rules import do, rule
from tests.cast import House
from tests.followups.sequences.scenes import TEMPLATE, fork, lead, message, sequence, task, wait
from tests.markup import flat


def browser(house: House, name: str) -> Client:
    client = Client()
    client.force_login(getattr(house, name).user)
    return client


@pytest.fixture
def ada(house: House) -> Client:
    return browser(house, "ada")


def url(house: House, path: str = "") -> str:
    return f"/{house.tenant.slug}/sequences/{path}"


def form(**changes: Any) -> dict[str, Any]:
    """A form as the page sends it: an email, a wait, a call."""
    return {
        "name": "Quote follow-up",
        "version": "",
        "purpose": "quotes",
        "reentry": "once",
        "days": "90",
        "stop": ["answered", "booked"],
        "s0": "do",
        "s0-of": "message.send",
        "s0-action": "message.send",
        "s0-o-template": TEMPLATE,
        "s0-o-first": "email",
        "s0-o-second": "",
        "s0-o-third": "",
        "s0-o-hours": "",
        "s0-otherwise": "call",
        "s1": "wait",
        "s1-count": "2",
        "s1-unit": "working_days",
        "do": "save",
    } | changes


def lines_of(page: str) -> list[str]:
    """The kinds of the lines of the form, in order."""
    return re.findall(r'name="s\d+" value="(\w+)"', page)


def fields_of(page: str) -> dict[str, Any]:
    """What a browser would send of the page's form: the values of its fields."""
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    fields: dict[str, Any] = {}
    form = next(one for one in tree.iter("form") if one.get("id") == "sequence-form")
    for one in form.iter():
        name = one.get("name")
        if one.tag == "input" and name and (one.get("type") != "checkbox" or one.get("checked") is not None):
            if one.get("type") == "checkbox":
                fields.setdefault(name, []).append(one.get("value", "on"))
            else:
                fields[name] = one.get("value", "")
        if one.tag == "select" and name:
            chosen = [each for each in one.iter("option") if each.get("selected") is not None] or list(
                one.iter("option")
            )
            fields[name] = chosen[0].get("value", "") if chosen else ""
    return fields


def test_a_sequence_is_made_as_it_was_typed_and_is_off(house: House, ada: Client) -> None:
    assert "is off: nobody enters" in ada.get(url(house, "new/")).content.decode()
    answer = ada.post(url(house, "new/"), form())
    made = Sequence.objects.get()
    assert answer["Location"] == url(house, f"{made.uid}/")
    assert (made.name, made.mode, made.purpose) == ("Quote follow-up", "off", "quotes")
    definition = made.version.parsed
    assert definition.stops == ("answered", "booked")
    assert definition.steps == (message(otherwise="call"), wait(2, "working_days"))


def test_each_button_keeps_what_was_typed(house: House, ada: Client) -> None:
    page = ada.post(url(house, "new/"), form(do="step:")).content.decode()
    assert lines_of(page) == ["do", "wait", "do"]
    page = ada.post(url(house, "new/"), fields_of(page) | {"do": "fork:"}).content.decode()
    assert lines_of(page) == ["do", "wait", "do", "fork", "no", "end"]
    page = ada.post(url(house, "new/"), fields_of(page) | {"do": "step:3n"}).content.decode()
    assert lines_of(page) == ["do", "wait", "do", "fork", "no", "do", "end"]
    page = ada.post(url(house, "new/"), fields_of(page) | {"do": "up:1"}).content.decode()
    assert lines_of(page) == ["wait", "do", "do", "fork", "no", "do", "end"]
    page = ada.post(url(house, "new/"), fields_of(page) | {"do": "remove:0"}).content.decode()
    assert lines_of(page) == ["do", "do", "fork", "no", "do", "end"]
    assert 'value="Quote follow-up"' in page
    assert not Sequence.objects.exists()


def saved(house: House, *steps: Any, **more: Any) -> tuple[Sequence, str]:
    made = sequence(*steps, **more)
    return made, url(house, f"{made.uid}/")


def edit(client: Client, path: str, **changes: Any) -> Any:
    """Send the form of a sequence's page with changes."""
    return client.post(path, fields_of(client.get(path).content.decode()) | changes)


def test_saving_a_change_makes_a_version_and_those_inside_stay_on_theirs(house: House, ada: Client) -> None:
    made, path = saved(house, message(), wait(2), task())
    first = made.version
    answer = edit(ada, path, **{"s1-count": "3", "do": "save"})
    assert answer.status_code == 302
    made = Sequence.objects.select_related("version").get()
    assert (made.version.number, made.version.parsed.steps[1]) == (2, wait(3))
    assert SequenceVersion.objects.get(pk=first.pk).parsed.steps[1] == wait(2)
    page = flat(ada.get(f"{path}versions/").content.decode())
    assert "2. Wait 3 days" in page
    assert "2. Wait 2 days" in page
    ada.post(f"{path}versions/back/", {"number": "1"})
    assert Sequence.objects.select_related("version").get().version.parsed.steps[1] == wait(2)


def test_an_unchanged_form_makes_no_version_and_counts_no_change(house: House, ada: Client) -> None:
    _made, path = saved(
        house, message("sms", "email"), wait(2), fork("visited", [task()], [message()]), task(unanswered="end")
    )
    page = ada.get(path).content.decode()
    assert "Version 1, saved." in flat(page)
    ada.post(path, fields_of(page) | {"do": "save"})
    assert Sequence.objects.select_related("version").get().version.number == 1


def test_changes_are_counted_before_they_are_saved(house: House, ada: Client) -> None:
    _made, path = saved(house, message(), wait(2), task())
    page = flat(edit(ada, path, **{"s1-count": "4", "do": "again"}).content.decode())
    assert "1 change" in page
    assert "to version 1" in page


def test_of_two_who_edit_the_second_is_told(house: House, ada: Client) -> None:
    _made, path = saved(house, message(), wait(2), task())
    mine = fields_of(ada.get(path).content.decode())
    edit(browser(house, "mona"), path, **{"s1-count": "5", "do": "save"})
    answer = ada.post(path, mine | {"s1-count": "6", "do": "save"})
    assert answer.status_code == 409
    assert "Wait 5 days" in answer.content.decode()


def test_what_is_wrong_is_said_at_its_place(house: House, ada: Client) -> None:
    answer = ada.post(url(house, "new/"), form(**{"name": "", "s1-count": "x", "s0-o-template": "gone"}))
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Enter a name.", "Its template no longer exists.", "Enter a number from 0"):
        assert words in page
    answer = ada.post(url(house, "new/"), {"name": "Empty", "purpose": "quotes", "reentry": "once", "do": "save"})
    assert "This sequence does nothing yet. Add a step." in answer.content.decode()


def test_a_fork_asks_conditions_of_its_own(house: House, ada: Client) -> None:
    _made, path = saved(house, message(), fork("visited", [task()], []))
    page = edit(ada, path, **{"s1-question": "conditions", "do": "again"}).content.decode()
    page = ada.post(path, fields_of(page) | {"do": "s1-add:"}).content.decode()
    assert 'name="s1-f0"' in page
    page = ada.post(path, fields_of(page) | {"s1-f0": "priority", "do": "again"}).content.decode()
    ada.post(path, fields_of(page) | {"s1-o0": "is", "s1-v0": "3", "do": "save"})
    made = Sequence.objects.select_related("version").get()
    assert made.version.parsed.steps[1].where == "priority=3"


def test_turning_it_on_shows_first_what_that_means(house: House, ada: Client) -> None:
    made, path = saved(house, message(), wait(2), task())
    made.switch("off", by=None)
    page = flat(ada.get(f"{path}on/").content.decode())
    assert "Nobody is in it, so nothing is sent now." in page
    version = re.search(r'name="version" value="(\w+)"', page)[1]
    assert ada.post(f"{path}on/", {"version": "older"}).status_code == 409
    ada.post(f"{path}on/", {"version": version})
    assert Sequence.objects.get().mode == "on"


def test_a_lead_is_walked_through_and_nothing_is_written(house: House, ada: Client) -> None:
    made, path = saved(house, message(), wait(2), fork("visited", [task()], [message("sms")]), task(title="Last try"))
    page = flat(edit(ada, path, do=f"walk:{house.job.pk}").content.decode())
    assert "not known yet; taken as no here" in page
    assert "Last try" in page
    assert not made.enrolments.exists()


def test_sequences_of_a_purpose_have_an_order(house: House, ada: Client) -> None:
    saved(house, message(), name="First")
    _second, path = saved(house, message(), name="Second")
    assert "behind First" in ada.get(path).content.decode()
    edit(ada, path, place="first", do="save")
    ranks = dict(Sequence.objects.values_list("name", "rank"))
    assert ranks["Second"] < ranks["First"]


@pytest.mark.parametrize("name", ["rita", "sam"])
def test_who_may_not_set_up_sees_it_and_saves_nothing(house: House, name: str) -> None:
    made, path = saved(house, message(), wait(2), task())
    client = browser(house, name)
    page = client.get(path).content.decode()
    assert "savebar" not in page
    fields = fields_of(browser(house, "ada").get(path).content.decode())
    for button in ("save", "on", "off", "step:"):
        assert client.post(path, fields | {"do": button}).status_code == 404
    for act in ("archive", "duplicate", "restore", "on"):
        assert client.post(f"{path}{act}/").status_code == 404
    assert client.get(url(house, "new/")).status_code == 404
    made.refresh_from_db()
    assert (made.archived_at, made.mode) == (None, "on")


def test_archived_duplicated_and_restored(house: House, ada: Client) -> None:
    made, path = saved(house, message(), wait(2), task())
    ada.post(f"{path}duplicate/")
    assert sorted(Sequence.objects.values_list("name", "mode")) == [("Nudge", "on"), ("Nudge (2)", "off")]
    ada.post(f"{path}archive/")
    assert "Archived" in ada.get(url(house)).content.decode()
    ada.post(f"{path}restore/")
    made.refresh_from_db()
    assert (made.archived_at, made.mode) == (None, "off")


def test_a_pack_makes_a_sequence_that_is_off_and_is_offered_once(house: House, ada: Client) -> None:
    assert "pack-quotes" in ada.get(url(house)).content.decode()
    ada.post(url(house, "start/"), {"preset": "quotes"})
    assert list(Sequence.objects.values_list("preset", "mode")) == [("quotes", "off")]
    assert "pack-quotes" not in ada.get(url(house)).content.decode()


def test_a_trigger_that_starts_it_begins_with_the_sequence_chosen(house: House, ada: Client) -> None:
    made, path = saved(house, message())
    form = ada.get(path).content.decode().split('id="start-rule"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="([\w-]+)"\s+value="([^"]*)"', form))
    page = ada.post(f"/{house.tenant.slug}/triggers/new/", fields).content.decode()
    assert f'<option value="{made.pk}" selected>' in page


def test_who_would_enter_by_a_trigger_is_forecast_with_the_first_message(house: House, ada: Client) -> None:
    made, path = saved(house, message())
    start = do("sequence.start", sequence=made.pk)
    rule("job.entered", start, options={"step": house.stage("Reached").pk})
    page = flat(ada.get(path).content.decode())
    assert "Would enter now" in page
    assert re.search(r"leads, first message today, 10:00.AM", page)
    enrol(made, house.job, by=None)
    assert "first message" not in flat(ada.get(path).content.decode())


def test_the_numbers_of_the_forecast_open_their_lists(house: House, ada: Client) -> None:
    made, path = saved(house, message())
    rule("job.entered", do("sequence.start", sequence=made.pk), options={"step": house.stage("Reached").pk})
    page = ada.get(path).content.decode()
    [address] = set(re.findall(r'href="([^"]*enters=[^"]*)"', page))
    assert lead(house).title in ada.get(unescape(address)).content.decode()
    other = sequence(wait(9), name="Other")
    other.put_ahead_of(made, by=None)
    enrol(other, lead(house), by=None)
    page = ada.get(path).content.decode()
    [address] = set(re.findall(r'href="([^"]*enters=[^"]*)"', page))
    listed = flat(ada.get(unescape(address)).content.decode())
    assert lead(house).title in listed
    assert "Held by “Other”." in listed


def test_a_trigger_with_the_condition_of_the_forecast_finds_nobody(house: House) -> None:
    made = sequence(message())
    rule("job.entered", do("sequence.start", sequence=made.pk), options={"step": house.stage("Reached").pk})
    of_rules = EntryFilter().condition("is", f"{made.pk}.in", organization_viewer())
    assert not Job.objects.filter(of_rules).exists()
    assert Job.objects.filter(EntryFilter().condition("is", f"{made.pk}.in", Viewer(house.ada))).exists()


def test_the_text_of_a_step_is_sent_to_oneself(house: House, ada: Client) -> None:
    _made, path = saved(house, wait(2), message())
    page = flat(edit(ada, path, do="mail:1").content.decode())
    assert f"On its way to {house.ada.user.email}." in page
    mail = Message.objects.get()
    assert (mail.address, mail.subject[:5]) == (house.ada.user.email, "Test:")
    assert edit(ada, path, do="mail:0").status_code == 422
    assert edit(ada, path, do="mail:9").status_code == 422
    assert Message.objects.count() == 1


def test_without_a_sender_it_says_why_nothing_was_sent(house: House, ada: Client) -> None:
    _made, path = saved(house, message())
    Channel.objects.all().delete()
    answer = edit(ada, path, do="mail:0")
    assert (answer.status_code, Message.objects.count()) == (422, 0)
    assert "has no email address to send from yet." in answer.content.decode()
