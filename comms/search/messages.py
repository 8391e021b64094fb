"""Search messages a member may see by words, newest first."""

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
from crm.platform.organization.readable_address import readable_address
from crm.web.lists.conditions.query import tidy
from crm.web.reader import Reader
from crm.web.requests.http import TenantRequest
from crm.web.shell.palette import PaletteGroup, PaletteItem

# Looked through for what the member may see; a rep sees few of the many.
FEW = 200
FEW_FOR_A_REP = 2000
MOST_WORDS = 6
IN_PALETTE = 5
ON_PAGE = 20


@dataclass(frozen=True)
class MessageHit:
    """A message found, and a snippet with the words."""

    message: Message
    piece: SafeString


def search(text: str, *, by: Member, most: int = ON_PAGE) -> list[MessageHit]:
    """Find messages with every word; none for less than two letters. Three queries.

    Which of them the member may see is asked of the ids alone: with a limit, the database would rather walk through
    all messages from the newest on.
    """
    words = _search_words(text)
    message_ids = occurrences(text, by=by, most=most)
    if not message_ids:
        return []
    seen = set(Message.objects.visible_to(by).filter(pk__in=message_ids).values_list("pk", flat=True))
    shown_ids = [pk for pk in message_ids if pk in seen][:most]
    messages = Message.objects.filter(pk__in=shown_ids).select_related("person", "channel").newest_first()
    return [MessageHit(message, _message_snippet(message, words)) for message in messages]


def occurrences(text: str, *, by: Member, most: int) -> list[int]:
    """Return the newest messages with every word, regardless of visibility; of mailboxes only shared parts.

    For who asks further what the member may see, as of the tickets they are on.
    """
    words = _search_words(text)
    if not words or len(words[0]) < 2:
        return []
    few = max(FEW if limited_to(by) is None else FEW_FOR_A_REP, most)
    with connection.cursor() as cursor:
        cursor.execute("select * from messages_found(%s::text[], %s, %s)", [words, by.pk, few])
        return [pk for (pk,) in cursor.fetchall()]


def _search_words(text: str) -> list[str]:
    return sorted(name_key(text[:120]).split(), key=len, reverse=True)[:MOST_WORDS]


def _message_snippet(message: Message, words: list[str]) -> SafeString:
    return snippet(" · ".join(filter(None, (message.subject, message.text))), words)


def messages_found(request: TenantRequest, text: str) -> Iterator[PaletteGroup]:
    """Return the messages containing a text, for the palette."""
    yield PaletteGroup(_("Messages"), _palette_items(request, tidy(text), IN_PALETTE))


def messages_on_page(request: TenantRequest, text: str) -> Iterator[PaletteGroup]:
    """Return the messages containing a text, for the search page."""
    yield PaletteGroup(_("In messages"), _palette_items(request, text, ON_PAGE))


def _palette_items(request: TenantRequest, text: str, most: int) -> list[PaletteItem]:
    reader = Reader.of(request.member, clock.now())
    return [_palette_item(hit, request.tenant.slug, reader) for hit in search(text, by=request.member, most=most)]


def _palette_item(hit: MessageHit, slug: str, reader: Reader) -> PaletteItem:
    message = hit.message
    icon = "message-square-more"
    if message.direction == Direction.OUT:
        icon = "mail"
    if message.person:
        who = message.person.name
    else:
        who = message.address_name or readable_address(message.address)
    url = reverse("comms:message", args=[slug, message.uid])
    return PaletteItem(f"{who} · {reader.moment(message.at)}", url, icon, note=hit.piece)
