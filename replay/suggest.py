"""Which threshold, and which M of N, serve an alarm best: the suggestion and its validation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ecs_monitoring.cloudwatch.definition import AlarmDefinition
from ecs_monitoring.cloudwatch.units import format_quantity
from replay.budget import is_mostly_on
from replay.chance import most_events
from replay.choices import MOfN, Wish
from replay.curve import Curve
from replay.explaining import too_short
from replay.search_space import SearchSpace
from replay.suggestion import FEWEST_DAYS, Option, Suggestion, ThresholdVerdict
from replay.walk_forward import validated
from replay.weighing import pareto_front


def suggest(definition: AlarmDefinition, curves: Mapping[MOfN, Curve], wish: Wish) -> Suggestion:
    """What to do about an alarm's threshold.

    Where incidents are known: nothing while the alarm catches as many of them within the page
    budget as any other would. Without: nothing while it keeps to the budget, since no evidence
    says that it misses anything. Else the same threshold for longer, if that is enough; else the
    threshold that catches most incidents, or one beyond the noise.

    Args:
        definition: the alarm.
        curves: as ``curves_of`` gives them, the alarm's own first.
        wish: what is asked.
    """
    suggestion = _decided(definition, curves, wish)
    walk = validated(definition, curves, wish, _decided)
    if suggestion.verdict is ThresholdVerdict.CHANGE:
        # What was learnt from this history is judged by days that it was not learnt from.
        most = walk.most_pages_per_month if walk else None
        return replace(suggestion, validation=walk, most_pages_per_month=most)
    return replace(suggestion, validation=walk)


def _decided(definition: AlarmDefinition, curves: Mapping[MOfN, Curve], wish: Wish) -> Suggestion:
    """The suggestion, from nothing but what is given."""
    space = SearchSpace(definition, curves, wish)
    current = space.option(space.own, definition.threshold)
    if space.days < FEWEST_DAYS:
        return _too_short(space, current)
    if space.has_incidents:
        return _against_incidents(space, current)
    return _against_noise(space, current)


def _too_short(space: SearchSpace, current: Option) -> Suggestion:
    option = space.beyond_noise(space.own)
    so_far = f"; what there is would say {_threshold(space, option)}" if option else ""
    why = too_short(space.days) + so_far
    options = (option,) if option else ()
    return _kept(space, current, ThresholdVerdict.NOT_ENOUGH_HISTORY, (why,), options)


def _against_incidents(space: SearchSpace, current: Option) -> Suggestion:
    options = space.against_incidents()
    front = pareto_front(options if is_mostly_on(current) else [*options, current])
    best = space.best(options)
    keeps = space.keeps_to_budget(current)
    if best is not None and best.caught < current.caught and not keeps:
        return _costly(space, current, best, front)
    if best is None:
        if not keeps:
            return _against_noise(space, current)
        why = f"it caught {_share(current)}; no threshold tells them from the noise"
        return _kept(space, current, ThresholdVerdict.KEEP, (why,), front)
    if keeps and best.caught <= current.caught:
        return _kept(space, current, ThresholdVerdict.KEEP, _why_kept(space, current, best), front)
    best = _steadier(space, current, space.keys, caught=best.caught) or best
    reasons = [
        f"it would have caught the same {_share(best)}"
        if best.caught == current.caught
        else f"it would have caught {_share(best)} instead of {current.caught}",
        _pages(best, current),
    ]
    most = max(front, key=lambda option: option.caught)
    if most.caught > best.caught:
        reasons.append(f"{most.pages_per_month:.1f} pages a month would have caught {_share(most)}")
    return _changed(best, tuple(reasons), front)


def _why_kept(space: SearchSpace, current: Option, best: Option) -> tuple[str, ...]:
    """Why an alarm that serves is left alone, and what would page less."""
    why = f"it caught {_share(current)} within the page budget; nothing caught more"
    if best.caught < current.caught or best.pages_per_month >= current.pages_per_month:
        return (why,)
    quieter = (
        f"{_threshold(space, best)} in {best.datapoints_to_alarm} of {best.evaluation_periods} "
        f"would have caught as many with {_pages(best, current)}"
    )
    return why, quieter


def _against_noise(space: SearchSpace, current: Option) -> Suggestion:
    quieter = space.within_budget()
    # What is wrong and known is not traded for fewer pages.
    quiet = [option for option in quieter if option.caught >= current.caught]
    if space.keeps_to_budget(current):
        reasons = [f"{_fired(current)} and no incident says that it should be more sensitive"]
        own = space.beyond_noise(space.own)
        if own is not None and space.sign * (current.threshold - own.threshold) > 0:
            at = _threshold(space, own)
            reasons.append(f"a threshold of {at} would be beyond what is usual too")
        return _kept(space, current, ThresholdVerdict.KEEP, tuple(reasons), quiet)
    steadier = _steadier(space, current, map(_key, quieter), caught=current.caught)
    if steadier is not None:
        why = "the same threshold is beyond what is usual when it has to last longer"
        return _changed(steadier, (_pages(steadier, current), why), quiet)
    if quieter and not quiet:
        return _costly(space, current, quieter[0], quieter)
    if not quiet:
        return _none_fits(space, current, quiet)
    best = quiet[0]
    why = (
        f"{_threshold(space, best)} in {best.datapoints_to_alarm} of {best.evaluation_periods} is "
        "beyond what is usual, so far that noise alone should hardly reach it"
    )
    return _changed(best, (_pages(best, current), why), quiet)


def _costly(
    space: SearchSpace, current: Option, quieter: Option, options: Sequence[Option]
) -> Suggestion:
    """Keep an alarm that pages too often, where what pages less would miss known incidents."""
    why = (
        f"it caught {_share(current)} and fires {current.pages_per_month:.1f} times a month, "
        "beyond the page budget; no choice within it catches as many"
    )
    choice = (
        f"yours to decide: {_threshold(space, quieter)} in {quieter.datapoints_to_alarm} of "
        f"{quieter.evaluation_periods} would page {quieter.pages_per_month:.1f} times a month and "
        f"have caught {quieter.caught}"
    )
    return _kept(space, current, ThresholdVerdict.KEEP, (why, choice), options)


def _steadier(
    space: SearchSpace, current: Option, keys: Iterable[MOfN], *, caught: int = 0
) -> Option | None:
    """The alarm's own threshold with the smallest N with which it is beyond the noise.

    A threshold that somebody chose means something: a longer look at it is tried before another
    one, if it catches so many incidents. Another one may be much farther from the noise, and with
    it from every incident that is smaller than those so far.
    """
    options = [
        option
        for key in keys
        if space.is_beyond_noise(key, current.threshold)
        and space.keeps_to_budget(option := space.option(key, current.threshold))
        and option.caught >= caught
    ]
    return min(options, key=lambda o: (o.evaluation_periods, -o.margin), default=None)


def _none_fits(space: SearchSpace, current: Option, options: Sequence[Option]) -> Suggestion:
    caught = f"caught {_share(current)}, " if current.incidents else ""
    trouble = (
        f"is on {current.share_on:.0%} of the time"
        if is_mostly_on(current)
        else f"fires {current.pages_per_month:.1f} times a month"
    )
    why = (
        f"it {caught}{trouble}, and no threshold{_limit(space)} keeps to "
        f"{space.wish.pages_per_month:g} pages a month: look at what it watches"
    )
    return _kept(space, current, ThresholdVerdict.NONE_FITS, (why,), options)


def _kept(
    space: SearchSpace,
    current: Option,
    verdict: ThresholdVerdict,
    reasons: tuple[str, ...],
    options: Sequence[Option],
) -> Suggestion:
    # The alarm's own threshold was not learnt from this history, so that the whole of it judges.
    firings = round(current.pages_per_month * space.months)
    return Suggestion(
        verdict=verdict,
        threshold=current.threshold,
        datapoints_to_alarm=space.own[0],
        evaluation_periods=space.own[1],
        reasons=reasons,
        options=tuple(options),
        most_pages_per_month=most_events(firings) / space.months if space.months else None,
    )


def _changed(option: Option, reasons: tuple[str, ...], options: Sequence[Option]) -> Suggestion:
    return Suggestion(
        verdict=ThresholdVerdict.CHANGE,
        threshold=option.threshold,
        datapoints_to_alarm=option.datapoints_to_alarm,
        evaluation_periods=option.evaluation_periods,
        reasons=reasons,
        options=tuple(options),
    )


def _key(option: Option) -> MOfN:
    return option.datapoints_to_alarm, option.evaluation_periods


def _threshold(space: SearchSpace, option: Option) -> str:
    return format_quantity(option.threshold, space.wish.unit)


def _fired(current: Option) -> str:
    if not current.pages_per_month:
        return "it never fired,"
    return f"it fired {current.pages_per_month:.1f} times a month, within the page budget,"


def _share(option: Option) -> str:
    return f"{option.caught} of {option.incidents} incidents"


def _pages(option: Option, current: Option) -> str:
    stuck = f" and being on {current.share_on:.0%} of the time" if is_mostly_on(current) else ""
    pages = f"{current.pages_per_month:.1f}{stuck}"
    return f"{option.pages_per_month:.1f} pages a month instead of {pages}"


def _limit(space: SearchSpace) -> str:
    most, limit = space.wish.most, space.wish.limit
    if limit is not None:
        return f" {'up' if space.sign > 0 else 'down'} to {format_quantity(limit, space.wish.unit)}"
    if most is None:
        return ""
    return f" {'below' if space.sign > 0 else 'above'} {format_quantity(most, space.wish.unit)}"
