"""Makes text from the application safe to stand in a metric line.

Metric lines share their log group with the application's log, where metric filters look for
words such as ``Error`` anywhere in a line, inside other words too. A line that says how often
``ValueError`` was raised must not count as one more of them, so these words are broken by an
underscore: ``ValueErr_or``.
"""

import hashlib
import re
from typing import Final

NONE: Final = "(none)"
OTHER: Final = "(other)"
UNMATCHED: Final = "(unmatched)"
ROOT: Final = "/"

MAX_LENGTH: Final = 200
"""Characters of a token. CloudWatch takes 1,024; the line has to stay short."""

_HASH_LENGTH: Final = 12

# The words of the log filters, each split where the underscore goes. The longer ones
# (DatabaseError and the like) all end in one of these.
_WORDS: Final = (
    ("err", "or"),
    ("exc", "eption"),
    ("unauth", "orized"),
    ("forb", "idden"),
    ("cs", "rf"),
)

# An underscore is added to those that are there already, if any: so no two texts become one.
_BREAKS: Final = re.compile(
    "|".join(f"(?<={head})(?=_*{tail})" for head, tail in _WORDS), re.IGNORECASE
)

# What a dimension's value may not have, or not at its start, and the escape character itself.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html
_ESCAPED: Final = re.compile(r"[^ -$&-~]|\A[ :]")

_RESERVED: Final = frozenset({NONE, OTHER, UNMATCHED})


def safe_token(text: str) -> str:
    """A dimension value that stands for ``text``.

    It is the text itself wherever that is possible. The mapping is the same in every process,
    and no two texts of at most 200 characters have the same token: characters that CloudWatch
    does not take are percent-encoded, filtered words are broken by one underscore, and longer
    texts end in a hash.

    Returns:
        1 to 200 printable ASCII characters without any word of the log filters, and none of the
        tokens that this package uses itself (``(other)`` and the like).
    """
    if not text:
        return NONE
    if text in _RESERVED:
        return _percent(text[0]) + text[1:]
    token = without_filtered_words(_ESCAPED.sub(lambda match: _percent(match[0]), text))
    if len(token) <= MAX_LENGTH:
        return token
    digest = hashlib.sha256(token.encode("ascii")).hexdigest()[:_HASH_LENGTH]
    return f"{token[: MAX_LENGTH - _HASH_LENGTH - 1]}~{digest}"


def route_token(route: str | None) -> str:
    """The value of ``Route`` for a resolved pattern, or for none.

    Args:
        route: ``resolver_match.route``; ``None`` where no pattern matched, as for a 404 or for
            a redirect that adds a slash.
    """
    if route is None:
        return UNMATCHED
    if not route:
        return ROOT
    return _percent(ROOT) if route == ROOT else safe_token(route)


def without_filtered_words(text: str) -> str:
    """The text with the words of the log filters broken: ``Error`` becomes ``Err_or``."""
    return _BREAKS.sub("_", text)


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "surrogatepass"))
