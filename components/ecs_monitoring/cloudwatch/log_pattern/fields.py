"""Reads space-delimited patterns: ``[ip, ..., status = 4* && status != 404, bytes]``.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
"""

from __future__ import annotations

import re

from .comparisons import ComparisonReader
from .errors import LogPatternError
from .scanner import Scanner
from .syntax import Field, FieldComparison, Fields

_NAME = re.compile(r"[A-Za-z0-9_]*")


def read_fields(scanner: Scanner) -> Fields:
    """Read a space-delimited pattern, from its ``[`` to the end.

    Raises:
        LogPatternError: the pattern is malformed.
    """
    return _FieldsReader(scanner).read()


class _FieldsReader:
    def __init__(self, scanner: Scanner) -> None:
        self._scanner = scanner
        self._comparisons = ComparisonReader(scanner)

    def read(self) -> Fields:
        opening = self._scanner.column
        leading: list[Field] = []
        trailing: list[Field] = []
        ellipsis = False
        self._scanner.take("[")
        while True:
            self._scanner.skip_space()
            if self._scanner.next_character == ".":
                self._read_ellipsis(ellipsis)
                ellipsis = True
            else:
                (trailing if ellipsis else leading).append(self._read_field())
            if not self._read_comma():
                break
        if not ellipsis and not any(field.name for field in leading):
            raise LogPatternError(
                opening,
                "the brackets name no field",
                "name the fields, as [ip, user, ...], or quote a text that begins with [",
            )
        return Fields(tuple(leading), ellipsis, tuple(trailing))

    def _read_ellipsis(self, seen: bool) -> None:
        column = self._scanner.column
        if not self._scanner.take("..."):
            raise LogPatternError(column, "an ellipsis has three full stops", "write ...")
        if seen:
            # The AWS CDK refuses it too: which fields fall between would be open.
            raise LogPatternError(column, "this is a second ellipsis", "leave at most one ...")

    def _read_comma(self) -> bool:
        """Read what ends a field, and say whether another follows."""
        self._scanner.skip_space()
        if self._scanner.take(","):
            return True
        if self._scanner.at_end:
            raise LogPatternError(
                self._scanner.column, "the [ that opens the pattern is never closed", "add ]"
            )
        if not self._scanner.take("]"):
            raise LogPatternError(
                self._scanner.column,
                f"{self._scanner.next_character!r} cannot stand here",
                "end the field with , or ]; name fields with letters, digits and _ only, and "
                "conditions as name = value, without parentheses",
            )
        self._scanner.skip_space()
        if not self._scanner.at_end:
            raise LogPatternError(
                self._scanner.column,
                "something follows the ] that closes the pattern",
                'leave it out, or quote a text that holds brackets: "[ERROR]"',
            )
        return False

    def _read_field(self) -> Field:
        # A name may be missing: AWS's own [..., status_code=4*,] ends in an unnamed field.
        name = self._scanner.take_run(_NAME)
        self._scanner.skip_space()
        if not name or self._scanner.next_character not in tuple("=!<>~"):
            return Field(name)
        alternatives: list[tuple[FieldComparison, ...]] = []
        together = [self._comparisons.read()]
        while True:
            self._scanner.skip_space()
            if self._scanner.take("&&"):
                together.append(self._read_further_comparison(name))
            elif self._scanner.take("||"):
                alternatives.append(tuple(together))
                together = [self._read_further_comparison(name)]
            else:
                return Field(name, (*alternatives, tuple(together)))

    def _read_further_comparison(self, name: str) -> FieldComparison:
        self._scanner.skip_space()
        column = self._scanner.column
        other = self._scanner.take_run(_NAME)
        if other != name:
            raise LogPatternError(
                column,
                f"a condition on {other or 'no field'} stands in the field {name}",
                f"name {name} in each condition, as {name} = 404 || {name} = 410, and put a comma "
                "before another field",
            )
        self._scanner.skip_space()
        return self._comparisons.read()
