"""Runs the Pulumi program in process, on Pulumi's test runtime, and records what it registers."""

import asyncio
import contextlib
import contextvars
import gc
import json
import logging
import runpy
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Final

import pulumi
from pulumi.runtime import mocks as runtime_mocks
from pulumi.runtime import rpc, set_all_config
from pulumi.runtime import settings as runtime_settings
from pulumi.runtime.stack import run_in_stack

from ecs_monitoring.catalog.regions import partition_of
from ecs_monitoring.rules.health import TARGET_GROUP_HEALTH_CHECK
from stack.config import PROJECT, StackConfig

_STACK_TYPE: Final = "pulumi:pulumi:Stack"
_PROVIDER_TYPE: Final = "pulumi:providers:aws"

# Where an ARN is not the service's name, its place, and the resource's name.
_ARN_FORMS: Final = {
    "aws:chatbot/slackChannelConfiguration:SlackChannelConfiguration": (
        "chatbot::{account}:chat-configuration/slack-channel/{name}"
    ),
    "aws:chatbot/teamsChannelConfiguration:TeamsChannelConfiguration": (
        "chatbot::{account}:chat-configuration/microsoft-teams-channel/{name}"
    ),
    # In the provider's module of CloudWatch, as they once were in AWS.
    "aws:cloudwatch/eventRule:EventRule": "events:{region}:{account}:rule/{name}",
    "aws:cloudwatch/alarmMuteRule:AlarmMuteRule": (
        "cloudwatch:{region}:{account}:alarm-mute-rule:{name}"
    ),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "aws:cloudwatch/metricAlarm:MetricAlarm": "cloudwatch:{region}:{account}:alarm:{name}",
    "aws:cloudwatch/metricStream:MetricStream": (
        "cloudwatch:{region}:{account}:metric-stream/{name}"
    ),
    "aws:iam/role:Role": "iam::{account}:role/{name}",
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream": (
        "firehose:{region}:{account}:deliverystream/{name}"
    ),
    "aws:kms/key:Key": "kms:{region}:{account}:key/{name}",
    "aws:s3/bucket:Bucket": "s3:::{bucket}",
    "aws:scheduler/schedule:Schedule": "scheduler:{region}:{account}:schedule/default/{name}",
}

SECRET: Final = "[secret]"
"""Stands where a secret would be shown."""

ACCOUNT: Final = "123456789012"
"""The account that stands in for the real one (the one of AWS's documentation)."""


@dataclass(frozen=True, kw_only=True)
class Registration:
    """One resource that the program registered.

    Attributes:
        type: the type token, such as ``aws:cloudwatch/metricAlarm:MetricAlarm``.
        name: the Pulumi name.
        urn: the whole URN.
        parent: the parent's URN; empty for the stack's own children.
        inputs: the properties by their wire names (``alarmActions``); secrets unwrapped.
        secret_inputs: names of the inputs that are, or hold, a secret.
        arn: the ARN that the resource got, where it has one.
        provider: the explicit provider, if any.
        custom: whether a provider manages it; components are not.
        dependencies: URNs of what has to be there before it, as far as whoever recorded it knows.
        property_dependencies: of those, what each input was made from, by its wire name.
    """

    type: str
    name: str
    urn: str
    parent: str
    inputs: Mapping[str, Any]
    secret_inputs: frozenset[str]
    arn: str
    provider: str
    custom: bool
    dependencies: frozenset[str] = frozenset()
    property_dependencies: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ProgramRun:
    """What a run of the program registered, exported and said.

    Attributes:
        registrations: in the order of registration.
        exports: the stack's outputs.
        outputs: what each component registered as its outputs, by the component's URN.
        warnings: what it logged as warnings, in order.
    """

    registrations: tuple[Registration, ...]
    exports: Mapping[str, Any]
    outputs: Mapping[str, Mapping[str, Any]]
    warnings: tuple[str, ...]

    def of_type(self, type_: str) -> list[Registration]:
        """The registrations of one type, such as ``aws:sns/topic:Topic``."""
        return [registration for registration in self.registrations if registration.type == type_]


@dataclass(frozen=True)
class _Place:
    """Where a provider works."""

    region: str
    account: str = ACCOUNT

    @property
    def partition(self) -> str:
        return partition_of(self.region).name

    @property
    def domain(self) -> str:
        return partition_of(self.region).domain


