"""Turns the text of a filter pattern into its syntax tree."""

from __future__ import annotations

from functools import lru_cache

from .errors import LogPatternError
from .fields import read_fields
from .json_conditions import read_json_pattern
from .scanner import Scanner
from .syntax import LogPattern, MatchAll
from .terms import read_regex_pattern, read_terms

MAX_PATTERN_LENGTH = 1024
"""The length limit of ``filterPattern`` in the CloudWatch Logs API (``FilterPattern`` in
botocore's ``data/logs/2014-03-28/service-2.json``).

https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutMetricFilter.html
"""


# Settings and components look at the same few patterns again and again, for what they hold.
@lru_cache(maxsize=1024)
def parse_pattern(text: str) -> LogPattern:
    """Parse a CloudWatch Logs filter pattern.

    An empty pattern matches every event. One that begins with ``{`` is for JSON events,
    with ``[`` for space-delimited ones, with ``%`` a regular expression; any other is a
    list of words and quoted phrases.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html

    Raises:
        LogPatternError: AWS documents no such pattern, or documents that it would not
            apply as written. The message says where, what is wrong and what to write.
    """
    if len(text) > MAX_PATTERN_LENGTH:
        raise LogPatternError(
            MAX_PATTERN_LENGTH + 1,
            f"the pattern has {len(text)} characters, and the API takes at most "
            f"{MAX_PATTERN_LENGTH}",
            "shorten it or use several filters",
        )
    scanner = Scanner(text)
    scanner.skip_space()
    match scanner.next_character:
        case "":
            return MatchAll()
        case "{":
            return read_json_pattern(scanner)
        case "[":
            return read_fields(scanner)
        case "%":
            return read_regex_pattern(scanner)
        case _:
            return read_terms(scanner)
