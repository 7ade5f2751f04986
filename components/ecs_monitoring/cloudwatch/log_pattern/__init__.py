"""The CloudWatch Logs filter pattern language, to check and try patterns offline.

The rules are those of the CloudWatch Logs User Guide:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
What the guide does not document is refused with an error that says what to write
instead. Where the guide leaves the meaning open, these choices hold:

* A term matches inside words too, as in the guide's older examples (see ``matches``).
* ``*`` is a wildcard at the start and end of a value; elsewhere it is refused.
* In ``[a, b]`` the last field takes the rest of the event (see ``field_matching``).
  Any white space separates the fields of an event.
* A condition on a JSON property that is missing, null, a boolean, an array or an object
  does not hold, ``!=`` included; ``IS`` and ``NOT EXISTS`` are for those.
  https://github.com/DataBiosphere/azul/issues/5884
* A selector with a wildcard holds if any of the values it points to does.
* A number in an event is text to a quoted string, a string with ``*`` or a regular
  expression; a string in an event that holds a plain number is one to an unquoted number.
"""

from .doubts import doubts
from .errors import LogPatternError
from .insights import insights_condition
from .matching import matches
from .parser import MAX_PATTERN_LENGTH, parse_pattern
from .reach import useful_pattern
from .syntax import LogPattern, has_regex

__all__ = [
    "MAX_PATTERN_LENGTH",
    "LogPattern",
    "LogPatternError",
    "doubts",
    "has_regex",
    "insights_condition",
    "matches",
    "parse_pattern",
    "useful_pattern",
]
