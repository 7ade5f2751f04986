"""Whether any text fits several searches together, found by following all texts at once.

The expressions of filter patterns have no groups: each alternative is a row of steps, and what has
been found so far of a text is which steps may come next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from .regex import FLAGS
from .syntax import Anchor, Atom, Branch

MOST_STATES: Final = 2000
"""States above which it is left open: those of several expressions multiply."""
_MOST_STEPS: Final = 100
"""Steps above which it is left open: a{200} has two hundred."""

# ASCII, a letter beyond it, and white space beyond it: to expressions these two are alike.
_ASCII: Final = tuple(map(chr, range(128)))

_Place: TypeAlias = tuple[int, int]
_Found: TypeAlias = "frozenset[_Place] | None"
"""The steps that may come next; ``None`` once the whole is found, whatever follows."""


@dataclass(frozen=True, slots=True)
class RegexSearch:
    """What is looked for in a text.

    Attributes:
        branches: alternatives, as in ``syntax.Regex``.
        is_wanted: whether the text has to have it, or must not.
    """

    branches: tuple[Branch, ...]
    is_wanted: bool = True


@dataclass(frozen=True, slots=True)
class _Step:
    character: str
    may_be_left_out: bool
    may_repeat: bool


_Row: TypeAlias = tuple[_Step | Anchor, ...]


def is_impossible_together(searches: Sequence[RegexSearch]) -> bool:
    """Whether no text fits all of the searches; false as well where that is left open."""
    rows = [_rows(search) for search in searches]
    complete = [row for row in rows if row is not None]
    if not searches or len(complete) < len(rows):
        return False
    return not _any_text_fits([_Automaton(row) for row in complete], searches)


def fits_every_line(branches: tuple[Branch, ...]) -> bool:
    """Whether an expression finds something in every line; false where that is left open."""
    return is_impossible_together(
        [RegexSearch(branches, is_wanted=False), RegexSearch(((Atom("."),),))]
    )


def fits_all(branches: tuple[Branch, ...], lines: Iterable[str]) -> bool:
    """Whether an expression finds something in each of some lines; false where it is too long.

    Unlike Python's, this search takes the same time for every expression of that length.
    """
    rows = _rows(RegexSearch(branches))
    if rows is None:
        return False
    automaton = _Automaton(rows)
    return all(automaton.search(line) for line in lines)


def _any_text_fits(automata: Sequence[_Automaton], searches: Sequence[RegexSearch]) -> bool:
    wanted = [search.is_wanted for search in searches]
    letters = _letters(automata)
    first = tuple(automaton.start() for automaton in automata)
    waiting, seen = [(first, True)], {first}
    while waiting:
        state, is_first = waiting.pop()
        answers = [
            automaton.is_found(places, is_first)
            for automaton, places in zip(automata, state, strict=True)
        ]
        if answers == wanted or len(seen) > MOST_STATES:
            return True
        for letter in letters:
            after = tuple(
                automaton.after(places, letter)
                for automaton, places in zip(automata, state, strict=True)
            )
            if after not in seen:
                seen.add(after)
                waiting.append((after, False))
    return False


class _Automaton:
    """One search, and what of it is found as a text goes on."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        self._rows = rows
        self.characters = {
            step.character for row in rows for step in row if isinstance(step, _Step)
        }
        self._patterns = {text: re.compile(text, FLAGS) for text in self.characters}
        self._fits: dict[tuple[str, str], bool] = {}
        self._again = self._closed(((at, 0) for at in range(len(rows))), is_first=False)

    def start(self) -> _Found:
        return self._closed(((at, 0) for at in range(len(self._rows))), is_first=True)

    def fits(self, character: str, letter: str) -> bool:
        pair = character, letter
        if pair not in self._fits:
            self._fits[pair] = self._patterns[character].fullmatch(letter) is not None
        return self._fits[pair]

    def search(self, line: str) -> bool:
        places = self.start()
        for letter in line:
            places = self.after(places, letter)
        return self.is_found(places, not line)

    def after(self, places: _Found, letter: str) -> _Found:
        if places is None or self._again is None:
            return None
        return self._closed(self._moved(places, letter), is_first=False, besides=self._again)

    def is_found(self, places: _Found, is_first: bool) -> bool:
        """Whether a text that ends here has it."""
        if places is None:
            return True
        return self._closed(places, is_first=is_first, is_last=True) is None

    def _moved(self, places: frozenset[_Place], letter: str) -> Iterator[_Place]:
        for row, place in places:
            step = self._rows[row][place]
            if isinstance(step, _Step) and self.fits(step.character, letter):
                yield row, place + 1
                if step.may_repeat:
                    yield row, place

    def _closed(
        self,
        places: Iterable[_Place],
        *,
        is_first: bool,
        is_last: bool = False,
        besides: frozenset[_Place] = frozenset(),
    ) -> _Found:
        """The places with those that are reached without a letter; ``None`` with an end."""
        waiting, closed = list(places), set(besides)
        while waiting:
            row, place = waiting.pop()
            if place == len(self._rows[row]):
                return None
            if (row, place) in closed:
                continue
            closed.add((row, place))
            step = self._rows[row][place]
            passes = (
                step.may_be_left_out
                if isinstance(step, _Step)
                else (is_first if step == "^" else is_last)
            )
            if passes:
                waiting.append((row, place + 1))
        return frozenset(closed)


def _rows(search: RegexSearch) -> list[_Row] | None:
    rows = [_row(branch) for branch in search.branches]
    short = [row for row in rows if row is not None]
    return short if len(short) == len(rows) and sum(map(len, short)) <= _MOST_STEPS else None


def _row(branch: Branch) -> _Row | None:
    steps: list[_Step | Anchor] = []
    for part in branch:
        if not isinstance(part, Atom):
            steps.append(part)
            continue
        if max(part.least, part.most or 0) > _MOST_STEPS:
            return None
        steps += [_Step(part.character, False, False)] * part.least
        if part.most is None:
            steps.append(_Step(part.character, True, True))
        else:
            steps += [_Step(part.character, True, False)] * (part.most - part.least)
    return tuple(steps)


def _letters(automata: Sequence[_Automaton]) -> list[str]:
    """One of each kind of letters that no search tells apart."""
    asked = [(automaton, text) for automaton in automata for text in sorted(automaton.characters)]
    beyond = {c for _, text in asked for c in text if not c.isascii()}
    other = next(chr(code) for code in range(0xE9, 0x10000) if chr(code) not in beyond)
    kinds: dict[tuple[bool, ...], str] = {}
    for letter in (*_ASCII, *sorted(beyond), other):
        kinds.setdefault(tuple(automaton.fits(text, letter) for automaton, text in asked), letter)
    return list(kinds.values())
