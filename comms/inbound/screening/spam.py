"""Whether an incoming mail is spam: by its signs, or by a member's judgement of the sender.

It fails safe. What a customer of ours writes, what answers us, and what is on an open conversation is never hidden.
"""

from typing import Any

from comms.inbound.inbound_result import InboundResult, open_conversation_asked
from comms.models import Direction, JudgedSender, Message
from crm.jobs.models import Job
from crm.platform.database.batch import cached_in_batch
from libs.inbound_mail import Mail, spam_signs

# So many signs make a mail spam: one filter alone is wrong too often.
ENOUGH = 2


def is_suspect(mail: Mail, address: str, *, is_spam_by_provider: bool) -> bool:
    """True if a mail looks like spam: its sender was marked, or it has enough signs and no member denied it."""
    judged = _judgement_of(address)
    if judged is not None:
        return judged
    return len(spam_signs(mail, is_spam_by_provider=is_spam_by_provider)) >= ENOUGH


def is_expected(message: Message, answers: Message | None) -> bool:
    """True if a suspicious, unsaved mail is shown anyway, as its sender is in contact with us.

    It answers a mail of ours, or its sender has an open lead or conversation. A customer whom we know is shown as well,
    unless a member called them spam.
    """
    person = message.person
    if answers and answers.direction == Direction.OUT:
        return True
    if person and person.unconfirmed_since is None and not _judgement_of(message.address):
        return True
    if person and Job.objects.open().filter(person=person).exists():
        return True
    replies: list[tuple[Any, Any]] = open_conversation_asked.send(InboundResult, message=message)
    return any(answer for _receiver, answer in replies)


def _judgement_of(address: str) -> bool | None:
    """Return whether a member marked an address as spam; None if no member judged it."""
    return _all_judgements().get(address.lower())


@cached_in_batch
def _all_judgements() -> dict[str, bool]:
    """Return members' judgements of senders by address."""
    return dict(JudgedSender.objects.values_list("address", "is_spam"))
