"""Arguments of `Quote.accept`: the choice a customer accepts, and their signature."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from crm.kernel.refusal import Refused
from crm.people.models import Person


@dataclass(frozen=True)
class OfferChoice:
    """A choice as the page showed it: the version's number, the option, the lines taken off, and the hash of it."""

    version: int
    option_id: int | None
    unticked: frozenset[int]
    hash: str


@dataclass(frozen=True)
class CustomerSignature:
    """Who signs, how, and what is known of their identity.

    `evidence`: address of the code, device, network, when the version was first seen. `is_forwarded`: the link was
    opened on another device than the first, without a code.
    """

    person: Person
    name: str
    method: str
    consent: str
    has_code: bool
    is_forwarded: bool = False
    evidence: Mapping[str, Any] = field(default_factory=dict)

    METHODS = ("typed", "drawn")

    def refuse_unless_whole(self) -> None:
        """Raise Refused for a signature that proves too little."""
        if self.is_forwarded:
            raise Refused(_("This link was sent to somebody else. Only they can accept, on their own device."))
        if not self.has_code:
            raise Refused(_("Confirm first that it is you: ask for a code and enter it."))
        if not " ".join(self.name.split()):
            raise Refused(_("Enter your full name."))
        if not self.consent or self.method not in self.METHODS:
            raise Refused(_("Sign, and agree to sign electronically."))