class PlaceholderAws(pulumi.runtime.Mocks):
    """Answers as AWS would, with placeholders for what only a deployment can know.

    A provider of the program's own answers for its own region, and for the account and partition
    of the role that it assumes.

    Args:
        region: the region that the default provider is said to be configured for; it tells the
            partition.
        account: its account.
    """

    def __init__(self, region: str, *, account: str = ACCOUNT) -> None:
        self.region = region
        self._default = _Place(region, account)
        self._places: dict[str, _Place] = {}

    def new_resource(
        self, args: pulumi.runtime.MockResourceArgs
    ) -> tuple[str | None, dict[str, Any]]:
        """Every input comes back, with an ARN and an id."""
        inputs = dict(args.inputs)
        if args.typ == _PROVIDER_TYPE:
            self._places[args.name] = self._assumed(inputs)
        if args.typ.startswith("aws:"):
            place = self._place(args.provider)
            inputs.setdefault("arn", self._arn(args, place))
            inputs.setdefault(
                "url", f"https://sqs.{place.region}.{place.domain}/{place.account}/{args.name}"
            )
            inputs.setdefault("keyId", f"key-{args.name}")
            inputs.setdefault("chatConfigurationArn", self._arn(args, place))
        return f"{args.name}-id", inputs

    def call(
        self, args: pulumi.runtime.MockCallArgs
    ) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """The data sources that the components ask."""
        place = self._place(args.provider)
        answers: dict[str, dict[str, Any]] = {
            "aws:index/getCallerIdentity:getCallerIdentity": {"accountId": place.account},
            "aws:index/getPartition:getPartition": {"partition": place.partition},
            "aws:index/getRegion:getRegion": {"region": place.region},
            "aws:lb/getTargetGroup:getTargetGroup": {
                **args.args,
                "healthCheck": {
                    _camel(name): value for name, value in TARGET_GROUP_HEALTH_CHECK.items()
                },
            },
        }
        if args.token not in answers:
            raise LookupError(f"no answer for the data source {args.token}")
        return answers[args.token], []

    def _place(self, provider: str | None) -> _Place:
        """Where a provider works, by its reference ``<urn>::<id>``; the default one if none."""
        name = provider.split("::")[-2] if provider else ""
        return self._places.get(name, self._default)

    def _assumed(self, inputs: Mapping[str, Any]) -> _Place:
        """Where a provider with these settings works."""
        region = inputs.get("region", self.region)
        # The settings of a provider are text, whatever they hold.
        for role in json.loads(inputs.get("assumeRoles", "[]")):
            return _Place(region, role["roleArn"].split(":")[4])
        return replace(self._default, region=region)

    def _arn(self, args: pulumi.runtime.MockResourceArgs, place: _Place) -> str:
        service = args.typ.split(":")[1].split("/")[0]
        region = args.inputs.get("region", place.region)
        given = (args.inputs.get(key) for key in ("name", "alarmName", "configurationName"))
        name = next((candidate for candidate in given if candidate), args.name)
        form = _ARN_FORMS.get(args.typ) or f"{service}:{{region}}:{{account}}:{{name}}"
        rest = form.format(
            region=region,
            account=place.account,
            name=name,
            bucket=args.inputs.get("bucket", args.name),
        )
        return f"arn:{place.partition}:{rest}"


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


