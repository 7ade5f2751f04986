"""Page budgets: how often an alarm may fire for nothing."""

from typing import Final

from replay.suggestion import Option

MOST_ON: Final = 0.5
"""The share of the time outside incidents that an alarm may be on.

One that is on most of the time fires once and is on in every incident, and tells nobody anything.
Half of the time is a choice: an alarm that serves is on far less.
"""


def allowed_firings(pages_per_month: float, months: float) -> int:
    """How many firings a budget allows over some history; one, if it is short.

    Args:
        pages_per_month: the budget: firings in 30 days.
        months: how long the history is, in months of 30 days.
    """
    return max(1, round(pages_per_month * months))


def keeps_to_budget(option: Option, pages_per_month: float, months: float) -> bool:
    """Whether an option fires for nothing no more often than a budget allows.

    The one page that each incident is worth does not count: it is what the alarm is for, and a
    budget that counted it would buy silence with missed incidents. An alarm that is on most of
    the time keeps to no budget, however seldom it fires.
    """
    needless = round(option.pages_per_month * months) - option.caught
    allowed = allowed_firings(pages_per_month, months)
    return needless <= allowed and not is_mostly_on(option)


def is_mostly_on(option: Option) -> bool:
    """Whether the alarm would have been on most of the time in which nothing was wrong."""
    return option.share_on > MOST_ON
