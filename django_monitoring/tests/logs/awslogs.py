"""How the awslogs driver makes events of lines, with and without its two options that join them.

As in https://github.com/moby/moby/blob/master/daemon/logger/awslogs/cloudwatchlogs.go
(``parseMultilineOptions``, ``collectBatch``), for lines that come within its five seconds.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Final

# The driver's own table, as far as the tests need it.
_STRFTIME: Final[Mapping[str, str]] = {
    "%Y": r"\d{4}",
    "%m": r"(?:0[1-9]|1[0-2])",
    "%d": r"(?:0[1-9]|[1,2][0-9]|3[0,1])",
    "%H": r"(?:[0,1][0-9]|2[0-3])",
    "%M": r"[0-5][0-9]",
    "%S": r"[0-5][0-9]",
}


def multiline_pattern(options: Mapping[str, str]) -> re.Pattern[str] | None:
    """What begins an event; ``None`` where each line is one."""
    if given := options.get("awslogs-datetime-format"):
        return re.compile(re.sub("%.", lambda found: _STRFTIME[found[0]], given))
    if given := options.get("awslogs-multiline-pattern"):
        return re.compile(given)
    return None


def events(lines: Iterable[str], options: Mapping[str, str]) -> list[str]:
    """The events that CloudWatch Logs gets."""
    begins = multiline_pattern(options)
    if begins is None:
        return list(lines)
    found: list[str] = []
    for line in lines:
        # Anywhere in the line, as Go's Match does.
        if begins.search(line) or not found:
            found.append("")
        found[-1] += f"{line}\n"
    return found
