"""The network a request comes from, as rate limits count it."""

from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def client_network(request: HttpRequest) -> str:
    """Return the network of the client's address, of the size one household or office has."""
    return network_of(get_adapter().get_client_ip(request))


def network_of(address: str) -> str:
    """Return the /24 of an IPv4 address, the /64 of an IPv6 one; anything else as it is."""
    try:
        client = ip_address(address)
    except ValueError:
        return address
    prefix = 64
    if client.version == 4:
        prefix = 24
    return str(ip_network(f"{client}/{prefix}", strict=False))
