"""The message ledger of a person: decisions by day, planned messages, consent, and remaining limits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comms.addresses import address_key
from comms.gate.candidate import SendCandidate
from comms.gate.facts import GateFacts
from comms.gate.judgement import judge
from comms.gate.recipients import facts_of
from comms.gate.rules import caps
from comms.gate.verdict import GateVerdict, Outcome
from comms.models import Consent, Decision, Medium, Message, Purpose, Suppression
from comms.stored_words import StoredWords
from crm.kernel import clock
from crm.people.models import ContactPoint, Person
from crm.platform.models import Brand, Member
from crm.web.reader import Reader

# What of the past and of the future the page shows.
SHOWN = 200
PLANNED = timedelta(days=14)
STEPS = {
    "purpose": gettext_lazy("Purpose"),
    "stops": gettext_lazy("Stops"),
    "consent": gettext_lazy("Consent"),
    "channel": gettext_lazy("Channel rules"),
    "duplicates": gettext_lazy("Already sent?"),
    "caps": gettext_lazy("How often"),
    "quiet_hours": gettext_lazy("Quiet hours"),
    "text": gettext_lazy("Text complete"),
    "origin": gettext_lazy("Still wanted?"),
}
# The class of a decision, and its icon, as the design draws them.
_LOOKS = {
    Outcome.SEND: ("is-sent", "check", "ok"),
    Outcome.DEFER: ("is-wait", "moon", "soon"),
    Outcome.DROP: ("is-drop", "ban", "hold"),
    Outcome.NEEDS_HUMAN: ("is-needs", "user", "crit"),
}
_WAS = {
    Outcome.SEND: gettext_lazy("Let through"),
    Outcome.DEFER: gettext_lazy("Delayed:"),
    Outcome.DROP: gettext_lazy("Not sent:"),
    Outcome.NEEDS_HUMAN: gettext_lazy("Needs review:"),
}
_WOULD = {
    Outcome.SEND: gettext_lazy("Would be sent"),
    Outcome.DEFER: gettext_lazy("Would be delayed:"),
    Outcome.DROP: gettext_lazy("Would not be sent:"),
    Outcome.NEEDS_HUMAN: gettext_lazy("Would need review:"),
}
_BECAME = {
    Message.State.SENT: gettext_lazy("sent"),
    Message.State.SENDING: gettext_lazy("being sent"),
    Message.State.FAILED: gettext_lazy("the provider refused it"),
    Message.State.UNKNOWN: gettext_lazy("delivery unknown"),
    Message.State.CANCELLED: gettext_lazy("cancelled"),
    Message.State.QUEUED: gettext_lazy("queued"),
    Message.State.HELD: gettext_lazy("waits"),
    Message.State.DROPPED: gettext_lazy("cancelled later"),
}


@dataclass(frozen=True)
class LedgerStep:
    """One rule of the gate on the page. `state`: pass, decider, or blank if it was not reached."""

    label: str
    state: str
    words: str
    look: str = ""


@dataclass(frozen=True)
class DecisionLine:
    """A decision or a planned message."""

    look: str
    icon: str
    heading: str
    why: str
    message: Message
    time: str
    steps: list[LedgerStep]
    uid: str = ""


@dataclass(frozen=True)
class LedgerDay:
    """A day of the ledger."""

    name: str
    lines: list[DecisionLine]


def days_of(decisions: Iterable[Decision], reader: Reader) -> list[LedgerDay]:
    """Group decisions by day in the reader's time zone, newest first."""

    def on(decision: Decision) -> str:
        return reader.long_day(decision.at)

    return [LedgerDay(name, [line_of(one, reader) for one in of_day]) for name, of_day in groupby(decisions, key=on)]


def line_of(decision: Decision, reader: Reader) -> DecisionLine:
    """Describe one decision in the reader's language."""
    look, icon, colour = _LOOKS[Outcome(decision.outcome)]
    checks = [(check["rule"], bool(check["passed"]), str(StoredWords.read(check))) for check in decision.checks]
    is_sent = decision.outcome == Outcome.SEND
    if is_sent:
        why = str(_BECAME.get(Message.State(decision.message.state), ""))
    elif checks:
        why = checks[-1][2]
    else:
        why = ""
    steps = _check_steps(checks, colour) + ([_handed_over(decision.message)] if is_sent else [])
    heading = str(_WAS[Outcome(decision.outcome)])
    return DecisionLine(look, icon, heading, why, decision.message, reader.time(decision.at), steps, str(decision.uid))


def _handed_over(message: Message) -> LedgerStep:
    became = str(_BECAME.get(Message.State(message.state), message.state))
    delivered = ""
    if message.delivery:
        delivered = f", {message.get_delivery_display()}"
    return LedgerStep(_("Handed to the provider"), "decider", f"{became}{delivered}", "ok")


def _check_steps(checks: Sequence[tuple[str, bool, str]], colour: str) -> list[LedgerStep]:
    results = {rule: (passed, words) for rule, passed, words in checks}
    steps = []
    for rule, label in STEPS.items():
        passed, text = results.get(rule, (None, _("not checked")))
        state = {True: "pass", False: "decider", None: ""}[passed]
        steps.append(LedgerStep(str(label), state, text, colour if state == "decider" else ""))
    return steps


def planned_lines(messages: "QuerySet[Message]", reader: Reader) -> list[DecisionLine]:
    """Return what is to be sent within 14 days, with the verdict as of now."""
    now = clock.now()
    waiting = messages.filter(direction="out", state__in=[Message.State.QUEUED, Message.State.HELD])
    soon = [one for one in waiting.select_related("channel").order_by("send_at", "pk")[:SHOWN] if _is_soon(one, now)]
    return [
        _planned_line(message, verdict, reader)
        for message, verdict in zip(soon, _preview_verdicts(soon, now), strict=True)
    ]


