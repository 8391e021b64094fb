"""A webhook request as it was stored, made a request again for its provider to read."""

from comms.channels.interface import RawRequest
from comms.models import Inbound


class Headers(dict[str, str]):
    """Headers, found in any case."""

    def __init__(self, stored: dict[str, str]) -> None:
        super().__init__({name.lower(): value for name, value in stored.items()})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name.lower() if isinstance(name, str) else name)

    def get(self, name: str, default: str | None = None) -> str | None:  # type: ignore[override]
        return super().get(name.lower(), default)


def request_of(inbound: Inbound, body: bytes) -> RawRequest:
    """Return the request; what proved who sent it was not stored, for it has been verified."""
    told = inbound.envelope
    return RawRequest("POST", told.get("url", ""), told.get("query", ""), Headers(told.get("headers", {})), body)
