"""URLs of the settings, taken apart without their text ever getting into a message."""

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

_HOST: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")

# .internal: https://www.icann.org/en/board-activities-and-meetings/materials/approved-resolutions-special-meeting-of-the-icann-board-29-07-2024-en
_PRIVATE_ENDINGS: Final = (".localhost", ".local", ".internal", ".localdomain", ".home.arpa")


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


def is_private_host(host: str) -> bool:
    """Whether a host, in lower case, is one that nobody reaches from the internet.

    Names without a dot, those that are reserved for one's own machine and networks, and addresses
    that are not global:
    https://www.iana.org/assignments/special-use-domain-names
    https://www.iana.org/assignments/iana-ipv4-special-registry
    """
    name = host.rstrip(".")
    try:
        return not ipaddress.ip_address(name).is_global
    except ValueError:
        return "." not in name or name.endswith(_PRIVATE_ENDINGS)
