"""Keep the words of a message that was taken back: whoever wrote it goes on where they were."""

from typing import Any

from comms.models import Draft, Message, SenderProfile


def keep_words(message: Message, where: dict[str, Any]) -> None:
    """Have a message's words be the draft there again, without the signature; not over one that was begun since."""
    if Draft.at(where).exists():
        return
    text, signature = message.text, SenderProfile.of(message.brand).signature.strip()
    if signature:
        text = text.removesuffix(f"\n\n{signature}")
    Draft.keep(where=where, subject=message.subject, text=text)
