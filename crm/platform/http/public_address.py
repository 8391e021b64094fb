"""Validate the address of a user's URL against SSRF: public addresses only, unless the operator allows the host.

A URL of a stranger, or of an admin who is not the operator, must not reach what stands beside us: the database, the
cloud's metadata, the router (SSRF; OWASP's "case 2": any address is possible, so what is private is refused).
"""

import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST_URL = 2000
# Public by their numbers and yet of a host's own: Azure's metadata and DNS; IANA's special networks that releases of
# Python do not all know as such (Oracle's metadata is in the first).
_OWN = [
    ipaddress.ip_network(text)
    for text in ("168.63.129.16/32", "192.0.0.0/24", "192.88.99.0/24", "2001::/23", "64:ff9b:1::/48")
]
# Addresses of IPv4 inside IPv6, by the network of a translator (RFC 6052).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class ForbiddenAddress(Exception):
    """The URL is invalid or leads to a disallowed address; the text says why."""


@dataclass(frozen=True)
class ResolvedUrl:
    """A URL with its resolved address: resolved once, so that a second DNS answer cannot differ."""

    scheme: str
    host: str
    port: int
    path: str
    ip: str

    @property
    def authority(self) -> str:
        """The Host header."""
        if ":" in self.host:
            name = f"[{self.host}]"
        else:
            name = self.host
        if self.port == (443 if self.scheme == "https" else 80):
            return name
        return f"{name}:{self.port}"


def check_url(url: str) -> None:
    """Refuse a URL that never leads to the public network, without asking the DNS. Raises ForbiddenAddress."""
    scheme, host, port, _path = _split_url(url)
    is_named = host in settings.PRIVATE_HOSTS
    if scheme != "https" and not is_named:
        raise ForbiddenAddress(_("It must begin with https://"))
    if port < 1024 and port not in (80, 443) and not is_named:
        raise ForbiddenAddress(_("This port is not allowed"))
    try:
        literal = ipaddress.ip_address(host)
    except ValueError:
        return
    if not is_named and not is_public(literal):
        raise ForbiddenAddress(_("This address is in a private network"))


def resolve_url(url: str) -> ResolvedUrl:
    """Resolve a URL. Raises ForbiddenAddress; OSError if its host has no address.

    Hosts of the setting PRIVATE_HOSTS may be private, and plain http; all others are https at a public address. A host
    with one private address among public ones is refused whole.
    """
    scheme, host, port, path = _split_url(url)
    check_url(url)
    return ResolvedUrl(scheme, host, port, path, str(public_addresses(host, port)[0]))


def public_addresses(host: str, port: int) -> Sequence[IP]:
    """Return the addresses of a host, asking the DNS once. Raises ForbiddenAddress, or OSError when it has none.

    All have to be public, unless the setting PRIVATE_HOSTS names the host.
    """
    addresses = _look_up_addresses(host, port)
    if host not in settings.PRIVATE_HOSTS and not all(is_public(address) for address in addresses):
        raise ForbiddenAddress(_("This address is in a private network"))
    return addresses


def is_public(address: IP) -> bool:
    """Tell whether an address is public, including IPv4 addresses embedded in IPv6."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.is_site_local:
            return False
    special = address.is_multicast or address.is_reserved or address.is_unspecified or address.is_loopback
    return address.is_global and not special and not any(address in network for network in _OWN)


def url_host(url: str) -> str:
    """Return the host of a URL in lower case; blank if it has none. Resolves and checks nothing."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _split_url(url: str) -> tuple[str, str, int, str]:
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise ForbiddenAddress(_("This is not a web address"))
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        port = parts.port
    except ValueError:
        raise ForbiddenAddress(_("This is not a web address")) from None
    if parts.scheme not in ("http", "https") or not host or parts.username is not None or parts.password is not None:
        raise ForbiddenAddress(_("This is not a web address"))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, host, port or (443 if parts.scheme == "https" else 80), path


def _look_up_addresses(host: str, port: int) -> Sequence[IP]:
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except ValueError:  # no host name can be made of it
        raise ForbiddenAddress(_("This is not a web address")) from None
    # A scope ("%eth0") is of this machine's own networks.
    return [ipaddress.ip_address(str(place[0]).partition("%")[0]) for *_rest, place in infos]
