"""Act on STOP, START and HELP messages, as keyword or in plain language, for all numbers at once."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from comms.addresses import address_key
from comms.gate.candidate import HELP, OPT_IN, OPT_OUT, STAFF
from comms.gate.consent import opt_out_words, suppressions
from comms.gate.consent.opt_out_words import OptOut
from comms.models import Direction, Medium, Message, Purpose, Suppression
from crm.kernel import clock
from crm.kernel.refusal import Refused
from crm.people.models import ContactPoint
from crm.platform.database import bulk_write
from crm.platform.models import Member

Reason = Suppression.Reason
Covers = Suppression.Covers
# On these the law wants an answer, and there is one address a medium.
_ANSWERED = frozenset({Medium.SMS, Medium.WHATSAPP})
_POINTS = {
    Medium.EMAIL: (ContactPoint.PointKind.EMAIL,),
    Medium.SMS: (ContactPoint.PointKind.PHONE,),
    Medium.WHATSAPP: (ContactPoint.PointKind.PHONE, ContactPoint.PointKind.WHATSAPP),
    Medium.CALL: (ContactPoint.PointKind.PHONE,),
    "": tuple(ContactPoint.PointKind),
}


@dataclass(frozen=True)
class OptOutResult:
    """The request in a message, and the suppressions it added or lifted."""

    kind: opt_out_words.Kind
    changed: tuple[Suppression, ...] = ()


def process_opt_out(message: Message, *, asked: str = "") -> OptOutResult:
    """Parse a customer's message and act on its request; "" if it has none. Idempotent.

    What an absence notice says is nobody's wish, and YES is one only to somebody who had stopped us. What a member
    answers to a text is. `asked`: what the provider read in it ("stop", "start", "help") and has answered itself.
    """
    if message.direction != Direction.IN or message.automatic not in ("", STAFF):
        return OptOutResult("")
    request = _request_of(message, asked)
    act = {"stop": _handle_stop, "start": _handle_start, "help": _handle_help, "unclear": _hold_for_review}.get(
        request.kind
    )
    if act is None:
        return OptOutResult("")
    with transaction.atomic():
        result = act(message, request)
        message.request = result.kind
        bulk_write.save_all([message], ["request"])
    return result


def _request_of(message: Message, asked: str) -> OptOut:
    """Return the request of a message; a provider that blocks the number takes precedence."""
    kinds: dict[str, opt_out_words.Kind] = {"stop": "stop", "start": "start", "help": "help"}
    if asked in kinds:
        return OptOut(kinds[asked], is_word=True, is_answered=True)
    return opt_out_words.read(message.text.strip() or message.subject)


def _handle_stop(message: Message, asked: OptOut) -> OptOutResult:
    """Suppress what the message names, at this address and the person's others it includes, for the whole brand."""
    if asked.medium == "here":
        medium = message.medium
    else:
        medium = asked.medium
    before = clock.now()
    stopped = tuple(_suppress_address(message, address, medium) for address in _addresses_meant(message, medium))
    is_new = any(one.at >= before for one in stopped)
    if is_new and medium in ("", message.medium) and not asked.is_answered:
        _queue_reply(message, OPT_OUT)
    return OptOutResult("stop", stopped)


def _suppress_address(message: Message, address: str, medium: str) -> Suppression:
    is_mail = medium == Medium.EMAIL
    return suppressions.suppress(
        address,
        # A mail that asks is an unsubscription: what concerns work in hand may still be written.
        Reason.UNSUBSCRIBED if is_mail else Reason.STOP,
        covers=Covers.OPTIONAL if is_mail else Covers.EVERYTHING,
        medium=medium,
        brand=message.brand,
        source="message",
        evidence=message.text or message.subject,
    )


def _addresses_meant(message: Message, medium: str) -> list[str]:
    """Return the addresses a STOP applies to: the sender's, and of another medium those on record."""
    kinds = _POINTS[medium]
    if message.medium == Medium.EMAIL:
        own = ContactPoint.PointKind.EMAIL
    else:
        own = ContactPoint.PointKind.PHONE
    if message.contact_point:
        own = ContactPoint.PointKind(message.contact_point.kind)
    addresses = []
    if own in kinds:
        addresses = [message.address]
    if message.person_id and (own not in kinds or not medium):
        points = ContactPoint.objects.filter(person=message.person_id, kind__in=kinds).order_by("pk")
        addresses += points.values_list("value", flat=True)
    return list(dict.fromkeys(addresses))


