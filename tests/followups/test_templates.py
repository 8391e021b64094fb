"""Templates of follow-ups: planned by one click or for many, the team's and one's own, with their success."""

import re
from datetime import UTC, datetime, time
from typing import Any

import html5lib
import pytest

from crm.jobs.models import Job, Priority
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import Person
from crm.platform.tenancy.context import use_tenant
from followups.assignment.template_plan import due_time
from followups.models import FollowUp, FollowUpTemplate
from followups.models.template import TemplateAssignee
from followups.planning_templates.setup import templates_for
from followups.planning_templates.success import success_by_template

VALUES: dict[str, Any] = {
    "name": "Quote follow-up",
    "kind": "call",
    "subject": "Ask about the quote",
    "after": 2,
    "clock": time(10),
    "priority": Priority.HIGH,
    "notes": "Mention the warranty",
}
FORM = {**VALUES, "unit": "working", "clock": "10:00", "assignee": "owner", "priority": "2"}
UNDO = re.compile(r'action="/[^/"]+/(undo/[0-9a-f-]{36}/)"')


def build_template(house: Any, owner: Any = None, **changed: Any) -> FollowUpTemplate:
    with use_tenant(house.tenant):
        return FollowUpTemplate.add(owner=owner, by=house.mona, **VALUES | changed)


def test_it_is_due_after_working_days_at_its_time(house: Any) -> None:
    template = build_template(house)
    with use_tenant(house.tenant):
        # From a Wednesday on, by the clock of New York.
        assert due_time(template, clock.now(), house.rita.pk) == datetime(2026, 11, 27, 15, tzinfo=UTC)
        template.after = 3
        assert due_time(template, clock.now(), house.rita.pk) == datetime(2026, 11, 30, 15, tzinfo=UTC)
        template.unit = "days"
        assert due_time(template, clock.now(), house.rita.pk) == datetime(2026, 11, 28, 15, tzinfo=UTC)
        template.after = 0
        assert due_time(template, clock.now(), house.rita.pk) == datetime(2026, 11, 26, 15, tzinfo=UTC)


def test_one_click_in_the_dialog_plans_by_it(house: Any, as_member: Any) -> None:
    template, mona = build_template(house), as_member("mona")
    assert "Quote follow-up" in mona.get(f"followups/new/?job={house.job.number}", htmx=True)
    data = {"template": str(template.uid), "job": str(house.job.number), "come_from": "dialog", "text": ""}
    told = mona.post("followups/new/", data, status=200, htmx=True).content.decode()
    with use_tenant(house.tenant):
        row = FollowUp.objects.get()
        assert (row.subject, row.priority, row.notes) == ("Ask about the quote", Priority.HIGH, "Mention the warranty")
        assert (row.assignee_id, row.job_id, row.template_id) == (house.rita.pk, house.job.pk, template.pk)
        assert Job.objects.get(pk=house.job.pk).next_step_label == "Ask about the quote"
    mona.post(UNDO.search(told)[1], {}, status=200, htmx=True)
    with use_tenant(house.tenant):
        assert not FollowUp.objects.open().exists()


def test_an_archived_one_plans_nothing(house: Any, as_member: Any) -> None:
    template = build_template(house)
    with use_tenant(house.tenant):
        template.archive(by=house.mona)
    data = {"template": str(template.uid), "come_from": "dialog"}
    page = as_member("rita").post("followups/new/", data, status=422, htmx=True).content.decode()
    assert "no longer available" in page


def test_one_of_a_colleague_is_not_offered(house: Any) -> None:
    own, _team = build_template(house, owner=house.rita), build_template(house)
    with use_tenant(house.tenant):
        assert own in templates_for(house.rita)
        assert own not in templates_for(house.mona)
        with pytest.raises(Refused, match="already exists"):
            FollowUpTemplate.add(owner=house.rita, by=house.rita, **VALUES)


def test_success_is_counted_by_template(house: Any) -> None:
    template = build_template(house)
    with use_tenant(house.tenant):
        rows = [
            FollowUp.plan(
                kind="call", subject="Ask", due_at=clock.now(), by=house.rita, job=house.job, template=template
            )
            for _number in range(4)
        ]
        for row, outcome in zip(rows, ["successful", "successful", "no_answer"], strict=False):
            row.complete(outcome, by=house.rita)
        success = success_by_template()[template.pk]
        assert (success.planned, success.completed, success.percent_successful) == (4, 3, 67)


