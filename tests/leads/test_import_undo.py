"""A whole import taken back: what it made goes, what somebody worked on since stays and says why."""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from crm.jobs.models import Job
from crm.jobs.models.assignment import AssignmentRule, Placement
from crm.kernel import clock
from crm.people.models import Company, ContactPoint, Person
from crm.platform.events import events
from crm.platform.models import Due, Event, Team
from crm.platform.tenancy.context import use_tenant
from crm.platform.work import due
from crm.platform.work.tasks import dispatch_events
from followups.models import FollowUp
from leads.models import ImportRow, ImportRun, Lead
from tests.cast import Cast
from tests.leads.importing import everything, signed_in, the_run, totals, upload
from tests.markup import flat

pytestmark = pytest.mark.usefixtures("files")

HEADER = "Name,Company,Email,Phone,Street,City,Claim number,Stage,Notes,Next step,Value\n"
CSV = HEADER + "".join(
    f"Lead {n},Firm {n % 3},lead{n}@example.com,813-555-0{300 + n},{n} Oak St,Tampa,CL-{n},New,Hello,Call,$10\n"
    for n in range(12)
)


def imported(cast: Cast, content: str = CSV) -> tuple[Any, str]:
    client = signed_in(cast.house.mona)
    url = upload(client, cast, content).url
    client.post(url)
    # The next steps become follow-ups, which hang on the leads and go with them.
    while dispatch_events() or due.run_due_work():
        pass
    return client, url


def undo(client: Any, cast: Cast) -> None:
    run = the_run(cast)
    assert client.post(reverse("leads:import_undo", args=[cast.house.tenant.slug, run.uid])).status_code == 302
    while due.run_due_work():
        pass


def test_an_import_is_taken_back_whole(cast: Cast) -> None:
    before = everything(cast)
    with use_tenant(cast.house.tenant):
        clocks = Due.objects.filter(kind="job.clock").count()
    client, url = imported(cast)
    assert everything(cast)["Lead"] == before["Lead"] + 12
    assert everything(cast)["Company"] == before["Company"] + 3
    with use_tenant(cast.house.tenant):
        assert FollowUp.objects.count() == 12
    asked = reverse("leads:import_undo", args=[cast.house.tenant.slug, the_run(cast).uid])
    assert asked in client.get(url).content.decode()
    assert "12 leads added by this import are deleted" in client.get(asked).content.decode()
    assert everything(cast)["Lead"] == before["Lead"] + 12, "asking deletes nothing"
    undo(client, cast)
    assert everything(cast) == before
    run = the_run(cast)
    assert (run.status, run.undone_count, run.kept_count) == ("undone", 12, 0)
    with use_tenant(cast.house.tenant):
        assert Due.objects.filter(kind="job.clock").count() == clocks
        assert Event.objects.filter(kind="import.undone").count() == 1
        assert Event.objects.filter(kind="job.removed").count() == 12
        assert not FollowUp.objects.exists()
    page = client.get(url).content.decode()
    assert "12 leads added by this import were deleted." in flat(page)
    assert "existing lead" not in page
    assert "Undo the whole import" not in page
    assert client.get(asked).url == url, "there is nothing to ask any more"


def test_what_was_taken_back_is_still_called_by_its_customer(cast: Cast) -> None:
    """And a row that was another one's duplicate says that its lead is gone."""
    content = "name,email\nAnn Lee,ann@mail.example\nAnn Lee,ann@mail.example\n"
    client, url = imported(cast, content)
    undo(client, cast)
    taken = flat(client.get(f"{url}?verdict=undone").content.decode())
    assert re.search(r"undone</td>\s*<td>Ann Lee</td>", taken)
    left = flat(client.get(f"{url}?verdict=duplicate").content.decode())
    assert "That lead no longer exists." in left
    assert "That lead no longer exists." not in taken


