"""MailChoice: which emails of a member's own mailbox are read. What it does not want is never stored."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from comms.channels.directory import without_tag
from comms.inbound.selection.mail_headers import AddressFields
from comms.models import Direction, MailboxConnection, MailboxState, Message
from crm.people.models import ContactPoint


@dataclass(frozen=True)
class MailChoice:
    """The emails that a member chose to have read, as the choice was when a visit began.

    An excluded address: nothing it takes part in is read. An excluded domain: nothing that comes from it, or goes to
    it alone.
    """

    connection_id: int
    channel_id: int
    address: str
    folders: tuple[str, ...]
    reads_customers: bool
    domains: frozenset[str]
    never: frozenset[str]
    read_since: datetime
    chosen_at: datetime

    @classmethod
    def of(cls, connection: MailboxConnection) -> "MailChoice":
        """Return the choice of a connection that is read."""
        channel_id, since, chosen_at = connection.channel_id, connection.read_since, connection.chosen_at
        assert channel_id
        assert since
        assert chosen_at
        return cls(
            connection_id=connection.pk,
            channel_id=channel_id,
            address=connection.address,
            folders=tuple(connection.folders),
            reads_customers=connection.reads_customers,
            domains=frozenset(connection.domains),
            never=frozenset(connection.never),
            read_since=since,
            chosen_at=chosen_at,
        )

    def is_current(self) -> bool:
        """Lock the connection; False if the member chose otherwise, disconnected it or has left meanwhile."""
        rows = MailboxConnection.objects.filter(
            pk=self.connection_id, state=MailboxState.ACTIVE, chosen_at=self.chosen_at, member__active=True
        )
        return bool(list(rows.select_for_update(of=("self",)).values_list("pk")))

    def select(self, mails: Mapping[int, AddressFields], *, is_sent: bool) -> set[int]:
        """Return the UIDs of the emails that are read, with two queries."""
        candidates = {uid: self._correspondents(headers, is_sent=is_sent) for uid, headers in mails.items()}
        customers = self._customers({address for addresses in candidates.values() for address in addresses})
        answered = self._own_messages({answer for headers in mails.values() for answer in headers.answers})
        return {
            uid
            for uid, headers in mails.items()
            if not self._is_excluded(headers)
            and (
                any(address in customers or self._is_in(address, self.domains) for address in candidates[uid])
                or not answered.isdisjoint(headers.answers)
            )
        }

    def _correspondents(self, headers: AddressFields, *, is_sent: bool) -> frozenset[str]:
        """Return who counts: of what the owner sent its recipients, else its senders."""
        if is_sent or self._is_own(headers.senders):
            named = headers.recipients
        else:
            named = headers.senders
        return frozenset(
            address
            for address in named
            if without_tag(address) != self.address and not self._is_in(address, self.never)
        )

    def _is_excluded(self, headers: AddressFields) -> bool:
        if not self.never.isdisjoint(headers.addresses):
            return True
        outside = [address for address in headers.senders if without_tag(address) != self.address]
        return any(self._is_in(address, self.never) for address in outside)

    def _is_own(self, senders: Collection[str]) -> bool:
        return any(without_tag(sender) == self.address for sender in senders)

    def _is_in(self, address: str, names: frozenset[str]) -> bool:
        """True if a list has the address, its domain or a domain above that."""
        domain = address.rpartition("@")[2]
        parts = domain.split(".")
        above = (".".join(parts[count:]) for count in range(len(parts) - 1))
        return address in names or any(name in names for name in above)

    def _customers(self, addresses: set[str]) -> set[str]:
        if not self.reads_customers or not addresses:
            return set()
        points = ContactPoint.objects.filter(kind=ContactPoint.PointKind.EMAIL, value__in=addresses)
        return set(points.values_list("value", flat=True))

    def _own_messages(self, ids: set[str]) -> set[str]:
        """Return which of these Message-IDs are of messages that we sent from this mailbox."""
        if not ids:
            return set()
        sent = Message.objects.filter(message_id__in=ids, channel_id=self.channel_id, direction=Direction.OUT)
        return set(sent.values_list("message_id", flat=True))
