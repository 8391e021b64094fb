"""Whether a mail that arrived goes to the spam view: by its signs, or as a member said of its sender.

It fails safe. What a customer of ours writes, what answers us, and what is on an open conversation is never hidden.
"""

from typing import Any

from comms.inbound.outcome import Read, open_conversation_asked
from comms.models import Direction, JudgedSender, Message
from crm.jobs.models import Job
from crm.platform.database.batch import cached_in_batch
from libs.inbound_mail import Mail, spam_signs

# So many signs make a mail spam: one filter alone is wrong too often.
ENOUGH = 2


def is_suspect(mail: Mail, address: str, *, is_spam_by_provider: bool) -> bool:
    """Whether a mail looks like spam: its sender was called so, or there are signs enough and nobody denied it."""
    judged = _judgement_of(address)
    if judged is not None:
        return judged
    return len(spam_signs(mail, is_spam_by_provider=is_spam_by_provider)) >= ENOUGH


def is_expected(message: Message, answers: Message | None) -> bool:
    """Whether a suspect mail, not stored yet, is shown all the same: somebody here deals with its sender.

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
    replies: list[tuple[Any, Any]] = open_conversation_asked.send(Read, message=message)
    return any(answer for _receiver, answer in replies)


def _judgement_of(address: str) -> bool | None:
    """Return whether a member called an address spam, None where nobody said anything."""
    return _all_judgements().get(address.lower())


@cached_in_batch
def _all_judgements() -> dict[str, bool]:
    """Return what members said of senders, by address: a few, as each was said by hand."""
    return dict(JudgedSender.objects.values_list("address", "is_spam"))
