"""SenderCheck: the authentication results of an email, and the form or group that sent it."""

from dataclasses import dataclass
from typing import Any

from libs.inbound_mail import is_doubtful


@dataclass(frozen=True)
class SenderCheck:
    """The authentication results of a message, {"dmarc": "fail"}, and the participants it names."""

    authentication: dict[str, str]
    participants: Any

    @property
    def is_doubtful(self) -> bool:
        """True if the email may come from another sender than it says."""
        return is_doubtful(self.authentication)

    @property
    def results(self) -> str:
        """The authentication results as mail servers write them: "DMARC fail, SPF pass"."""
        methods = [method for method in ("dmarc", "dkim", "spf") if method in self.authentication]
        return ", ".join(f"{method.upper()} {self.authentication[method]}" for method in methods)

    @property
    def sent_by(self) -> str:
        """The address of the form or group that sent the email for its author; empty if the author sent it."""
        named = None
        if isinstance(self.participants, dict):
            named = self.participants.get("sent_by")
        if named:
            return str(named[0][1])
        return ""
