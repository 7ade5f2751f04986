"""URLs of the settings, taken apart without their text ever getting into a message."""

import contextlib
import ipaddress
import re
import socket
from typing import Final
from urllib.parse import SplitResult, urlsplit

_HOST: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")

# Of one's own machine and networks, and those that are in no DNS. Not .invalid, which stands in for
# secrets that cannot be read.
# .internal: https://www.icann.org/en/board-activities-and-meetings/materials/approved-resolutions-special-meeting-of-the-icann-board-29-07-2024-en
_PRIVATE_ENDINGS: Final = (
    *(".localhost", ".local", ".internal", ".localdomain", ".home.arpa"),
    *(".test", ".onion", ".alt"),
)

# Such a name has private addresses:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html
_INTERNAL_BALANCER: Final = re.compile(r"internal-.+\.elb\.amazonaws\.com(\.cn)?")


def split_url(value: str, schemes: tuple[str, ...]) -> SplitResult | None:
    """A URL's parts; ``None`` where it is none with such a scheme, a host name and a port."""
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return None
    is_host = _HOST.fullmatch(parts.hostname or "")
    if parts.scheme not in schemes or not is_host or port == 0 or not value.isascii():
        return None
    return None if any(c.isspace() for c in value) else parts


def is_own_machine(host: str) -> bool:
    """Whether a host, in lower case, is whatever machine opens it: loopback and link-local."""
    name = host.rstrip(".")
    with contextlib.suppress(OSError):
        name = socket.inet_ntoa(socket.inet_aton(name))
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost" or name.endswith((".localhost", ".localdomain"))
    return address.is_loopback or address.is_link_local or address.is_unspecified


def is_private_host(host: str) -> bool:
    """Whether a host, in lower case, is one that nobody reaches from the internet.

    Names without a dot, those that are reserved for one's own machine and networks, and addresses
    that are not global:
    https://www.iana.org/assignments/special-use-domain-names
    https://www.iana.org/assignments/iana-ipv4-special-registry
    """
    name = host.rstrip(".")
    # Any spelling that programs take for an address, such as 127.1.
    with contextlib.suppress(OSError):
        name = socket.inet_ntoa(socket.inet_aton(name))
    try:
        return not ipaddress.ip_address(name).is_global
    except ValueError:
        is_reserved = "." not in name or name.endswith(_PRIVATE_ENDINGS)
        return is_reserved or bool(_INTERNAL_BALANCER.fullmatch(name))