def _is_soon(message: Message, now: datetime) -> bool:
    return message.send_at is None or message.send_at < now + PLANNED


def _preview_verdicts(messages: Sequence[Message], now: datetime) -> list[GateVerdict]:
    """Judge each message at its own time; an allowed one counts for the next to the same person."""
    candidates = [SendCandidate.of(message) for message in messages]
    facts = facts_of(candidates, now)
    for message, message_facts in zip(messages, facts, strict=True):
        message_facts.now = max(message.send_at or now, now)
    return judge(candidates, facts)


def _planned_line(message: Message, verdict: GateVerdict, reader: Reader) -> DecisionLine:
    _look, icon, colour = _LOOKS[Outcome(verdict.outcome)]
    checks = [(rule, check.passed, str(check.words)) for rule, check in verdict.checks]
    if verdict.may_send:
        why = ""
    else:
        why = verdict.words
    if message.send_at:
        at = reader.moment(message.send_at)
    else:
        at = _("as soon as allowed")
    return DecisionLine(
        "is-plan", icon, str(_WOULD[Outcome(verdict.outcome)]), why, message, at, _check_steps(checks, colour)
    )


@dataclass(frozen=True)
class ConsentCell:
    """The consent for one address and purpose. `look`: yes, no or unasked."""

    look: str
    word: str
    note: str
    entry: Consent | None = None


@dataclass(frozen=True)
class ConsentRow:
    """One address of a person by one medium."""

    medium: str
    value: str
    cells: list[ConsentCell]


KINDS = (Purpose.TRANSACTIONAL, Purpose.SERVICE, Purpose.MARKETING)


def consent_table(person: Person, brand: Brand, reader: Reader) -> list[ConsentRow]:
    """Build the table of a person's consent to a brand: addresses and media down, purposes across."""
    points = list(ContactPoint.objects.filter(person=person).order_by("kind", "pk"))
    keys = {point.pk: address_key(point.value) for point in points}
    entries = {
        (entry.key, entry.medium, entry.purpose): entry
        for entry in Consent.objects.filter(key__in=keys.values(), brand=brand).in_force().select_related("by")
    }
    stops = list(Suppression.objects.in_force().filter(key__in=keys.values()))
    rows = []
    for point in points:
        for medium in media_of(point.kind):
            mine = [one for one in stops if one.key == keys[point.pk]]
            cells = [
                _consent_cell(entries.get((keys[point.pk], medium, kind)), mine, medium, kind, brand, reader)
                for kind in KINDS
            ]
            rows.append(ConsentRow(str(Medium(medium).label), point.value, cells))
    return rows


def media_of(kind: str) -> tuple[Medium, ...]:
    """Return the media a contact point can be written to by."""
    media: dict[str, tuple[Medium, ...]] = {
        ContactPoint.PointKind.EMAIL: (Medium.EMAIL,),
        ContactPoint.PointKind.WHATSAPP: (Medium.WHATSAPP,),
    }
    return media.get(kind, (Medium.SMS, Medium.WHATSAPP, Medium.CALL))


def _consent_cell(
    entry: Consent | None, stops: Sequence[Suppression], medium: str, kind: str, brand: Brand, reader: Reader
) -> ConsentCell:
    stopped = next((one for one in stops if one.stops(medium, brand.pk, kind)), None)
    if stopped:
        return ConsentCell("no", stopped.get_reason_display(), reader.near(stopped.at), entry)
    if entry:
        note = f"{entry.wording_version or entry.get_source_display()}, {reader.near(entry.at)}"
        return ConsentCell("yes" if entry.given else "no", _("Yes") if entry.given else _("No"), note, entry)
    return ConsentCell("unasked", _("Not checked"), "")


@dataclass(frozen=True)
class SendingPace:
    """Messages sent in seven days, and the limit."""

    medium: str
    sent: int
    limit: int
    others: int


def pace(person: Person, brand: Brand) -> tuple[list[SendingPace], GateFacts | None]:
    """Count the messages of seven days by medium; also return the facts, for the recipient's time zone."""
    paces = []
    facts = None
    for medium, kind in ((Medium.SMS, ContactPoint.PointKind.PHONE), (Medium.EMAIL, ContactPoint.PointKind.EMAIL)):
        point = ContactPoint.objects.filter(person=person, kind=kind).verified_first().first()
        if point is None:
            continue
        [facts] = facts_of([candidate_to(person, point, medium, brand)], clock.now())
        counted = caps.count(medium, facts)
        all_of_it = sum(sent.medium == medium for sent in facts.sent)
        paces.append(SendingPace(str(medium.label), counted, caps.limit_of(medium, facts) or 0, all_of_it - counted))
    return paces, facts


def candidate_to(person: Person, point: ContactPoint, medium: str, brand: Brand) -> SendCandidate:
    """Return a candidate for a message to a person that isn't written yet."""
    return SendCandidate(medium=medium, address=point.value, brand_id=brand.pk, person_id=person.pk)


def decisions_of(person: Person, member: Member) -> "QuerySet[Decision]":
    """Return the decisions on messages to a person that a member may see, newest first."""
    mine = Message.objects.visible_to(member).filter(person=person)
    return (
        Decision.objects.filter(message__in=mine.values("pk"))
        .select_related("message", "message__author")
        .order_by("-pk")
    )
