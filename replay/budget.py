"""Page budgets: how often an alarm may fire for nothing."""

from replay.suggestion import Option


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
    budget that counted it would buy silence with missed incidents.
    """
    needless = round(option.pages_per_month * months) - option.caught
    return needless <= allowed_firings(pages_per_month, months)
