"""Read stored items, each in a savepoint; park those that can't be read, with the reason.

Runs in a worker (`comms.read`, Due). What is read twice is one message: so a killed worker, a redelivered hint and a
replay by hand need no care.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

from django.core.cache import cache
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from comms.channels.directory import channels_in_use
from comms.channels.interface import (
    ProviderReport,
    Received,
    ReceivedCall,
    ReceivedMail,
    ReceivedPreference,
    ReceivedReaction,
    ReceivedRevocation,
    ReceivedText,
    UnreadableRequest,
)
from comms.channels.registry import provider_of
from comms.inbound import inbound_storage
from comms.inbound.inbound_result import InboundParked, InboundResult, ReadLater, WaitsForMail
from comms.inbound.mail.receive_mail import receive_mail
from comms.inbound.messaging.calls import receive_call
from comms.inbound.messaging.changes import receive_revocation
from comms.inbound.messaging.portal_messages import receive_portal_message
from comms.inbound.messaging.preferences import receive_preference
from comms.inbound.messaging.reactions import receive_reaction
from comms.inbound.messaging.texts import receive_text
from comms.inbound.undeliverable import record_report
from comms.models import Inbound
from comms.stored_words import sentence_of
from comms.stored_words import stored_gettext as _
from crm.kernel import clock
from crm.platform.database import bulk_write
from crm.platform.database.batch import batch, write_in_batch
from crm.platform.database.claims import enqueue
from crm.platform.events import events
from crm.platform.files.stored_files import FileGone
from crm.platform.health.full_disk import is_full_disk
from crm.platform.models import Due, Member
from crm.platform.tenancy.context import required_tenant_id
from crm.platform.work import due
from crm.platform.work.tasks import tick
from libs.inbound_mail import UnreadableMail as UnreadableMail

logger = logging.getLogger(__name__)

# Failures after which it waits for a person; worker deaths in mid-reading count, too.
TRIES = 3
# So many are read in one transaction: until it ends, the leads that hear of them are locked.
AT_ONCE = 25
# How long the bytes of what could not be read are kept.
PARKED_DAYS = 365
# What waits for the mail it answers is read with it. If that should not be, it is looked at again after so long; it
# waits for nothing any more when it came so long ago.
LOOKED_AT_AGAIN = timedelta(minutes=10)
BEING_READ = timedelta(seconds=2)
LONGEST_WAIT = timedelta(hours=1)


def read_waiting(ids: Sequence[int]) -> None:
    """Read stored items in order, then those that waited for them; the rest is scheduled at once."""
    careful = _ended_a_worker(ids)
    stored = _lock_unread(ids)
    seen: dict[int, Inbound] = {}
    with batch():
        turn = [stored.pop(pk) for pk in ids if pk in stored]
        while turn:
            for inbound in turn:
                _read_in_turn(inbound, careful=careful)
            seen |= {inbound.pk: inbound for inbound in turn}
            turn = _waiting_for(seen.values())[: max(2 * AT_ONCE - len(seen), 0)]
            due.cancel(inbound_storage.READ, [inbound.pk for inbound in turn])
    wake_waiting(seen.values())


def _waiting_for(seen: Collection[Inbound]) -> list[Inbound]:
    """Lock unread items that waited for one of these, now read."""
    names = _message_ids(seen)
    if not names:
        return []
    done = [each.pk for each in seen if each.state != Inbound.State.STORED]
    waiting = Inbound.objects.unread().filter(waits_for__in=names).exclude(pk__in=done).order_by("pk")
    return list(waiting.select_for_update(skip_locked=True)[:AT_ONCE])


def _message_ids(settled: Collection[Inbound]) -> set[str]:
    return {each.message_id for each in settled if each.message_id and each.state != Inbound.State.STORED}


def _read_in_turn(inbound: Inbound, *, careful: bool) -> None:
    if careful and _count_attempt(inbound.pk) >= TRIES:
        park(inbound, _("Reading it stopped the worker several times."))
        return
    _attempt_stored(inbound)
    if careful:
        cache.delete(_DEATHS % inbound.pk)


def _ended_a_worker(ids: Sequence[int]) -> bool:
    """True if one of these was claimed by a worker that never finished."""
    keys = [f"{inbound_storage.READ}:{pk}" for pk in ids]
    claimed_before = Q(attempts__gt=0) | Q(interruptions__gt=0)
    return bool(Due.objects.filter(claimed_before, tenant_id=required_tenant_id(), key__in=keys).exists())


# Outside the transaction, which a killed worker takes with it.
_DEATHS = "comms.reading:%d"


def _count_attempt(pk: int) -> int:
    """Count this attempt; return how many earlier ones never finished."""
    cache.add(_DEATHS % pk, 0, timeout=24 * 3600)
    return int(cache.incr(_DEATHS % pk)) - 1


def _lock_unread(ids: Sequence[int]) -> dict[int, Inbound]:
    """Lock the unread ones of these items."""
    rows = Inbound.objects.unread().select_for_update().filter(pk__in=ids).order_by("pk")
    return {inbound.pk: inbound for inbound in rows}


def read_one(pk: int) -> InboundResult | None:
    """Read one stored item; do nothing if it was read or can't be."""
    inbound = _lock_unread([pk]).get(pk)
    read = None
    if inbound:
        read = _attempt_stored(inbound)
    wake_waiting([inbound] if inbound else ())
    return read


