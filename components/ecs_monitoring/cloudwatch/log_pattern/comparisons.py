"""Reads the comparisons that JSON and space-delimited patterns share: ``>= 500``, ``= 4*``.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/matching-terms-json-log-events.html
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from ecs_monitoring.words import quoted

from .dialect import in_dialect, is_expression
from .errors import LogPatternError
from .regex import compile_regex
from .scanner import Scanner
from .syntax import ComparedNumber, ComparedText, FieldComparison, Operand, Operator

_MAX_REGEXES = 2
_OPERATOR_CHARACTERS = re.compile(r"[=!<>~]*")
_OPERATORS: dict[str, Operator] = {
    "=": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
}  # fmt: skip
_UNQUOTED = re.compile(r"[^\s\"%&|(){}\[\],]*")
# Other languages' and word processors' quotes.
_OTHER_QUOTES = re.compile(r"'[^']*'|`[^`]*`|“[^”]*”|‘[^’]*’")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
# The guide wants quotes around all but letters, digits and _, yet its own examples
# leave 123.123.* and *.html* unquoted.
_NEEDS_QUOTES = re.compile(r"[^A-Za-z0-9_.*]")


class ComparisonReader:
    """Reads the comparisons of one pattern, and counts its regular expressions."""

    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._regexes = 0

    def read(self) -> FieldComparison:
        """Read an operator and the value after it.

        Raises:
            LogPatternError: the operator is unknown, the value is missing or malformed,
                or an ordering operator has no number to compare with.
        """
        operator = self._read_operator()
        self._scanner.skip_space()
        column = self._scanner.column
        operand = self._read_operand(operator)
        if operator not in ("=", "!=") and not isinstance(operand, ComparedNumber):
            raise LogPatternError(
                column,
                f"{operator} compares numbers, and this is not one",
                f"write an unquoted number such as {operator} 500, or use = or !=",
            )
        return FieldComparison(operator, operand)

    def _read_operator(self) -> Operator:
        column = self._scanner.column
        spelling = self._scanner.take_run(_OPERATOR_CHARACTERS)
        operator = _OPERATORS.get(spelling)
        if operator is None:
            raise LogPatternError(
                column,
                f"{spelling} is not an operator" if spelling else "an operator is missing",
                "use =, !=, <, <=, > or >=, and = %...% for a regular expression",
            )
        return operator

    def _read_operand(self, operator: Operator) -> Operand:
        column = self._scanner.column
        if self._scanner.next_character == '"':
            return _text(self._scanner.take_quoted(), column)
        if self._scanner.next_character == "%":
            self._regexes += 1
            if self._regexes > _MAX_REGEXES:
                raise LogPatternError(
                    column,
                    f"this is regular expression number {self._regexes}, and a JSON or "
                    f"space-delimited pattern holds at most {_MAX_REGEXES}",
                    "join expressions with |, or use a string with *",
                )
            return compile_regex(self._scanner.take_percent_delimited(), column + 1)
        self._refuse_other_quotes(operator)
        unquoted = self._scanner.take_run(_UNQUOTED)
        if not unquoted:
            raise LogPatternError(
                column, f"{operator} has no value after it", f'write one, as {operator} "value"'
            )
        if _NUMBER.fullmatch(unquoted):
            return _number(unquoted, column)
        offending = _NEEDS_QUOTES.search(unquoted)
        if offending is not None:
            # What is wrong in quotes, too, is said first.
            _text(unquoted, column)
            raise LogPatternError(
                column + offending.start(),
                f"the value {unquoted} has the character {offending.group()!r}, and a value with "
                "characters other than letters, digits and _ must be in double quotes",
                f"write {quoted(unquoted)}",
            )
        return _text(unquoted, column)

    def _refuse_other_quotes(self, operator: Operator) -> None:
        """Refuse ``'ERROR'``: CloudWatch Logs would compare with the quotes as part of it."""
        column = self._scanner.column
        marked = self._scanner.take_run(_OTHER_QUOTES)
        if not marked:
            return
        content = marked[1:-1]
        # What is wrong in double quotes, too, is said first.
        _text(content, column)
        raise LogPatternError(
            column,
            f"{marked[0]} marks no text: it would be part of the value that {operator} compares",
            f"write {quoted(content)}",
        )


def _number(spelling: str, column: int) -> ComparedNumber:
    try:
        return ComparedNumber(Decimal(spelling), spelling)
    except InvalidOperation:
        raise LogPatternError(
            column, f"the number {spelling} is too large", "write a smaller exponent"
        ) from None


def _text(content: str, column: int) -> ComparedText:
    any_before = content.startswith("*")
    body = content[1:] if any_before else content
    any_after = body.endswith("*")
    body = body[:-1] if any_after else body
    if "*" in body:
        # The guide once said that Ev*ent matches only the text Ev*ent, and now shows *
        # at the ends alone: what it does inside is not certain enough to rely on.
        # https://github.com/awsdocs/amazon-cloudwatch-logs-user-guide/blob/5ae5c9a/doc_source/FilterAndPatternSyntax.md
        raise LogPatternError(
            column,
            f"{content} has a * that is neither first nor last, which is no wildcard "
            f"(%{_literally(content)}% looks for the character)",
            f"write %{_as_expression(content)}%",
        )
    return ComparedText(body, any_before, any_after)


def _as_expression(content: str) -> str:
    """A text with ``*`` inside as an expression: one already, or any characters there."""
    if is_expression(content) and (written := in_dialect(content)):
        return written
    start, end = "" if content.startswith("*") else "^", "" if content.endswith("*") else "$"
    return f"{start}{'.*'.join(map(_literally, content.strip('*').split('*')))}{end}"


def _literally(text: str) -> str:
    """A text as an expression that looks for it; ``.`` for what expressions do not have."""
    return in_dialect(re.escape(text)) or re.sub(r"[^A-Za-z0-9 ]", ".", text)
