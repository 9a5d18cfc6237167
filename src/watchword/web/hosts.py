"""Which names this server answers to.

A page from elsewhere can have its own name lead to 127.0.0.1 (DNS rebinding), and would then count as ours; but its
requests still carry that name.
"""

import ipaddress
import socket
from urllib.parse import urlsplit

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


def is_local(bound: str) -> bool:
    """Tell whether what is bound to an address is reached from this machine alone."""
    try:
        return bound == "localhost" or ipaddress.ip_address(bound).is_loopback
    except ValueError:
        return False


def answers(host: str, bound: str) -> bool:
    """Tell whether a server bound to `bound` is meant by the header Host: `host`, whatever its port.

    One that others may reach also answers to any address in figures, for a name that leads astray is none, and to the
    name of this machine.
    """
    name = _name(host)
    if name is None:
        return False
    if name in LOCAL or name == bound.lower():
        return True
    if is_local(bound):
        return False
    own = socket.gethostname().lower()
    return _is_figures(name) or name in {own, own.partition(".")[0], f"{own.partition('.')[0]}.local"}


def _name(host: str) -> str | None:
    """Return the name in "name:port", lower case."""
    try:
        parts = urlsplit(f"//{host}")
        whole = parts.netloc == host and "@" not in host and (parts.port or 1) > 0
        return parts.hostname if whole else None
    except ValueError:
        return None


def _is_figures(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
