"""Outputs of components: values that are there now, or only once the deployment runs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar, cast

import pulumi

from ecs_monitoring.refusals import InvalidArgsError

T = TypeVar("T")


def merged(
    mappings: Iterable[pulumi.Input[Mapping[str, pulumi.Input[str]]]],
) -> pulumi.Input[dict[str, pulumi.Input[str]]]:
    """Several mappings as one, which is an Output where one of them is."""
    given = list(mappings)
    if any(isinstance(mapping, pulumi.Output) for mapping in given):
        return pulumi.Output.all(*given).apply(merged)
    plain = cast(list[Mapping[str, pulumi.Input[str]]], given)
    return {key: value for mapping in plain for key, value in mapping.items()}


def mapping_of(values: Mapping[str, pulumi.Output[str]]) -> pulumi.Output[dict[str, str]]:
    """A mapping of Outputs as an Output; an empty one is a mapping too."""
    return pulumi.Output.all(**values) if values else pulumi.Output.from_input({})


def when_asked(make: Callable[[Any], T]) -> T:
    """A component's output that is made when it is first asked for.

    Of a mapping, Pulumi makes two Outputs a value, each a task of its own. What is registered,
    exported and handed on within a program are the plain mappings.
    """
    return cast(T, cached_property(make))


def plain_output(value: T) -> pulumi.Output[T]:
    """A plain value as one Output; ``from_input`` would make one of each value in it, too."""
    return pulumi.Output.from_input("").apply(lambda _: value)


def checked_secret(
    value: pulumi.Input[str], check: Callable[[str], object], path: str
) -> pulumi.Output[str]:
    """A text as a secret, refused at once where it is known, else as soon as it is.

    Args:
        value: the text.
        check: raises ValueError where it cannot be; the message says nothing of the text.
        path: where it stands, for error messages.

    Raises:
        InvalidArgsError: the text cannot be.
    """

    def checked(text: str) -> str:
        try:
            check(text)
        except ValueError as error:
            raise InvalidArgsError(f"{path} {error}", path) from None
        return text

    if isinstance(value, str):
        return pulumi.Output.secret(checked(value))
    later: pulumi.Output[str] = pulumi.Output.all(value).apply(lambda values: values[0])
    return pulumi.Output.secret(later.apply(checked))


def has_output(value: Any) -> bool:
    """Whether a value is, or holds, something that is not known until the deployment runs."""
    if isinstance(value, str):
        return False
    if isinstance(value, Mapping):
        return any(has_output(item) for item in value.values())
    if isinstance(value, Sequence):
        return any(has_output(item) for item in value)
    return isinstance(value, pulumi.Output)
