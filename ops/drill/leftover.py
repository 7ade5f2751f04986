"""What a drill could not undo, with the command that does it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from ops.drill.interruption import Interruptions


@dataclass(frozen=True, kw_only=True)
class Leftover:
    """One thing that is not as it was before the drill.

    Attributes:
        what: what it is, and why it could not be undone.
        command: what to type.
    """

    what: str
    command: str

    def as_json(self) -> dict[str, str]:
        """The leftover for scripts."""
        return asdict(self)


def undone(
    undo: Callable[[], object], *, what: str, command: str, interruptions: Interruptions
) -> list[Leftover]:
    """Undo one thing.

    Args:
        undo: does it through AWS.
        what: what is left where that fails.
        command: what to type then.
        interruptions: whether there is still time to try.

    Returns:
        What is left: nothing, or the one thing.
    """
    if interruptions.out_of_patience:
        return [Leftover(what=f"{what} (not tried)", command=command)]
    try:
        undo()
    except Exception as error:  # Whatever it is, it must not keep the next thing from being undone.
        return [Leftover(what=f"{what} ({error})", command=command)]
    return []
