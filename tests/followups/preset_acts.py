"""What people do in the stories of ready-made triggers, and what is seen of what came of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from comms.library.seeding import create_library
from comms.models import Channel, Draft, Message, SurveyAnswer
from crm.automation.models import AutomationPolicy, Mode, Rule
from crm.automation.registry.presets import rule_preset
from crm.documents.models import Document, DocumentKind
from crm.jobs.creation.job_creation import open_job
from crm.jobs.models import Job, Priority
from crm.jobs.models.appointments import Appointment, AppointmentType
from crm.kernel import clock
from crm.platform.events import events
from crm.platform.models import Brand
from crm.platform.tenancy.context import use_tenant
from crm.web.models import Notice
from followups.models import FollowUp
from leads.models import Lead
from tests.cast import Cast, House
from tests.tickets.messages import message
from tickets.models import Participant, Ticket

MONDAY = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)  # 10:00 in Tampa
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@contextmanager
def writing(cast: Cast) -> Iterator[House]:
    """The house with channels, its library, and a lead that has stood in "Reached" since now."""
    with use_tenant(cast.house.tenant), clock.at(MONDAY):
        brand = Brand.objects.get()
        Brand.objects.update(phone="+18135550100")
        for medium, address in (("email", "desk@suncoast.example"), ("sms", "+18135550100")):
            Channel.create(
                by=None,
                brand=brand,
                medium=medium,
                role="support",
                provider="twilio",
                address=address,
                registration="approved",
            )
        create_library(["en", "nl"])
        DocumentKind.add("Invoice", by=None)
        AutomationPolicy.set_person_wins(0, by=None)
        lead(cast.house).move_to(cast.house.stage("Reached"), by=cast.house.rita)
        yield cast.house


def lead(house: House) -> Job:
    return Job.objects.get(pk=house.job.pk)


def ticket() -> Ticket:
    found: Ticket = Ticket.objects.get()
    return found


# What people do in the stories.


def opens(house: House) -> None:
    open_job(title="New", person=house.cora, site=None, stage=house.stage("New"), member=house.rita, by=house.rita)


def moves(step: str) -> Callable[[House], None]:
    return lambda house: lead(house).move_to(house.stage(step), by=house.rita)


def is_worth(amount: int) -> Callable[[House], None]:
    return lambda house: Job.objects.filter(pk=house.job.pk).update(value=amount * 100, currency="USD") and None


def finishes(house: House) -> None:
    lead(house).finish(by=house.rita)


def pauses(house: House) -> None:
    lead(house).pause(reason="HOA", until=MONDAY + 60 * DAY, by=house.rita)


def hears(house: House) -> None:
    lead(house).hear("email")


def logs(outcome: str) -> Callable[[House], None]:
    return lambda house: lead(house).contact("call", outcome, by=house.rita)


def talks(house: House) -> None:
    logs("reached")(house)


def talks_to_new(house: House) -> None:
    Job.objects.get(title="New").contact("call", "reached", by=house.rita)


def asks(house: House) -> None:
    begun = Ticket.begin(brand=house.job.brand, person=house.cora, medium="email", priority=Priority.URGENT, by=None)
    begun.assign_to(house.sam, by=house.ada)
    writes(house)


def is_partner(house: House) -> None:
    asks(house)
    Participant.objects.create(ticket=ticket(), person=house.cora, role="partner", is_requester=True)
    writes(house)


def writes(house: House) -> None:
    ticket().receive(message("in", at=clock.now(), text="Any news?"))


def complains(house: House) -> None:
    ticket().receive(message("in", at=clock.now(), text="This is unacceptable!"))


def turns(house: House) -> None:
    ticket().turn_to("customer", by=house.sam)


def calls_in_vain(house: House) -> None:
    follows("call", "no_answer")(house)


def follows(kind: str, outcome: str) -> Callable[[House], None]:
    def act(house: House) -> None:
        plan: Any = {"kind": kind, "subject": "Do it", "due_at": clock.now() + HOUR, "by": house.rita}
        FollowUp.plan(**plan, job=lead(house), assignee=house.rita).complete(outcome, by=house.rita)

    return act


def answers(score: int) -> Callable[[House], None]:
    return lambda house: SurveyAnswer.give(lead(house), score, "")


def opens_small(house: House) -> None:
    opens(house)
    Job.objects.filter(title="New").update(value=300_00, currency="USD")


def wins(house: House) -> None:
    Lead.objects.get_or_create(job=lead(house))[0].win(by=house.rita)


def loses(reason: str) -> Callable[[House], None]:
    return lambda house: lead(house).lose(reason, by=house.rita)


def adds_passport(house: House) -> None:
    kind, _new = DocumentKind.objects.get_or_create(name="Passport")
    row = Document.objects.create(
        job=lead(house),
        kind=kind,
        title="Passport",
        media_type="application/pdf",
        size=1,
        taken_at=clock.now(),
        expires_on=(clock.now() + 200 * DAY).date(),
    )
    events.record("document.added", subject=row, by=house.rita, job_id=row.job_id)


def sends_invoice(house: House) -> None:
    invoice = DocumentKind.objects.get(name="Invoice")
    row = Document.objects.create(
        job=lead(house),
        kind=invoice,
        title="Invoice",
        media_type="application/pdf",
        size=1,
        taken_at=clock.now(),
        visibility="customer",
    )
    told = {"kind": invoice.pk, "visibility": row.visibility}
    events.record("document.added", subject=row, by=house.rita, data=told, job_id=row.job_id)


def clicks(house: House) -> None:
    sent = message("out", at=clock.now(), job=house.job, person=house.cora)
    events.record("message.clicked", subject=sent, by=None, job_id=house.job.pk)


def pays(house: House) -> None:
    FollowUp.objects.get(kind="payment").complete("successful", by=house.rita)


def books(house: House) -> None:
    kind = AppointmentType.add("Inspection", by=None)
    Appointment.book(lead(house), kind, clock.now() + HOUR, [house.rita], by=house.rita)


def is_visited(house: House) -> None:
    Appointment.objects.get().complete("successful", by=house.rita)


def is_visited_and_notes(note: str) -> Callable[[House], None]:
    return lambda house: Appointment.objects.get().complete("successful", by=house.rita, note=note)


def nothing(house: House) -> None:
    pass


SAYS = {"rule.told": "is told", "rule.escalated": "is asked"}


def seen(house: House) -> list[str]:
    """Result, in order: messages, follow-ups, who was told, and who became more urgent."""
    # Whose lead is sold is invited to their page as well, whatever the rules say (tests/portal).
    messages = Message.objects.filter(direction="out").exclude(template_version__template__key="portal_invitation")
    sent = messages.order_by("pk").values_list("medium", "template_version__template__key")
    planned = (
        FollowUp.objects.filter(origin__startswith="rule:").order_by("pk").values_list("assignee__name", "subject")
    )
    told = Notice.objects.filter(kind__in=["rule.told", "rule.escalated"]).order_by("pk")
    drafted = Draft.objects.order_by("pk").values_list("member__name", "medium")
    raised = [str(Priority.HIGH.label)] if lead(house).priority == Priority.HIGH else []
    return [
        *(f"{medium} {key}" for medium, key in sent),
        *(f"{name.split()[0]}: {subject}" for name, subject in planned),
        *(f"{name.split()[0]} has a draft: {medium}" for name, medium in drafted),
        *(f"{name.split()[0]} {SAYS[kind]}" for name, kind in told.values_list("member__name", "kind")),
        *raised,
    ]


def use(key: str) -> Rule:
    preset = rule_preset(key)
    assert preset is not None
    return Rule.add(Rule.free_name(str(preset.name)), preset.definition(), by=None, preset=key, mode=Mode.ON)
