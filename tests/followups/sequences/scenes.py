"""Sequences for tests: a house with channels and templates, steps in short, and time that passes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from comms.gate.consent import opt_outs
from comms.models import Message
from crm.automation.span import Span, SpanUnit
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job
from crm.jobs.next_step.signals import contact_logged
from crm.kernel import clock
from crm.people.models import ContactPoint, Person, Property
from crm.platform.events import events
from followups.models import FollowUp
from followups.sequences.definition import SequenceAct, SequenceDefinition, SequenceFork, SequenceStep, SequenceWait
from followups.sequences.models import Enrolment, Sequence, SequenceMode
from followups.sequences.registry import USUAL_STOPS
from tests.automation.rules import work
from tests.cast import House
from tests.followups.preset_acts import MONDAY
from tests.tickets.messages import message as stored_message

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TEMPLATE = "quote_follow_up"


def message(first: str = "email", second: str = "", template: str = "", **more: Any) -> SequenceAct:
    """A step that sends a template."""
    options = {"template": template or TEMPLATE, "first": first, "second": second, "third": "", "hours": ""}
    return SequenceAct("message.send", options, **more)


def task(kind: str = "call", title: str = "", *, who: str = "owner", days: int = 1, **more: Any) -> SequenceAct:
    """A step that plans a follow-up."""
    options = {"kind": kind, "title": title, "who": who, "count": str(days), "unit": "days"}
    return SequenceAct("followup.plan", options | {"priority": "2", "until": ""}, **more)


def wait(count: int, unit: str = "days") -> SequenceWait:
    return SequenceWait(Span(count, SpanUnit(unit)))


def fork(question: str, yes: list[SequenceStep], no: list[SequenceStep], where: str = "") -> SequenceFork:
    return SequenceFork(question, where, tuple(yes), tuple(no))


def sequence(
    *steps: SequenceStep,
    name: str = "Nudge",
    purpose: str = "quotes",
    stops: tuple[str, ...] = USUAL_STOPS,
    **more: Any,
) -> Sequence:
    """A sequence that is on."""
    made = Sequence.add(name, purpose, SequenceDefinition(steps, stops=stops, **more), by=None)
    made.switch(SequenceMode.ON, by=None)
    return made


def lead(house: House) -> Job:
    return Job.objects.get(pk=house.job.pk)


def logs_call(house: House, outcome: str) -> None:
    """Rita logs a call on the lead's page."""
    job = lead(house)
    job.contact("call", outcome, by=house.rita)
    contact_logged.send(Job, job=job, kind="call", outcome=outcome, by=house.rita)


def writes(house: House, *, job: Job | None = None, address: str = "", **more: Any) -> Message:
    """The customer writes, as the inbox stores and records it."""
    back = more.pop("returns_on", None)
    values: dict[str, Any] = {"person": house.cora, "job": job or lead(house), "at": clock.now()} | more
    made = stored_message("in", address=address or "cora@mail.example", **values)
    data = {"medium": made.medium, "automatic": made.automatic, "returns_on": back}
    events.record("message.received", subject=made, by=None, data=data, job_id=made.job_id)
    return made


def texts_stop(house: House) -> None:
    """The customer sends STOP as a text message."""
    opt_outs.process_opt_out(writes(house, medium="sms", address="+18135550142", text="STOP"))


def another_lead(house: House, name: str = "Bea") -> Job:
    """A lead of another customer, with a place, an address and a number."""
    person = Person.objects.create(name=name)
    count = Person.objects.count()
    ContactPoint.objects.create(person=person, kind="email", value=f"{name.lower()}{count}@mail.example")
    ContactPoint.objects.create(person=person, kind="phone", value=f"+1813555{count:04d}")
    site = Property.objects.create(street=f"{count} Bay St", city="Tampa", region="FL", postcode="33611", country="US")
    return open_job(title=name, person=person, site=site, stage=house.stage("New"), member=house.rita, by=house.rita)


def pass_to(after: timedelta, act: Callable[[], object] | None = None) -> datetime:
    """Let workers do what waits, step by step, until an instant after Monday; then act, and let them work again."""
    at = MONDAY + after
    work(at)
    if act:
        with clock.at(at):
            act()
        work(at + timedelta(seconds=1))
    return at


def row(of: Sequence | None = None) -> Enrolment:
    rows = Enrolment.objects.all()
    if of:
        rows = rows.filter(sequence=of)
    found: Enrolment = rows.get()
    return found


def sent() -> list[str]:
    """The media of the messages of sequences, oldest first."""
    return list(Message.objects.filter(origin__startswith="sequence:").order_by("pk").values_list("medium", flat=True))


def open_tasks() -> list[str]:
    """The types of the open follow-ups of sequences."""
    rows = FollowUp.objects.open().filter(origin__startswith="sequence:").order_by("pk")
    return list(rows.values_list("kind", flat=True))
