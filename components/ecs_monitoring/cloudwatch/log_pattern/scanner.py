"""A cursor over the text of a filter pattern."""

from __future__ import annotations

import re

from .errors import LogPatternError

SPACE = " \t\r\n"


class Scanner:
    """Reads a pattern from left to right and knows the column for an error."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0

    @property
    def column(self) -> int:
        """The 1-based column of the next character."""
        return self.position + 1

    @property
    def at_end(self) -> bool:
        """Whether the whole pattern is read."""
        return self.position == len(self.text)

    @property
    def next_character(self) -> str:
        """The next character, empty at the end of the pattern."""
        return self.text[self.position : self.position + 1]

    def skip_space(self) -> None:
        """Move to the next character that is not white space."""
        while not self.at_end and self.next_character in SPACE:
            self.position += 1

    def take(self, literal: str) -> bool:
        """Move past ``literal`` if it comes next, and say whether it did."""
        is_next = self.text.startswith(literal, self.position)
        if is_next:
            self.position += len(literal)
        return is_next

    def take_run(self, characters: re.Pattern[str]) -> str:
        """Move past what ``characters`` matches here and return it, empty for nothing."""
        match = characters.match(self.text, self.position)
        if match is None:
            return ""
        self.position = match.end()
        return match.group()

    def take_quoted(self) -> str:
        r"""Move past the double-quoted string that comes next and return its content.

        ``\"`` stands for a double quote and ``\\`` for a backslash, as the AWS CDK
        escapes them; a backslash before any other character stands for itself.
        https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-logs/lib/pattern.ts

        Raises:
            LogPatternError: the closing quote is missing.
        """
        opening = self.column
        self.position += 1
        content: list[str] = []
        while not self.at_end:
            character = self.next_character
            self.position += 1
            if character == '"':
                return "".join(content)
            if character == "\\" and self.next_character in ('"', "\\"):
                character = self.next_character
                self.position += 1
            content.append(character)
        raise LogPatternError(
            opening,
            "the double quote that opens here is never closed",
            'close it with ", and write \\" for a double quote inside it',
        )

    def take_percent_delimited(self) -> str:
        """Move past the ``%...%`` that comes next and return what is between.

        Raises:
            LogPatternError: the closing percent sign is missing.
        """
        closing = self.text.find("%", self.position + 1)
        if closing == -1:
            raise LogPatternError(
                self.column,
                "the regular expression that opens here is never closed",
                "close it with %, or put a text that holds % in double quotes",
            )
        content = self.text[self.position + 1 : closing]
        self.position = closing + 1
        return content
