"""What changes between the trigger and its message: sent as it is by then, or not, and the run says why."""

from collections.abc import Callable, Iterator

import pytest

from comms.gate.consent import consents
from comms.gate.consent.suppressions import suppress
from comms.models import Channel, Message, Suppression, Template
from comms.rendering.content import clean
from crm.automation.definition import WaitStep
from crm.automation.models import RuleRun
from crm.automation.span import Span
from crm.kernel import clock
from crm.people.erasure import erase
from crm.people.merging.merge import merge
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand
from followups.automation.presets import parts
from tests.automation.rules import rule, work
from tests.cast import Cast, House
from tests.followups.preset_acts import DAY, MONDAY, lead, writing


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    with writing(cast) as house:
        yield house


def template() -> Template:
    found: Template = Template.objects.get(key="checking_in")
    return found


def edited(house: House) -> None:
    content = clean("email", {"subject": "New words", "body": "As it is written now."})
    template().write("email", "en", content, by=house.mona).approve(by=house.ada)


def archived(house: House) -> None:
    template().archive(by=house.ada)


def merged(house: House) -> None:
    kept = Person.objects.create(name="Cora of the other record")
    ContactPoint.objects.create(person=kept, kind="email", value="cora.other@example.com")
    merge(kept, house.cora, by=house.ada)


def erased(house: House) -> None:
    erase(house.cora, by=house.ada)


def without_sender(house: House) -> None:
    for channel in Channel.objects.filter(medium="email"):
        channel.archive(by=house.ada)


def blocked(house: House) -> None:
    suppress(
        ContactPoint.objects.get(person=house.cora, kind="email").value,
        Suppression.Reason.BLOCKED,
        source="staff",
        by=house.ada,
    )


@pytest.mark.parametrize(
    ("changes", "sent", "said"),
    [
        (edited, ["New words"], ""),
        (archived, [], "template"),
        (merged, ["Cora of the other record"], ""),
        (erased, [], "was erased"),
        (without_sender, [], "has no sender"),
        (blocked, [], "We do not write to them"),
    ],
)
def test_what_changes_meanwhile_has_a_worded_outcome(
    house: House, changes: Callable[[House], None], sent: list[str], said: str
) -> None:
    sends = parts.send_message("checking_in", by=("email",))
    made = rule("job.entered", WaitStep(Span(1)), sends, options={"step": house.stage("Quote sent").pk})
    lead(house).move_to(house.stage("Quote sent"), by=house.rita)
    work(MONDAY)
    assert not Message.objects.exists()
    with clock.at(MONDAY + DAY / 2):
        changes(house)
    work(MONDAY + DAY)
    run = RuleRun.objects.get()
    made.refresh_from_db()
    told = f"{run.state} {run.reason} {made.pause_reason} {[(entry['words'], entry['data']) for entry in run.log]}"
    found = [f"{row.state} {row.subject} {row.person}" for row in Message.objects.all()]
    assert (len(found), [part for part in sent if part not in str(found)]) == (len(sent), []), (found, told)
    assert said in told, (found, told)


def offers(house: House, *, given: bool) -> None:
    consents.record(
        ContactPoint.objects.get(person=house.cora, kind="email").value,
        brand=Brand.objects.get(),
        medium="email",
        purpose="marketing",
        given=given,
        wording="Do write me" if given else "No more offers",
        source="call",
        by=house.rita,
    )


@pytest.mark.parametrize("is_withdrawn", [False, True])
def test_an_offer_leaves_by_the_yes_that_holds_by_then(house: House, is_withdrawn: bool) -> None:
    offers(house, given=True)
    sends = parts.send_message("maintenance_reminder", by=("email",))
    rule("job.entered", WaitStep(Span(1)), sends, options={"step": house.stage("Quote sent").pk})
    lead(house).move_to(house.stage("Quote sent"), by=house.rita)
    work(MONDAY)
    with clock.at(MONDAY + DAY / 2):
        if is_withdrawn:
            offers(house, given=False)
    work(MONDAY + DAY)
    [entry] = [entry for entry in RuleRun.objects.get().log if entry["step"] == 1]
    assert Message.objects.count() == (0 if is_withdrawn else 1)
    assert ("Marketing: no" in entry["words"]) == is_withdrawn, entry
