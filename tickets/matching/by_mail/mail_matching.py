"""Match a mail to a ticket: by its reply headers first, then by its subject (docs/rules.md#threading)."""

from django.db.models import Exists, OuterRef

from comms.mail import threads
from comms.models import Direction, Medium, Message
from crm.kernel.normalization import name_key
from tickets.matching.by_mail import subject_line
from tickets.matching.by_mail.private_mail import match_apart, may_join
from tickets.matching.evidence import Evidence, Hint, Match, suggest_ticket
from tickets.matching.outgoing import newest_open
from tickets.matching.participants import is_confirmed, takes_part
from tickets.merging.current_ticket import current_ticket, find_ticket_of
from tickets.models import Entry, Ticket

# The headers of a mail name its nearest ones last.
_MOST_IDS = 60
# Headers that a mail program sets also where a person only wanted the address, to write about something else.
_BY_HEADERS = (Evidence.IN_REPLY_TO, Evidence.REFERENCES, Evidence.MESSAGE_ID)
# So many of a person's tickets are looked at for one with the same subject.
_MOST_TICKETS = 20
# So much of what it answers is looked for in what it quotes.
_QUOTED = 40


def match_mail(message: Message, answers: Message | None, by: str) -> Match:
    """Return the match of a mail, whether it answers one of ours, one of theirs, or none.

    An id of ours is signed, a customer's anybody can name: from whom takes no part it is a hint and no more.
    """
    hint = Match()
    if answers:
        ticket = find_ticket_of(answers)
        if ticket and not may_join(ticket, message):
            return match_apart(message, by, answers)
        if ticket is None and answers.direction == Direction.OUT:
            # It was sent before there was a ticket: a reminder, say. A calendar's answer to it begins none.
            of_lead = None
            if by == Evidence.CALENDAR_UID:
                of_lead = newest_open(answers)
            return Match(by, of_lead, {"message": answers.pk})
        if ticket and not _is_proven(answers, ticket, message):
            hint = suggest_ticket(ticket, Hint.UNSIGNED_ID)
            answers, by, ticket = _signed_reference(message)
        if ticket and answers:
            if _is_in_doubt(message, answers, by, ticket):
                return suggest_ticket(ticket, Hint.OTHER_SUBJECT)
            return Match(by, ticket, {"message": answers.pk})
    tagged = _by_tag(message)
    if tagged.ticket:
        return tagged
    return next((each for each in (hint, tagged) if each.evidence), None) or _open_matter(message)


def _is_proven(answers: Message, ticket: Ticket, message: Message) -> bool:
    """True if a Message-ID proves the ticket: one of ours, or a customer's cited by a participant.

    Whom a form or a group names as the author may be anybody: that proves nothing.
    """
    return answers.direction == Direction.OUT or (takes_part(ticket, message) and not message.sender_check.sent_by)


def _signed_reference(message: Message) -> tuple[Message | None, str, Ticket | None]:
    """Return the newest of our messages among a mail's references, with evidence and ticket; Nones without one."""
    named = [threads.own_message(each) for each in message.references.split()[-_MOST_IDS:]]
    message_of_ours = (
        Message.objects.filter(uid__in=filter(None, named), direction=Direction.OUT).order_by("-pk").first()
    )
    ticket = None
    if message_of_ours:
        ticket = find_ticket_of(message_of_ours)
    if ticket and not may_join(ticket, message):
        return None, "", None
    if ticket:
        return (message_of_ours, Evidence.REFERENCES, ticket)
    return (None, "", None)


def _is_in_doubt(message: Message, answers: Message, by: str, ticket: Ticket) -> bool:
    """True if a member decides, because the headers say reply but the subject differs.

    Not of a participant who names a mail that we signed: they have it and answered it.
    """
    if by not in _BY_HEADERS or not is_about_something_else(message, answers, ticket.subject):
        return False
    is_signed = answers.direction == Direction.OUT
    return not (is_signed and takes_part(ticket, message) and not message.sender_check.sent_by)


def is_about_something_else(message: Message, answers: Message, called: str = "") -> bool:
    """True if a reply starts a new matter: no "Re:", another subject, nothing quoted.

    `called`: the subject of the ticket they would go on in.
    """
    subject = message.subject
    if message.automatic or not subject_line.plain_subject(subject) or subject_line.is_prefixed(subject):
        return False
    if subject_line.subjects_agree(subject, answers.subject) or subject_line.subjects_agree(subject, called):
        return False
    theirs = name_key(answers.text[:400])[:_QUOTED]
    return bool(theirs) and theirs not in name_key(message.folded_text[:100_000])


def _by_tag(message: Message) -> Match:
    """Match by the ticket number in the subject. Anybody can write it, so the sender must be a participant."""
    numbers = subject_line.subject_tags(message.subject)
    by_number = {}
    if numbers:
        by_number = {each.number: each for each in Ticket.objects.filter(number__in=numbers)}
    ticket = next((current_ticket(by_number[number]) for number in numbers if number in by_number), None)
    if ticket is None or not may_join(ticket, message):
        return Match()
    if is_confirmed(ticket, message) and not message.sender_check.sent_by:
        return Match(Evidence.SUBJECT_TAG, ticket, {"number": ticket.number})
    return suggest_ticket(ticket, Hint.TAG_OF_STRANGER)


def _open_matter(message: Message) -> Match:
    """Suggest the person's open ticket with this subject, else an open one of the brand without mail.

    Email and text belong on the same ticket. A text has no subject to agree with: it is asked.
    """
    subject = subject_line.plain_subject(message.subject)
    if message.person_id is None or message.automatic:
        return Match()
    mails = Entry.objects.filter(ticket=OuterRef("pk"), message__medium=Medium.EMAIL)
    theirs = Ticket.objects.open().filter(person_id=message.person_id, merged_into=None).order_by("-last_message_at")
    theirs = theirs.filter(sole_reader=message.sole_reader_id)
    rows = theirs.annotate(has_mail=Exists(mails))[:_MOST_TICKETS]
    open_tickets = list(rows.values_list("pk", "subject", "brand_id", "has_mail"))
    if subject and (
        same := next((pk for pk, called, *_ in open_tickets if subject_line.plain_subject(called) == subject), None)
    ):
        return suggest_ticket(Ticket.objects.get(pk=same), Hint.SAME_SUBJECT)
    other = next(
        (pk for pk, _called, brand, has_mail in open_tickets if brand == message.brand_id and not has_mail), None
    )
    if other:
        return suggest_ticket(Ticket.objects.get(pk=other), Hint.OTHER_CHANNEL)
    return Match()
