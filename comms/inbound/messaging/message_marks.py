"""Parts of a message beside its text: reactions, referral, and earlier versions."""

from collections.abc import Sequence

from comms.models import Message


def shown_reactions(message: Message) -> str:
    """Return the reactions to a message: "👍 Cora"; without an emoji, the phone's own words."""
    marks = [(one["sign"] or one["words"], one["name"]) for one in message.reactions.values()]
    return ", ".join(" ".join(filter(None, mark)) for mark in marks[:20] if mark[0])


def shown_referral(message: Message) -> str:
    """Return the name of the advertisement a message was written from; "" for none."""
    return str(message.referral.get("headline") or message.referral.get("url") or message.referral.get("id") or "")


def earlier_texts(message: Message) -> Sequence[str]:
    """Return earlier texts of an edited message, newest first; none of a deleted one."""
    if message.revoked_at:
        return ()
    return [one["text"] for one in reversed(message.revisions)]