def test_what_somebody_worked_on_stays_with_its_customer_and_is_listed(cast: Cast) -> None:
    client, url = imported(cast)
    with use_tenant(cast.house.tenant):
        touched = Job.objects.get(title="Lead 5")
        touched.assign_to(cast.house.rita, by=cast.house.mona)
        heard = Job.objects.get(title="Lead 6")
        heard.hear("whatsapp")
    undo(client, cast)
    with use_tenant(cast.house.tenant):
        assert set(Job.objects.exclude(pk=cast.house.job.pk).values_list("title", flat=True)) == {"Lead 5", "Lead 6"}
        assert set(Company.objects.values_list("name", flat=True)) == {"Firm 2", "Firm 0"}
        assert ContactPoint.objects.filter(person=touched.person).count() == 2
        assert ImportRow.objects.exclude(kept="").count() == 2
    page = client.get(f"{url}?verdict=kept").content.decode()
    assert "10 leads added by this import were deleted. 2 leads were kept." in flat(page)
    assert page.count("It was changed after the import.") == 2
    assert totals(page) == {"undone": 10, "kept": 2, "duplicate": 0, "refused": 0}, "as they are now"
    assert "unchanged" in page
    rest = client.get(url).content.decode()
    assert ("unchanged" in rest, "<td>undone</td>" in rest) == (True, False), "nothing is left to show of those"
    gone = client.get(f"{url}?verdict=undone").content.decode()
    assert gone.count("<td>undone</td>") == 10
    runs = client.get(reverse("leads:import", args=["suncoast-test"])).content.decode()
    assert '<td colspan="2">2 kept</td>' in flat(runs)
    assert f"/leads/{touched.number}/" in page


def test_a_lead_whose_customer_was_put_right_since_stays_with_what_was_typed(cast: Cast) -> None:
    client, _url = imported(cast)
    rep = signed_in(cast.house.rita)
    with use_tenant(cast.house.tenant):
        job = Job.objects.get(title="Lead 5")
        job.assign_to(cast.house.rita, by=None)
    correcting = reverse("jobs:correct", args=[cast.house.tenant.slug, job.number])
    page = rep.get(f"{correcting}?part=reach")
    given = {"part": "reach", "version": page.context["version"], "email": "right@example.com"}
    assert rep.post(correcting, given).status_code == 302
    undo(client, cast)
    with use_tenant(cast.house.tenant):
        assert set(Job.objects.exclude(pk=cast.house.job.pk).values_list("title", flat=True)) == {"Lead 5"}
        assert ContactPoint.objects.filter(person=job.person, value="right@example.com").exists()
        assert ImportRow.objects.exclude(kept="").count() == 1
    assert (the_run(cast).undone_count, the_run(cast).kept_count) == (11, 1)


@pytest.mark.parametrize(
    ("passed", "row", "percent"), [(0, 0, 25), (1, 0, 50), (1, 50, 66), (3, 100, 100), (3, 400, 100)]
)
def test_an_undo_goes_on_after_the_leads_and_says_so(passed: int, row: int, percent: int) -> None:
    walk: dict[str, Any] = {"rows": 100, "total": 100, "done": 50, "done_to_row": row}
    run = ImportRun(status="undoing", done_to_byte=passed, **walk)
    assert (run.percent, run.is_tidying) == (percent, passed > 0)


def test_a_person_used_elsewhere_stays(cast: Cast) -> None:
    client, _url = imported(cast)
    with use_tenant(cast.house.tenant):
        person = Person.objects.get(name="Lead 3")
        house_job = Job.objects.get(pk=cast.house.job.pk)
        house_job.parties.create(person=person, role="neighbour")
    undo(client, cast)
    with use_tenant(cast.house.tenant):
        assert Person.objects.filter(pk=person.pk).exists()
        assert not Job.objects.filter(title="Lead 3").exists()


def test_what_a_known_lead_gained_is_taken_off_it_again(cast: Cast) -> None:
    before = everything(cast)
    row = "Cora,Cora BV,cora@suncoast-test-mail.example,813-555-0199,,,,,A note,Call her,$900\n"
    client, _url = imported(cast, HEADER + row)
    with use_tenant(cast.house.tenant):
        job = Job.objects.get(pk=cast.house.job.pk)
        assert (job.value, job.company.name, job.next_step_label) == (90_000, "Cora BV", "Call her")
        assert job.person.contact_points.count() == 3
    assert the_run(cast).update_count == 1
    undo(client, cast)
    with use_tenant(cast.house.tenant):
        job.refresh_from_db()
        assert (job.value, job.company_id, job.next_step_kind) == (None, None, "")
        assert job.person.contact_points.count() == 2
    assert everything(cast) == before