def _handle_start(message: Message, asked: OptOut) -> OptOutResult:
    """Lift what an earlier STOP of the sender suppressed, and nothing else."""
    closed = Suppression.objects.in_force().filter(
        key=address_key(message.address), reason=Reason.STOP, medium__in=[message.medium, ""], brand=message.brand
    )
    opened = tuple(closed.order_by("pk"))
    for suppression in opened:
        suppressions.lift(suppression, message.text, by=None)
    if not opened:
        return OptOutResult("")
    if not asked.is_answered:
        _queue_reply(message, OPT_IN)
    return OptOutResult("start", opened)


def _handle_help(message: Message, asked: OptOut) -> OptOutResult:
    """Reply who we are and how to opt out; once a day, so that two machines can't loop."""
    if message.medium not in _ANSWERED:
        return OptOutResult("")
    if not asked.is_answered:
        _queue_reply(message, HELP)
    return OptOutResult("help")


def _hold_for_review(message: Message, _asked: OptOut) -> OptOutResult:
    """Suppress offers and automatic messages until a member has decided what the message means."""
    suppression = suppressions.suppress(
        message.address,
        Reason.UNCLEAR,
        covers=Covers.MARKETING,
        medium=message.medium,
        brand=message.brand,
        source="message",
        evidence=message.text or message.subject,
    )
    return OptOutResult("unclear", (suppression,))


def unclear_stops(person: Any) -> QuerySet[Suppression]:
    """Return possible opt-outs of a person that no member has settled.

    `person`: an id, or the outer reference to one, from two queries further in.
    """
    keys = ContactPoint.objects.filter(person=person).order_by().values("fingerprint")
    stops: QuerySet[Suppression] = Suppression.objects.in_force().filter(reason=Reason.UNCLEAR, key__in=keys)
    return stops


@transaction.atomic
def resolve(suppression: Suppression, *, stop: bool, by: Member | None) -> None:
    """Settle an unclear opt-out as a member decides. Raises Refused if it is settled already."""
    suppression.lock()
    if suppression.lifted_at or suppression.reason != Reason.UNCLEAR:
        raise Refused(_("A colleague has already handled this."))
    if stop:
        suppressions.suppress_again(suppression, Reason.STOP, by=by)
    suppressions.lift(suppression, _("Asked to stop") if stop else _("Did not ask to stop"), by=by)


def _queue_reply(message: Message, kind: str) -> None:
    """Queue the legally required reply from the number they wrote to; the gate allows it."""
    if message.medium not in _ANSWERED or message.channel is None or _was_answered(message, kind):
        return
    with override(message.language or message.brand.language):
        text = _TEXTS[kind](message)
    Message.queue(
        channel=message.channel,
        address=message.address,
        contact_point=message.contact_point,
        person=message.person,
        job=message.job,
        purpose=Purpose.TRANSACTIONAL,
        automatic=kind,
        text=text,
        answers=message,
    )


def _was_answered(message: Message, kind: str) -> bool:
    if kind != HELP:
        return False
    ours = Message.objects.filter(address=message.address, automatic=kind, direction=Direction.OUT)
    return bool(ours.filter(at__gt=clock.now() - opt_out_words.HELP_AGAIN).exists())


def _stop_reply(message: Message) -> str:
    return _("%(brand)s: you will get no more messages from us here. Reply START to get them again.") % {
        "brand": message.brand.name
    }


def _start_reply(message: Message) -> str:
    return _("%(brand)s: you will get messages about your work again. Reply STOP to end them.") % {
        "brand": message.brand.name
    }


def _help_reply(message: Message) -> str:
    reach = ", ".join(filter(None, [message.brand.phone, message.brand.email]))
    values = {"brand": message.brand.name, "reach": reach or message.brand.name}
    return _("%(brand)s: messages about your work with us. Questions: %(reach)s. Reply STOP to end.") % values


_TEXTS = {OPT_OUT: _stop_reply, OPT_IN: _start_reply, HELP: _help_reply}
