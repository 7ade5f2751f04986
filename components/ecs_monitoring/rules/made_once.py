"""Values that settings and components both ask for, made once."""

from collections.abc import Callable, Hashable
from typing import Final, Generic, TypeVar

V = TypeVar("V")

_KEPT: Final = 2
"""Values a place: a stack has two Regions at most, its own and that of the outside checks."""


class MadeOnce(Generic[V]):
    """The values made last at each place, while what they are made of stays the same."""

    def __init__(self) -> None:
        self._made: dict[Hashable, list[tuple[tuple[object, ...], V]]] = {}

    def of(self, place: Hashable, asked: tuple[object, ...], make: Callable[[], V]) -> V:
        """The value made of what is asked.

        Args:
            place: whose value it is.
            asked: everything that it is made of; nobody may change it afterwards.
            make: makes it; what it raises is raised again each time.
        """
        made = self._made.setdefault(place, [])
        for before, value in made:
            if before == asked:
                return value
        value = make()
        made.insert(0, (asked, value))
        del made[_KEPT:]
        return value
