"""Find messages by their words, of those a member may see: the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from comms.models import Direction, Message
from comms.search.snippet import snippet
from crm.jobs.models.visibility import limited_to
from crm.kernel import clock
from crm.kernel.normalization import name_key
from crm.platform.models import Member
from crm.web.lists.conditions.query import tidy
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.shell.palette import Group, Item

# Looked through for what the member may see; a rep sees few of the many.
FEW, FEW_FOR_A_REP = 200, 2000
MOST_WORDS = 6
IN_PALETTE, ON_PAGE = 5, 20


@dataclass(frozen=True)
class Hit:
    """A message found, and the piece of it where the words stand."""

    message: Message
    piece: SafeString


def search(text: str, *, by: Member, most: int = ON_PAGE) -> list[Hit]:
    """Find the messages in which every word occurs; nothing for less than two letters. Two queries."""
    words = sorted(name_key(text[:120]).split(), key=len, reverse=True)[:MOST_WORDS]
    if not words or len(words[0]) < 2:
        return []
    few = max(FEW if limited_to(by) is None else FEW_FOR_A_REP, most)
    with connection.cursor() as cursor:
        cursor.execute("select * from messages_found(%s::text[], %s, %s)", [words, by.pk, few])
        ids = [pk for (pk,) in cursor.fetchall()]
    if not ids:
        return []
    found = Message.objects.visible_to(by).filter(pk__in=ids).select_related("person", "channel")
    return [Hit(message, _piece(message, words)) for message in found.newest_first()[:most]]


def _piece(message: Message, words: list[str]) -> SafeString:
    return snippet(" · ".join(filter(None, (message.subject, message.text))), words)


def messages_found(request: TenantRequest, text: str) -> Iterator[Group]:
    """Offer the messages a text occurs in, in the palette."""
    yield Group(_("Messages"), _items(request, tidy(text), IN_PALETTE))


def messages_on_page(request: TenantRequest, text: str) -> Iterator[Group]:
    """List the messages a text occurs in, on the page of the search."""
    yield Group(_("In messages"), _items(request, text, ON_PAGE))


def _items(request: TenantRequest, text: str, most: int) -> list[Item]:
    reader = Reader.of(request.member, clock.now())
    return [_item(hit, request.tenant.slug, reader) for hit in search(text, by=request.member, most=most)]


def _item(hit: Hit, slug: str, reader: Reader) -> Item:
    message = hit.message
    icon = "mail" if message.direction == Direction.OUT else "message-square-more"
    who = message.person.name if message.person else message.address_name or message.address
    url = reverse("comms:message", args=[slug, message.uid])
    return Item(f"{who} · {reader.moment(message.at)}", url, icon, note=hit.piece)
