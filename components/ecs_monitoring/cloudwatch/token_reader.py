"""What the parsers of composite rules and of metric math share: a cursor over the tokens."""

import re
from collections.abc import Iterator

from ecs_monitoring.cloudwatch.errors import CannotEvaluateError


class TokenReader:
    """Reads a text token by token, and says where it goes wrong.

    Args:
        what: what the text is, for messages, such as ``rule``.
        text: the text.
        token: matches one token; the group that it matched names the token's kind, of which
            ``word`` and ``mark`` are the language's own.

    Raises:
        CannotEvaluateError: something of the text is no token.
    """

    def __init__(self, what: str, text: str, token: re.Pattern[str]) -> None:
        self._named = f"{what} {text!r}"
        self._tokens = list(self._read(text.rstrip(), token))
        self._next = 0

    def _read(self, text: str, token: re.Pattern[str]) -> Iterator[tuple[str, str]]:
        at = 0
        while at < len(text):
            match = token.match(text, at)
            if match is None or match.lastgroup is None:
                raise CannotEvaluateError(f"{self._named}: cannot be read from {text[at:]!r}")
            yield self._spelled(match.lastgroup, match[match.lastgroup])
            at = match.end()

    def _spelled(self, kind: str, written: str) -> tuple[str, str]:
        """A token's kind and text, where one may be written in several ways."""
        return kind, written

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._next] if self._next < len(self._tokens) else ("end", "the end")

    def _take(self, *texts: str) -> str | None:
        """Move past one of some words and marks, if it comes next."""
        kind, text = self._peek()
        if kind not in ("word", "mark") or text not in texts:
            return None
        self._next += 1
        return text

    def _expect(self, mark: str) -> None:
        if not self._take(mark):
            raise self._error(repr(mark))

    def _expect_end(self, otherwise: str) -> None:
        if self._next < len(self._tokens):
            raise self._error(f"{otherwise} or the end")

    def _error(self, expected: str) -> CannotEvaluateError:
        return CannotEvaluateError(
            f"{self._named}: {expected} must stand where {self._peek()[1]!r} stands"
        )