def test_an_undo_that_dies_goes_on(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (
        ("writing.batches.BATCH", 4),
        ("runs.ImportKind.small", 5),
        ("runs.ImportKind.size", 8),
        ("writing.undo.BATCH", 3),
    ):
        monkeypatch.setattr(f"leads.importing.{name}", size)
    before = everything(cast)
    client = signed_in(cast.house.mona)
    url = upload(client, cast, CSV).url
    while due.run_due_work():
        pass
    client.post(url)
    while due.run_due_work():
        pass
    recorded, dying = events.record_all, [True]

    def die_once(facts: Any, **more: Any) -> Any:
        found = recorded(facts, **more)
        if dying and facts and facts[0].kind == "job.removed":
            dying.pop()
            raise ConnectionError
        return found

    monkeypatch.setattr(events, "record_all", die_once)
    undo(client, cast)
    # A tick makes one slice; among them are those that compute the days anew which the leads came in on.
    for _again in range(12):
        with clock.at(clock.now() + timedelta(minutes=10)):
            due.run_due_work()
    assert not dying
    assert (the_run(cast).status, the_run(cast).undone_count) == ("undone", 12)
    assert everything(cast) == before


def test_a_file_undone_can_be_imported_again(cast: Cast) -> None:
    client, _url = imported(cast)
    undo(client, cast)
    page = client.get(upload(client, cast, CSV).url).content.decode()
    assert totals(page)["new"] == 12


def test_cancelling_stops_between_batches_and_the_rest_can_follow(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("writing.batches.BATCH", 4), ("runs.ImportKind.small", 5), ("runs.ImportKind.size", 4)):
        monkeypatch.setattr(f"leads.importing.{name}", size)
    client = signed_in(cast.house.mona)
    url = upload(client, cast, CSV).url
    while due.run_due_work():
        pass
    client.post(url)
    due.run_due_work()
    cancel = reverse("leads:import_cancel", args=[cast.house.tenant.slug, the_run(cast).uid])
    assert [client.post(cancel).status_code for _twice in range(2)] == [302, 302]
    while due.run_due_work():
        pass
    run = the_run(cast)
    with use_tenant(cast.house.tenant):
        assert (run.status, run.done, Lead.objects.count()) == ("cancelled", 4, 5)
        assert Event.objects.filter(kind="import.cancelled", actor=cast.house.mona).count() == 1
    client.post(url)
    while due.run_due_work():
        pass
    with use_tenant(cast.house.tenant):
        assert (the_run(cast).status, Lead.objects.count()) == ("done", 13)
    undo(client, cast)
    with use_tenant(cast.house.tenant):
        assert Lead.objects.count() == 1


@pytest.mark.parametrize("goes_on", [False, True])
def test_a_cancelled_import_is_undone_up_to_where_it_came(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, goes_on: bool
) -> None:
    """What the check had said of the rows behind it was never done, so there is nothing to take back of it."""
    for name, size in (("writing.batches.BATCH", 4), ("runs.ImportKind.small", 5), ("runs.ImportKind.size", 4)):
        monkeypatch.setattr(f"leads.importing.{name}", size)
    client = signed_in(cast.house.mona)
    bad = ",,,,,,,,,,$5\n"
    known = "C. Customer,,cora@suncoast-test-mail.example,813-555-0399,,,,,,,\n"
    url = upload(client, cast, CSV.replace("Lead 3,", f"{bad}Lead 3,") + bad + known).url
    while due.run_due_work():
        pass
    client.post(url)
    due.run_due_work()
    client.post(reverse("leads:import_cancel", args=[cast.house.tenant.slug, the_run(cast).uid]))
    if goes_on:
        client.post(url)
        while due.run_due_work():
            pass
    refused = client.get(reverse("leads:import_refusals", args=[cast.house.tenant.slug, the_run(cast).uid]))
    text = b"".join(refused.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.count("$5") == (2 if goes_on else 1), "those it came to"
    undo(client, cast)
    run, made = the_run(cast), 13 if goes_on else 3
    assert (run.status, run.undone_count, run.kept_count) == ("undone", made, 0)
    told = "12 leads added by this import were deleted. 1 existing lead was reset to its state before the import."
    told = told if goes_on else "3 leads added by this import were deleted."
    assert told in flat(client.get(url).content.decode())
    with use_tenant(cast.house.tenant):
        assert Lead.objects.count() == 1


def test_what_a_known_customer_and_lead_gained_is_taken_off_again(cast: Cast) -> None:
    before, cora = everything(cast), "cora@suncoast-test-mail.example"
    imported(cast, f"Name,Email,Phone,Title\nCora,{cora},,Roof\nCora,{cora},813-555-0398,Gutters\n")
    with use_tenant(cast.house.tenant):
        assert set(Job.objects.values_list("title", flat=True)) == {"Roof", "Gutters"}
        assert ContactPoint.objects.get(value="+18135550398").person_id == cast.house.cora.pk
    undo(signed_in(cast.house.mona), cast)
    assert everything(cast) == before
    with use_tenant(cast.house.tenant):
        assert Job.objects.get().title == "Cora Customer"


def test_a_lead_that_went_with_its_row_is_not_told_as_left(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("writing.batches.BATCH", "writing.undo.BATCH"):
        monkeypatch.setattr(f"leads.importing.{name}", 1)
    client, url = imported(cast, "Name,Email,Value\nRob,rob@example.com,\nRob,rob@example.com,$10\n")
    assert the_run(cast).update_count == 1
    undo(client, cast)
    assert (the_run(cast).undone_count, the_run(cast).kept_count) == (2, 0)
    assert "It no longer exists." not in client.get(url).content.decode()


def test_leads_are_counted_not_rows(cast: Cast) -> None:
    """Of a lead the file itself made, a second row is no lead you had before; nor are two rows of one lead two."""
    cora = "Cora,cora@suncoast-test-mail.example"
    content = "Name,Email,Value,Phone\nRob,rob@example.com,,\nAnn,ann@example.com,,\nRob,rob@example.com,$10,\n"
    client, url = imported(cast, f"{content}{cora},$20,\n{cora},,813-555-0398\n")
    run = the_run(cast)
    assert (run.new_count, run.update_count) == (2, 3)
    asked = flat(client.get(reverse("leads:import_undo", args=[cast.house.tenant.slug, run.uid])).content.decode())
    assert "2 leads added by this import are deleted" in asked
    assert "1 existing lead is reset to its state before the import." in asked
    with use_tenant(cast.house.tenant):
        Job.objects.get(title="Ann").assign_to(cast.house.rita, by=cast.house.mona)
    undo(client, cast)
    page = flat(client.get(url).content.decode())
    assert (
        "1 lead added by this import was deleted. 1 existing lead was reset to its state before the import. "
        "1 lead was kept."
    ) in page
    assert totals(page)["undone"] == 4, "of the rows"
    assert "1 kept" in flat(client.get(reverse("leads:import", args=["suncoast-test"])).content.decode())


def test_the_rules_give_out_what_was_imported_and_that_is_no_work_on_it(cast: Cast) -> None:
    """Engine after the end, the page says how many went to whom; follow-ups go along; an undo takes all of it back."""
    house = cast.house
    with use_tenant(house.tenant):
        pair = Team.create("Pair", by=house.ada)
        for member in (house.rita, house.sam):
            pair.add(member, by=house.ada)
        AssignmentRule.add("leads", "All", team=pair, by=house.ada)
    client, url = imported(cast)
    with use_tenant(house.tenant):
        made = Job.objects.exclude(pk=house.job.pk)
        given = Counter(made.values_list("member", flat=True))
        # Rita has the cast's lead besides: nobody has more than one more than the other.
        assert (given[house.rita.pk] + 1 - given[house.sam.pk]) in (0, 1)
        assert sum(given.values()) == 12
        assert all(row.assignee_id == row.job.member_id for row in FollowUp.objects.select_related("job"))
        assert Placement.objects.filter(kind="leads", member__isnull=False).count() == 12
    page = flat(client.get(url).content.decode())
    part = flat(client.get(url, headers={"HX-Request": "true", "HX-Target": "owners"}).content.decode())
    for member in (house.rita, house.sam):
        assert f"<bdi>{member.name}</bdi> {given[member.pk]}</li>" in page
        assert f"<bdi>{member.name}</bdi> {given[member.pk]}</li>" in part
    assert "Nobody yet" not in page
    undo(client, cast)
    assert (the_run(cast).undone_count, the_run(cast).kept_count) == (12, 0)
