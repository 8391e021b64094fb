"""RecipientFacts: the gate's facts about a recipient, before the text is chosen."""

from datetime import datetime
from functools import cached_property

from comms.composer.recipient_choice import RecipientChoice
from comms.gate.candidate import SendCandidate
from comms.gate.facts import GateFacts
from comms.gate.recipients import facts_of
from comms.gate.rules.channel import WINDOW
from comms.models import Medium
from crm.platform.models import Member


class RecipientFacts:
    """Consent, suppressions and WhatsApp's window of the chosen recipient, loaded once."""

    def __init__(self, recipient: RecipientChoice, member: Member, now: datetime) -> None:
        self.recipient = recipient
        self.member = member
        self.now = now

    @property
    def candidate(self) -> SendCandidate:
        """The message without its text."""
        recipient = self.recipient
        matter = recipient.matter
        way = recipient.way
        version = recipient.written.version
        return SendCandidate(
            medium=way.medium,
            address=recipient.point.value,
            brand_id=matter.brand.pk,
            channel=way.channel,
            declared_purpose=version.template.purpose if version else matter.purpose,
            author_id=self.member.pk,
            person_id=recipient.person.pk if recipient.person else None,
            job_id=matter.job.pk if matter.job else None,
            is_answer=self._is_answer,
        )

    @cached_property
    def _is_answer(self) -> bool:
        is_mail = self.recipient.way.medium == Medium.EMAIL
        return is_mail and self.recipient.matter.last_received(Medium.EMAIL) is not None

    @cached_property
    def facts(self) -> GateFacts:
        return facts_of([self.candidate], self.now)[0]

    @cached_property
    def window_ends(self) -> datetime | None:
        """When WhatsApp's 24-hour window ends; None if it is over, and for other media."""
        if self.recipient.way.medium != Medium.WHATSAPP or not self.facts.wrote_here_at:
            return None
        ends = self.facts.wrote_here_at + WINDOW
        if ends > self.facts.now:
            return ends
        return None

    @property
    def window_seconds(self) -> int:
        """Seconds until WhatsApp's window closes."""
        if self.window_ends:
            return int((self.window_ends - self.facts.now).total_seconds())
        return 0

    @property
    def must_pick(self) -> bool:
        """True if WhatsApp's window is over, so that only an approved template may be sent."""
        return self.recipient.way.medium == Medium.WHATSAPP and self.window_ends is None