def _attempt_stored(inbound: Inbound) -> InboundResult | None:
    channel = next((each for each in channels_in_use() if each.pk == inbound.channel_id), None)
    if channel:
        inbound.channel = channel
    return attempt_reading(inbound, lambda: _read_inbound(inbound))


def attempt_reading(
    inbound: Inbound, read: Callable[[], list[InboundResult]], *, tries: int = TRIES
) -> InboundResult | None:
    """Read a locked item in a savepoint and settle it; park it after `tries` failures."""
    try:
        with transaction.atomic(), batch():
            done = read()
    except (UnreadableMail, UnreadableRequest, InboundParked) as why:
        park(inbound, sentence_of(why))
        return None
    except FileGone:
        park(inbound, _("The original is deleted."))
        return None
    except ReadLater:
        _try_again(inbound)
        return None
    except WaitsForMail as why:
        _wait_for(inbound, why.unread)
        return None
    except (OperationalError, InterfaceError):  # the database's trouble, not the mail's: the whole batch comes again
        raise
    except Exception as error:
        if is_full_disk(error):  # nor is this: it waits until there is room for its files
            raise
        _record_failure(inbound, error, tries)
        return None
    inbound.settle(Inbound.State.READ, done[0].outcome, done[0].reason)
    write_in_batch(_save_settled, [inbound])
    return done[0]


def _save_settled(settled: list[Inbound]) -> None:
    bulk_write.save_all(settled, ["state", "outcome", "reason", "reason_words"])


def wake_waiting(settled: Collection[Inbound]) -> None:
    """Schedule items that waited for these, if those were read."""
    names = _message_ids(settled)
    waiting = []
    if names:
        waiting = list(Inbound.objects.unread().filter(waits_for__in=names).values_list("pk", flat=True))
    if waiting:
        due.schedule_all(inbound_storage.READ, [(pk, clock.now()) for pk in waiting])
        enqueue(tick)


def _wait_for(inbound: Inbound, unread: Inbound) -> None:
    """Postpone a mail until the mail it answers is read; that one is locked here, outside the savepoint.

    Locked by us, whoever reads it will see what waits for it. Locked by another, it is being read now.
    """
    locked = Inbound.objects.unread().select_for_update(skip_locked=True).filter(pk=unread.pk)
    if list(locked.values_list("pk")):
        pause = LOOKED_AT_AGAIN
    else:
        pause = BEING_READ
    inbound.waits_for = unread.message_id
    inbound.save(update_fields=["waits_for"])
    due.schedule(inbound_storage.READ, inbound.pk, clock.now() + pause)


