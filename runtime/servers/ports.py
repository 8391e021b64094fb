"""Find free TCP ports on the loopback interface, and check whether one is taken."""

import random
import socket

# Below 32768, where systems take the near ends of outgoing connections from: a port from there may be free now and
# taken by anybody's connection a moment later, before the server that was given it listens.
_LOWEST = 20_000
_HIGHEST = 32_000
_MOST_TRIES = 1_000
_random = random.SystemRandom()
# A port is given long before a server listens there, and its server may be away for a while.
_given: set[int] = set()


def free_port() -> int:
    """Return a free port outside the range of outgoing connections; never the same port twice."""
    for _ in range(_MOST_TRIES):
        port = _random.randint(_LOWEST, _HIGHEST)
        if port not in _given and not is_taken(port):
            _given.add(port)
            return port
    raise OSError(f"No free port between {_LOWEST} and {_HIGHEST}.")


def can_listen(host: str) -> bool:
    """Tell whether this machine has an address, such as a second one of the loopback interface."""
    with socket.socket() as probe:
        try:
            probe.bind((host, 0))
        except OSError:
            return False
    return True


def is_taken(port: int, host: str = "127.0.0.1") -> bool:
    """Tell whether a process listens on a port. Closed connections in TIME_WAIT do not count."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return True
    return False
