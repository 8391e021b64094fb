"""The client network by which rate limits count requests."""

from ipaddress import ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def client_network(request: HttpRequest) -> str:
    """Return the network of the client's address, sized like that of one household or office."""
    return network_of(get_adapter().get_client_ip(request))


def network_of(address: str) -> str:
    """Return the /24 of an IPv4 address or the /64 of an IPv6 address; other values unchanged."""
    try:
        client = ip_address(address)
    except ValueError:
        return address
    prefix = 64
    if client.version == 4:
        prefix = 24
    return str(ip_network(f"{client}/{prefix}", strict=False))
