"""A customer's YAML becomes rules as it stands, and comes back as it was."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from comms.library.seeding import create_library
from crm.automation.definition import Definition
from crm.automation.models import Mode, Rule
from crm.automation.setup import ReadRule
from crm.kernel.refusal import Refused
from crm.platform.tenancy.context import use_tenant
from followups.automation.status.rules import export_triggers, import_triggers
from tests.automation.test_editor import signed_in
from tests.cast import Cast, House

# As a customer wrote it.
BRIEF = """
status_triggers:
  new_order:
    channels: [email]
    template: order_confirmation
    delay: immediate

  quote_sent:
    channels: [email, sms]
    template: quote_notification
    delay: immediate
    follow_up: 3_days

  scheduled:
    channels: [email, sms, whatsapp]
    template: appointment_confirmation
    delay: immediate
    reminder: 1_day_before

  completed:
    channels: [email]
    template: completion_thank_you
    delay: immediate
    survey: 7_days

  on_hold:
    channels: [email, sms]
    template: hold_notification
    delay: immediate
    follow_up: weekly
"""


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with use_tenant(cast.house.tenant):
        create_library(["en"])
        yield cast.house


def test_it_is_imported_as_it_stands_and_comes_back(house: House) -> None:
    done = import_triggers(BRIEF, by=house.ada)
    assert done.added == (
        *("New order", "Quote sent", "Scheduled", "Completed"),
        *("Completed: survey", "On hold", "On hold: every week"),
    )
    assert done.left == ("scheduled: set reminders under Settings, Appointment types",)
    for row in Rule.objects.select_related("version"):
        assert row.mode == Mode.SHADOW
        assert ReadRule.of(row, Definition.from_json(row.version.definition)).problem == "", row.name
    wanted: dict[str, Any] = yaml.safe_load(BRIEF)
    del wanted["status_triggers"]["scheduled"]["reminder"]
    assert yaml.safe_load(export_triggers()) == wanted
    again = import_triggers(BRIEF, by=house.ada)
    assert (again.added, len(again.edited)) == ((), 7)
    assert {row.version.number for row in Rule.objects.select_related("version")} == {1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "This is not valid YAML"),
        ("other: 1", "no status_triggers"),
        ("!!python/object/apply:os.system ['true']", "This is not valid YAML"),
        ("status_triggers: {unheard_of: {channels: [email], template: order_confirmation}}", "you have no step"),
        (
            "status_triggers: {new_order: {channels: [fax], template: order_confirmation}}",
            "choose one to three channels",
        ),
        ("status_triggers: {new_order: {channels: [email], template: nothing}}", "there is no template"),
        ("status_triggers: {new_order: {channels: [email], template: welcome, delay: soon}}", "is not a valid time"),
        ("status_triggers: {new_order: {colour: red}}", "unknown field “colour”"),
        ("x" * 70_000, "too large for a list"),
    ],
)
def test_what_it_does_not_understand_is_said_and_changes_nothing(house: House, text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        import_triggers(text, by=None)
    assert not Rule.objects.exists()


def test_the_command_reads_a_file_and_writes_one(house: House, tmp_path: Path) -> None:
    file, out = tmp_path / "triggers.yaml", StringIO()
    file.write_text(BRIEF.replace("quote_sent", "follow_up").replace("scheduled:", "visit_booked:"))
    slug = house.tenant.slug
    call_command("import_triggers", str(file), tenant=slug, stdout=out)
    assert "added: Follow up" in out.getvalue()
    call_command("import_triggers", tenant=slug, export=True, stdout=(written := StringIO()))
    assert "visit_booked" in written.getvalue()
    with pytest.raises(CommandError, match="There is no organization"):
        call_command("import_triggers", str(file), tenant="nobody")


BOMB = "a: &a [x]\nstatus_triggers: {new_order: {channels: *a}}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, "refers to itself"),
        ("[" * 60_000, "no status_triggers"),
        ("status_triggers: {new_order: {channels: [{a: 1}], template: welcome}}", "choose one to three channels"),
        ("status_triggers:\n  new_order: {channels: [email], template: welcome}\n  new_order: {}", "appears twice"),
        ("status_triggers: {2026-13-45: {}}", "This is not valid YAML"),
        ("status_triggers: {" + "x" * 80 + ": {}}", "is too long"),
    ],
)
def test_what_would_harm_is_refused(house: House, text: str, said: str) -> None:
    with pytest.raises(Refused, match=said):
        import_triggers(text, by=None)


def test_the_page_shows_line_by_line_what_would_be_made_and_then_makes_it(house: House) -> None:
    client, slug = signed_in(house.ada), house.tenant.slug
    page, given = f"/{slug}/followups/triggers/", BRIEF.replace("on_hold:", "on_ice:").replace("immediate", "soon", 1)
    assert page in client.get(f"/{slug}/triggers/ready/").content.decode()
    file = SimpleUploadedFile("triggers.yaml", given.encode())
    shown = client.post(page, {"file": file}).content.decode()
    for words in (
        "Line 3: new_order: “soon” is not a valid time",
        "you have no step with this name",
        "Completed: survey",
    ):
        assert words in shown
    assert "Create 4 triggers" in shown
    assert not Rule.objects.exists(), "nothing is made before somebody has seen it"
    assert client.get(page + "status_triggers.yaml").content == b"status_triggers: {}\n"
    Rule.add("Scheduled", Definition("job", "job.opened"), by=None)
    assert client.post(page, {"text": given, "do": "make"}).status_code == 302
    made = Rule.objects.filter(preset__startswith="yaml.").values_list("name", "mode")
    assert dict(made) == dict.fromkeys(("Quote sent", "Scheduled (2)", "Completed", "Completed: survey"), Mode.SHADOW)
    written = client.get(page + "status_triggers.yaml")
    assert "attachment" in written["Content-Disposition"]
    again = client.post(page, {"text": written.content.decode()}).content.decode()
    assert "as it is" in again
    assert "Everything is already as in the file." in again
    assert "else by nothing" not in shown + again
    for wrong, words in ((b"\x89PNG\xff", "Choose a YAML file"), (b"x" * 70_000, "too large for a list")):
        answer = client.post(page, {"file": SimpleUploadedFile("a.png", wrong)})
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert signed_in(house.rita).get(page).status_code == 404
