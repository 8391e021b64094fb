"""Customers that no message reached ("call these people"), until a call is logged."""

from typing import Any

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from comms.callbacks.message_calls import log_message_call, take_back_message_call
from comms.callbacks.source import Callback, CallbackSource, is_uuid
from comms.models import Message
from crm.platform.models import Member
from crm.platform.organization.readable_address import readable_address
from crm.web.reader import Reader
from crm.web.shell.record_pages import record_url


def _undelivered_messages(member: Member, *, everybodys: bool) -> Any:
    rows = Message.objects.visible_to(member).filter(call_wanted_at__isnull=False)
    if everybodys:
        return rows
    nobodys = Q(author=None, job__member=None)
    return rows.filter(Q(author=member) | Q(job__member=member) | nobodys)


def _find_callbacks(member: Member, reader: Reader, slug: str, *, everybodys: bool, most: int) -> list[Callback]:
    rows = _undelivered_messages(member, everybodys=everybodys).select_related("person")
    messages = rows.prefetch_related("person__contact_points").order_by("call_wanted_at", "pk")[:most]
    return [
        Callback(
            key=str(message.uid),
            since=message.call_wanted_at,
            name=_name_of(message),
            phone=_phone_of(message),
            why=_("No message could be delivered · %(when)s") % {"when": reader.near(message.at)},
            url=record_url(message, slug),
        )
        for message in messages
    ]


def _phone_of(message: Message) -> str:
    points = message.person.contact_points.all() if message.person else ()
    own = message.address if message.address.startswith("+") else ""
    return next((point.value for point in points if point.kind == "phone"), own)


def _find_message(member: Member, key: str) -> Message:
    message: Message | None = None
    if is_uuid(key):
        message = Message.objects.visible_to(member).filter(uid=key).first()
    if message is None:
        raise Http404
    return message


def _log_call(member: Member, key: str, outcome: str, note: str) -> str:
    log_message_call(_find_message(member, key), outcome, by=member, note=note)
    return key


def _take_back(member: Member, key: str) -> None:
    take_back_message_call(_find_message(member, key), by=member)


FAILED = CallbackSource(
    name="failed",
    permission="comms.send",
    waiting=_undelivered_messages,
    found=_find_callbacks,
    log=_log_call,
    take_back=_take_back,
)


def _name_of(message: Message) -> str:
    if message.person:
        name = message.person.name
    else:
        name = message.address_name
    return name or readable_address(message.address)
