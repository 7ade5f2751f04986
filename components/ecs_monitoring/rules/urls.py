"""URLs of the settings, taken apart without their text ever getting into a message."""

import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

_HOST: Final = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?")


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
