"""Regions, partitions and accounts that do not fit together: nothing there could be watched."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pulumi

from ecs_monitoring.catalog.regions import known_regions, partition_of
from ecs_monitoring.rules.arn import Arn, arns_in, partition_fault, place_fault
from ecs_monitoring.words import closest
from settings.errors import SettingsProblem, shown_value
from settings.model import StackSettings


def unknown_region(settings: StackSettings) -> Iterator[SettingsProblem]:
    """A region of the stack that AWS has not, which its provider would say in the middle of it."""
    region, aws = settings.region, pulumi.Config("aws")
    regions = list(known_regions())
    # The provider has a list of its own, and this setting for regions that are newer than it:
    # https://www.pulumi.com/registry/packages/aws/api-docs/provider/
    if region is None or region in regions or aws.get_bool("skipRegionValidation"):
        return
    near = closest(region, regions)
    question = f'; did you mean "{near}"?' if near else ";"
    yield SettingsProblem(
        "aws:region",
        shown_value(region),
        f"is no region of AWS{question} write its code, such as ap-northeast-1 (for a region that "
        "is newer than this program, set aws:skipRegionValidation to true)",
    )


def distant_kinds(settings: StackSettings) -> Iterator[SettingsProblem]:
    """Targets whose alarms would be in another partition: an account is in one of them.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
    """
    if settings.region is None:
        return
    own = partition_of(settings.region).name
    for kind, targets in settings.targets():
        for name in targets:
            if kind.region and partition_of(kind.region).name != own:
                yield SettingsProblem(
                    settings.path(kind.key, name),
                    "",
                    f"has its alarms in {kind.region}, which no account of the partition {own} "
                    f"reaches: leave it out, or check from a stack of another partition",
                )


def distant_arns(settings: StackSettings, raw: Mapping[str, Any]) -> Iterator[SettingsProblem]:
    """ARNs of targets in another region, partition or account than the stack's.

    Args:
        settings: the valid part of the settings.
        raw: the settings as they were written: of ARNs, targets keep no more than the name.
    """
    accounts = _allowed_accounts()
    for path, value, arn in _written_arns(settings, raw):
        # The first account that a target names is the stack's, where nothing else says it.
        accounts = accounts or [arn.account]
        fault = place_fault(
            arn,
            settings.region,
            accounts,
            region_of="the stack's region (aws:region)",
            account_of="where the stack's other targets are",
        )
        if fault:
            yield SettingsProblem(settings.path(*path), shown_value(value), fault)


def unknown_account(settings: StackSettings, raw: Mapping[str, Any]) -> Iterator[str]:
    """ARNs of which targets keep the name, whose account is compared with nothing."""
    written = list(_written_arns(settings, raw))
    if not written or _allowed_accounts():
        return
    targets = [t.model_dump() for _, targets in settings.sections() for t in targets.values()]
    kept = {value for _, value, _ in arns_in(targets)}
    arns = [(path, value, arn) for path, value, arn in written if value not in kept]
    if not arns:
        return
    read = (f"{settings.path(*path)} ({_resource(arn)})" for path, _, arn in arns)
    # All name the same one, or the stack is refused.
    account = arns[0][2].account
    yield (
        f"{', '.join(read)}: of an ARN the name is taken, and no setting says whether account "
        f"{account} is the stack's: write aws:allowedAccountIds: "
        f'["{account}"], or the name alone'
    )


def _written_arns(
    settings: StackSettings, raw: Mapping[str, Any]
) -> Iterator[tuple[Any, str, Arn]]:
    """Where in the settings, and of what, targets are written as ARNs."""
    for kind, targets in settings.sections():
        yield from arns_in({name: raw[kind.key][name] for name in targets}, (kind.key,))


def _resource(arn: Arn) -> str:
    """What an ARN is of, for people: ``log group /ecs/app``."""
    kind, name = re.split("[:/]", arn.resource, maxsplit=1)
    return f"{kind.replace('-', ' ')} {name}"


def distant_endpoints(settings: StackSettings) -> Iterator[SettingsProblem]:
    """Queues and topics of another partition than the stack's: SNS reaches none of them."""
    named = {"queues", "topics"}
    include: Any = {**dict.fromkeys(named, True), "routes": {"__all__": named}}
    endpoints = settings.alerts.model_dump(mode="json", include=include)
    for path, value, arn in arns_in(endpoints, ("alerts",)):
        if fault := partition_fault(arn, settings.region):
            yield SettingsProblem(settings.path(*path), shown_value(value), fault)


def distant_boundary(settings: StackSettings) -> Iterator[SettingsProblem]:
    """A boundary of another partition than the stack's: no role there can have it."""
    arn, region = settings.permissions_boundary, settings.region
    if arn and region and (own := partition_of(region).name) != (named := arn.split(":")[1]):
        yield SettingsProblem(
            settings.path("permissions_boundary"),
            shown_value(arn),
            f"is in the partition {named}, and {region} in {own}: write arn:{own}:iam::…",
        )


def _allowed_accounts() -> list[str]:
    """The accounts that the stack's provider may work in, as far as the config names them."""
    try:
        accounts = json.loads(pulumi.Config("aws").get("allowedAccountIds") or "[]")
    except ValueError:
        return []
    return [str(account) for account in accounts] if isinstance(accounts, list) else []
