"""What a message shows besides its words: signs that were put on it, and what it said before it was changed."""

from collections.abc import Sequence

from comms.models import Message


def shown_reactions(message: Message) -> str:
    """Return the signs on a message: "👍 Cora"; of one without a sign, how the telephone wrote it."""
    marks = [(one["sign"] or one["words"], one["name"]) for one in message.reactions.values()]
    return ", ".join(" ".join(filter(None, mark)) for mark in marks[:20] if mark[0])


def shown_referral(message: Message) -> str:
    """Name the advertisement somebody wrote from; "" for none."""
    return str(message.referral.get("headline") or message.referral.get("url") or message.referral.get("id") or "")


def earlier_texts(message: Message) -> Sequence[str]:
    """Return what an edited message said before, the newest first; nothing of a deleted one."""
    if message.revoked_at:
        return ()
    return [one["text"] for one in reversed(message.revisions)]
