"""Detect upset customers: once per day and ticket, and raise the priority to high (docs/rules.md#k12)."""

from collections.abc import Sequence

from comms.models import Message
from crm.jobs.models import Priority
from crm.kernel import clock
from crm.platform.models import Event
from crm.platform.organization.configuration import directory
from tickets.language.lexicon import Lexicon
from tickets.models import Ticket

UPSET = "ticket.upset"
# Folded, without accents; phrases as they stand in a sentence.
_WORDS = """
    angry unacceptable ridiculous furious terrible awful horrible disgusting disappointed lawyer attorney scam fraud
    complaint complain refund incompetent unprofessional outrageous
    boos woedend onacceptabel belachelijk schandalig teleurgesteld advocaat klacht oplichting oplichters waardeloos
    wanprestatie
    wutend inakzeptabel unverschamt anwalt beschwerde betrug enttauscht
    inacceptable scandaleux furieux avocat arnaque plainte decu
    inaceptable furioso abogado estafa queja decepcionado verguenza
""".split()
_PHRASES = (
    *("fed up", "nobody answers", "no one answers", "third time", "still no answer", "money back", "bbb complaint"),
    *("niemand reageert", "derde keer", "derde mail", "nog steeds geen", "geld terug", "ik ben het zat"),
)
_LEXICON = Lexicon(_WORDS, _PHRASES)


def notice_upset(received: Sequence[Event]) -> None:
    """Check customers' messages on tickets for upset words; skips automatic ones. Idempotent."""
    ids = {event.data.get("message"): event.subject_id for event in received}
    for message in Message.objects.filter(pk__in=ids, direction="in", automatic="").for_everybody().order_by("pk"):
        if word := upset_word(f"{message.subject}\n{message.text}"):
            record_upset(Ticket.objects.get(pk=ids[message.pk]), message.pk, word=word)


def record_upset(ticket: Ticket, message_id: int, *, word: str = "", sentiment: int | None = None) -> None:
    """Record that a customer is upset and raise the priority to high, once a day and ticket.

    It rests on a word, or on the sentiment of the whole message, from -100 to 100 (assistant/labels).
    """
    ticket.lock()
    midnight = clock.now().astimezone(directory().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    if not ticket.is_open or Event.objects.of(ticket).filter(kind=UPSET, at__gte=midnight).exists():
        return
    data: dict[str, object] = {"message": message_id, "word": word}
    if sentiment is not None:
        data["sentiment"] = sentiment
    ticket._record(UPSET, None, data)
    if ticket.priority > Priority.HIGH:
        ticket.prioritize(Priority.HIGH, by=None, cause="upset")


def upset_word(text: str) -> str:
    """Return the first upset word or phrase of a text without quotes and signature; "" for none."""
    return _LEXICON.first(text)
