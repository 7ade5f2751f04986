"""The one error that reading a filter pattern raises."""

from __future__ import annotations


class LogPatternError(ValueError):
    """A filter pattern that CloudWatch Logs refuses, or would not apply as written.

    Attributes:
        column: the 1-based column of the pattern at which it goes wrong.
        problem: what is wrong there.
        instead: what to write instead.
    """

    def __init__(self, column: int, problem: str, instead: str) -> None:
        super().__init__(f"column {column}: {problem}; {instead}")
        self.column = column
        self.problem = problem
        self.instead = instead