class _Monitor(runtime_mocks.MockMonitor):
    """Pulumi's mock monitor, keeping what it does not hand to mocks: parents, secrets, exports."""

    def __init__(self, mocks: pulumi.runtime.Mocks) -> None:
        super().__init__(mocks)
        self.registrations: list[Registration] = []
        self.exports: dict[str, Any] = {}
        self.outputs: dict[str, dict[str, Any]] = {}

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 (the runtime's own name)
        response = super().RegisterResource(request)  # type: ignore[no-untyped-call]
        if request.type != _STACK_TYPE:
            inputs = rpc.deserialize_properties(request.object, keep_unknowns=True)
            self.registrations.append(
                Registration(
                    type=request.type,
                    name=request.name,
                    urn=response.urn,
                    parent=request.parent,
                    inputs={name: rpc.unwrap_rpc_secret(v) for name, v in inputs.items()},
                    secret_inputs=frozenset(
                        name for name, value in inputs.items() if rpc.is_rpc_secret(value)
                    ),
                    arn=str(self.resources[response.urn].state.get("arn", "")),
                    provider=request.provider,
                    custom=request.custom,
                    dependencies=frozenset(request.dependencies),
                    property_dependencies={
                        name: frozenset(needed.urns)
                        for name, needed in request.propertyDependencies.items()
                        if needed.urns
                    },
                )
            )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 (the runtime's own name)
        values = rpc.deserialize_properties(request.outputs, keep_unknowns=True)
        outputs = {
            name: SECRET if rpc.is_rpc_secret(value) else value for name, value in values.items()
        }
        if f"::{_STACK_TYPE}::" in request.urn:
            self.exports = outputs
        else:
            self.outputs[request.urn] = outputs
        return super().RegisterResourceOutputs(request)  # type: ignore[no-untyped-call]


def run_program(
    config: StackConfig,
    *,
    mocks: pulumi.runtime.Mocks | None = None,
    preview: bool = False,
    program: Callable[[], None] | None = None,
) -> ProgramRun:
    """Run the project's program for a stack in this process.

    Args:
        config: the stack's config.
        mocks: what answers for AWS; placeholders if left out.
        preview: whether what only a deployment knows is unknown, as in ``pulumi preview``.
        program: what to run instead of the project's own ``__main__.py``.

    Raises:
        pulumi.RunError: what the program itself says is wrong, such as a settings error.
    """
    answers = mocks or PlaceholderAws(config.region)
    monitor = _Monitor(answers)
    warnings: list[str] = []

    thread_loops: list[asyncio.AbstractEventLoop] = []

    def with_loop() -> None:
        # The mock monitor needs an event loop in each thread and would leave its own unclosed.
        thread_loops.append(asyncio.new_event_loop())
        asyncio.set_event_loop(thread_loops[-1])

    async def run() -> None:
        executor = ThreadPoolExecutor(initializer=with_loop)
        asyncio.get_running_loop().set_default_executor(executor)
        runtime_mocks.set_mocks(
            answers,
            project=config.project,
            stack=config.stack,
            preview=preview,
            logger=_collecting_logger(warnings),
            monitor=monitor,
        )
        # set_mocks makes a root of its own; run_in_stack makes the one that exports go to.
        runtime_settings.ROOT.set(None)
        # What an earlier run that failed left unawaited belongs to a loop that is closed.
        runtime_settings.SETTINGS.outputs = set()
        set_all_config(dict(config.values), list(config.secret_keys))
        try:
            await run_in_stack(program or run_project)
        except BaseException:
            for loop in (asyncio.get_running_loop(), *thread_loops):
                loop.set_exception_handler(_without_echoes)
            raise

    # Pulumi's settings are context variables: a context of its own keeps runs apart.
    try:
        with _collection_paused():
            contextvars.copy_context().run(asyncio.run, run())
    finally:
        for loop in thread_loops:
            loop.close()
    return ProgramRun(
        registrations=tuple(monitor.registrations),
        exports=monitor.exports,
        outputs=monitor.outputs,
        warnings=tuple(warnings),
    )


def _without_echoes(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Report what the loop reports, but for futures that failed with a run that was refused.

    They are found whenever the garbage collector gets to them, and would be logged with their
    tracebacks in the middle of something else.
    """
    if not context["message"].endswith("exception was never retrieved"):
        loop.default_exception_handler(context)


@contextlib.contextmanager
def _collection_paused() -> Iterator[None]:
    """Without the cyclic garbage collector, where it was on.

    A run makes thousands of tasks that all live until its end. Looking through them again and
    again finds nothing and makes the time grow faster than the number of resources.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def run_project() -> None:
    """Run the project's own program, in whatever runtime there is."""
    runpy.run_path(str(PROJECT / "__main__.py"), run_name="__main__")


def _collecting_logger(warnings: list[str]) -> logging.Logger:
    logger = logging.Logger("pulumi-program", logging.WARNING)
    handler = logging.Handler()
    handler.emit = lambda record: warnings.append(record.getMessage())  # type: ignore[method-assign]
    logger.addHandler(handler)
    return logger