def _read_inbound(inbound: Inbound) -> list[InboundResult]:
    body = inbound_storage.body_of(inbound)
    may_wait = inbound.received_at > clock.now() - LONGEST_WAIT
    if inbound.kind == Inbound.Kind.MAIL:
        envelope = inbound.envelope
        recipients = tuple(envelope.get("recipients", ()))
        is_sent = bool(envelope.get("is_sent"))
        return [receive_mail(body, inbound, recipients=recipients, is_sent=is_sent, may_wait=may_wait)]
    if inbound.kind == Inbound.Kind.PORTAL:
        return [receive_portal_message(body, inbound)]
    provider = None
    if inbound.channel:
        provider = provider_of(inbound.channel)
    if inbound.channel is None or provider is None:
        raise InboundParked(_("The provider it came from is no longer set up."))
    results = [
        _receive(each, inbound, may_wait=may_wait)
        for each in provider.read(inbound.channel, inbound_storage.request_of(inbound, body))
    ]
    return results or [InboundResult("nothing", _("It contains no message."))]


def _receive(received: Received, inbound: Inbound, *, may_wait: bool) -> InboundResult:
    match received:
        case ReceivedMail():
            recipients = received.recipients
            is_spam = received.is_spam
            return receive_mail(received.raw, inbound, recipients=recipients, may_wait=may_wait, is_spam=is_spam)
        case ReceivedText():
            return receive_text(received, inbound)
        case ReceivedReaction():
            return receive_reaction(received, inbound)
        case ReceivedRevocation():
            return receive_revocation(received, inbound)
        case ReceivedPreference():
            return receive_preference(received, inbound)
        case ReceivedCall():
            return receive_call(received, inbound)
        case ProviderReport():
            return record_report(received, inbound)


def park(inbound: Inbound, reason: str) -> None:
    """Park an item for a member, with the reason; it can be replayed."""
    inbound.settle(Inbound.State.PARKED, "parked", reason)
    inbound.save(update_fields=["state", "outcome", "reason", "reason_words", "attempts"])
    inbound_storage.keep_longer(inbound, PARKED_DAYS)
    events.record("inbound.parked", subject=inbound, by=None)


def _record_failure(inbound: Inbound, error: Exception, tries: int) -> None:
    logger.exception("reading what arrived failed", extra={"inbound": inbound.pk})
    if inbound.attempts + 1 >= tries:
        inbound.attempts += 1
        park(inbound, _("Reading it failed: %(error)s.") % {"error": type(error).__name__})
        return
    _try_again(inbound)


def _try_again(inbound: Inbound) -> None:
    inbound.attempts += 1
    inbound.save(update_fields=["attempts"])
    due.schedule(inbound_storage.READ, inbound.pk, clock.now() + timedelta(seconds=15 * 2**inbound.attempts))


def replay(inbound: Inbound) -> None:
    """Read a parked item again; results of the first attempt are found, not repeated."""
    if inbound.state == Inbound.State.PARKED:
        inbound.settle(Inbound.State.STORED, "", "")
        inbound.attempts = 0
        inbound.save(update_fields=["state", "outcome", "reason", "reason_words", "attempts"])
        due.schedule(inbound_storage.READ, inbound.pk, clock.now())
        enqueue(tick)


def replay_oldest(most: int, *, by: Member) -> int:
    """Read the oldest parked items again, up to a maximum; return how many."""
    parked = list(Inbound.objects.only_parked().select_for_update(of=("self",)).order_by("received_at", "pk")[:most])
    for inbound in parked:
        replay(inbound)
        events.record("inbound.replayed", subject=inbound, by=by)
    return len(parked)


def discard(inbound: Inbound, reason: str) -> None:
    """Discard a parked item for good, with the reason."""
    if inbound.state == Inbound.State.PARKED:
        inbound.settle(Inbound.State.READ, "discarded", reason)
        inbound.save(update_fields=["state", "outcome", "reason", "reason_words"])


def parked_count() -> int:
    """Return the number of parked items, at most a thousand."""
    return int(Inbound.objects.only_parked().order_by()[:1000].count())
