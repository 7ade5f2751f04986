"""When alarms page: where they go on and off, and what a suppressor holds back."""

import numpy as np

from replay.history import Bools, Floats, Ints


def spans(on: Bools) -> tuple[Ints, Ints]:
    """Where an alarm goes on each time, and where off again: at the end where it stays on."""
    edges = np.flatnonzero(np.diff(on, prepend=False, append=False))
    return edges[::2], edges[1::2]


def starts(on: Bools) -> Ints:
    """Where an alarm goes on."""
    return spans(on)[0]


def bands(times: Ints, on: Bools, after: int) -> tuple[tuple[int, int], ...]:
    """From when to when an alarm was on, which an evaluation says until the next one.

    Args:
        times: of the evaluations, in seconds since 1970 UTC.
        on: whether it was on after each.
        after: when the last one's time is over.
    """
    began, ended = spans(on)
    return tuple(zip(times[began].tolist(), np.append(times, after)[ended].tolist(), strict=True))


def peaks(levels: Floats, on: Bools, part: slice) -> Floats:
    """How high each firing goes that begins in a part, as far as the part reaches.

    Args:
        levels: of the part.
        on: whether the alarm is on, all the time.
        part: which evaluations.
    """
    begun = on[part].copy()
    if part.start and on[part.start - 1] and len(begun):
        # What goes on from before is no new firing.
        begun[: int(np.argmin(begun)) if not begun.all() else len(begun)] = False
    first = starts(begun)
    if not len(first):
        return np.empty(0)
    highest: Floats = np.maximum.reduceat(np.where(begun, levels, -np.inf), first)
    return highest


def pages(on: Bools, echo: Bools | None, after: int) -> Ints:
    """Where a composite alarm carries out its actions that another alarm may hold back.

    Args:
        on: where the composite alarm is on.
        echo: where its suppressor is on; ``None`` without one.
        after: evaluations for which the suppressor counts after it (its extension period).
    """
    first, last = spans(on)
    if echo is None or not len(first):
        return first
    # Whoever fires first holds back the other: what begins in the same minute does not.
    held = np.zeros(len(on) + 1, dtype=np.int64)
    begun, over = spans(echo)
    np.add.at(held, np.minimum(begun + 1, len(on)), 1)
    np.add.at(held, np.minimum(over + after, len(on)), -1)
    is_held = np.cumsum(held)[: len(on)] > 0
    free = np.where(is_held, len(on), np.arange(len(on)))
    free = np.minimum.accumulate(free[::-1])[::-1]
    acts = free[first]
    return np.asarray(acts[acts < last])
