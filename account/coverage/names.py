"""Names for targets, derived from what runs."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

# Names of targets have room for 128 characters; the rest is for a number that tells two apart.
_LENGTH: Final = 120


def free_name(wanted: Sequence[str], taken: Collection[str]) -> str:
    """A name for a target that no other one has.

    Args:
        wanted: what it could be called, the best first; what is no letter, digit or ``_``
            becomes a hyphen.
        taken: names that others have.
    """
    names = [_valid(name) for name in wanted]
    numbered = (f"{names[0]}-{number}" for number in range(2, len(taken) + 3))
    return next(name for name in (*names, *numbered) if name not in taken)


def _valid(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "-", name)[:_LENGTH].strip("-") or "target"


class TargetNames:
    """The names that are in use in the settings' sections.

    Args:
        taken: section to names.
    """

    def __init__(self, taken: Mapping[str, Collection[str]]) -> None:
        self._taken = {section: set(names) for section, names in taken.items()}

    def propose(self, section: str, wanted: Sequence[str]) -> str:
        """A name that is free; from now on it is taken.

        Args:
            section: such as ``ecs``.
            wanted: as for :func:`free_name`.
        """
        taken = self._taken.setdefault(section, set())
        name = free_name(wanted, taken)
        taken.add(name)
        return name