def test_members_add_their_own_and_managers_the_teams(house: Any, as_member: Any) -> None:
    rita, mona = as_member("rita"), as_member("mona")
    html5lib.HTMLParser(strict=True).parse(rita.get("followups/templates/"))
    version = re.search(r'name="version" value="(\w+)"', rita.get("followups/templates/"))[1]
    rita.post("followups/templates/add/", FORM | {"version": version, "whose": "team"})
    with use_tenant(house.tenant):
        own = FollowUpTemplate.objects.get()
        assert own.owner_id == house.rita.pk
    version = re.search(r'name="version" value="(\w+)"', mona.get("followups/templates/"))[1]
    mona.post("followups/templates/add/", FORM | {"version": version, "whose": "team"})
    assert "only mine" in rita.get("followups/templates/")
    assert "only mine" not in mona.get("followups/templates/")
    version = re.search(r'name="version" value="(\w+)"', mona.get("followups/templates/"))[1]
    mona.post(f"followups/templates/{own.pk}/archive/", {"version": version}, status=404)


def test_a_form_that_is_not_filled_in_says_so(house: Any, as_member: Any) -> None:
    mona = as_member("mona")
    version = re.search(r'name="version" value="(\w+)"', mona.get("followups/templates/"))[1]
    data = FORM | {"version": version, "after": "999", "subject": ""}
    page = mona.post("followups/templates/add/", data, status=422).content.decode()
    assert "Due after: " in page
    assert "Subject: " in page


def test_many_customers_get_one_each_and_one_undo_takes_all_back(house: Any, as_member: Any) -> None:
    template, mona = build_template(house), as_member("mona")
    with use_tenant(house.tenant):
        people = [house.cora, *(Person.objects.create(name=name) for name in ("Ann", "Ben"))]
    data = {"list": "people", "pick": [person.pk for person in people], "template": str(template.uid)}
    page = mona.post("followups/new/many/", data, status=200, htmx=True).content.decode()
    html5lib.HTMLParser(strict=True).parseFragment(page)
    assert "3 customers are selected." in page
    assert "for 3 customers." in page
    told = mona.post("followups/new/many/", data | {"apply": "1"}, status=200, htmx=True).content.decode()
    assert "Planned for 3 customers: Ask about the quote" in told
    with use_tenant(house.tenant):
        owners = dict(FollowUp.objects.values_list("person_id", "assignee_id"))
        # The owner of her lead; of the others, who plans it.
        assert owners == {people[0].pk: house.rita.pk, people[1].pk: house.mona.pk, people[2].pk: house.mona.pk}
        assert set(FollowUp.objects.values_list("template_id", flat=True)) == {template.pk}
    mona.post(UNDO.search(told)[1], {}, status=200, htmx=True)
    with use_tenant(house.tenant):
        assert not FollowUp.objects.open().exists()


def test_leads_are_planned_for_by_a_template_too(house: Any, as_member: Any) -> None:
    rule = {"assignee_rule": TemplateAssignee.MEMBER, "member_id": house.sam.pk}
    template, mona = build_template(house, **rule), as_member("mona")
    data = {"pick": [house.job.number], "template": str(template.uid), "apply": "1"}
    assert "Planned for 1 lead" in mona.post("followups/new/many/", data, status=200, htmx=True).content.decode()
    with use_tenant(house.tenant):
        assert FollowUp.objects.get().assignee_id == house.sam.pk


def test_what_it_plans_has_its_length_and_reminders(house: Any, as_member: Any) -> None:
    mona = as_member("mona")
    version = re.search(r'name="version" value="(\w+)"', mona.get("followups/templates/"))[1]
    reminders = {"reminded": "own", "number": ["2", ""], "unit": ["hours", "days"], "channel": ["email", "app"]}
    given = FORM | {"version": version, "whose": "team", "minutes": "30"} | reminders
    wrong = mona.post("followups/templates/add/", given | {"number": ["x", ""]}, status=422).content.decode()
    assert "whole number" in wrong
    mona.post("followups/templates/add/", given)
    with use_tenant(house.tenant):
        template = FollowUpTemplate.objects.get()
        people = [house.cora.pk]
    assert (template.own_minutes, template.own_reminders) == (30, [[120, "email"]])
    mona.post("followups/new/", {"template": str(template.uid)})
    data = {"list": "people", "pick": people, "template": str(template.uid), "apply": "1"}
    mona.post("followups/new/many/", data, status=200, htmx=True)
    with use_tenant(house.tenant):
        assert {(row.minutes, str(row.own_reminders)) for row in FollowUp.objects.all()} == {(30, "[[120, 'email']]")}
        assert FollowUp.objects.count() == 2


@pytest.mark.parametrize("htmx", [True, False])
def test_enter_plans_the_line_and_not_the_first_template(house: Any, as_member: Any, htmx: bool) -> None:
    build_template(house)
    page = as_member("mona").get("followups/new/", htmx=htmx)
    form = page[page.index("<form", page.index("<form") + 1 if "find-customers" in page else 0) :]
    first_submit = next(one for one in re.findall(r"<button[^>]*>", form) if 'type="button"' not in one)
    assert 'name="template"' in form
    assert "name=" not in first_submit
