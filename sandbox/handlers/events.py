"""aws:cloudwatch/eventRule:EventRule and aws:cloudwatch/eventTarget:EventTarget."""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.handlers.base import (
    TAGS,
    Handler,
    Place,
    Property,
    as_json,
    from_api,
    to_api,
    unless_gone,
)
from sandbox.tags import EVENTS, pairs
from sandbox.wire import Properties

_GONE: Final = "ResourceNotFoundException"
_DEFAULT_BUS: Final = "default"


class EventRuleHandler(Handler):
    """A rule of EventBridge."""

    type = "aws:cloudwatch/eventRule:EventRule"
    # What the provider sends where nothing is given:
    # https://www.pulumi.com/registry/packages/aws/api-docs/cloudwatch/eventrule/#inputs
    inputs = {
        "name": Property(required=True, replaces=True),
        "description": Property(),
        "eventBusName": Property(default=_DEFAULT_BUS, replaces=True),
        "eventPattern": Property(form=as_json),
        "scheduleExpression": Property(),
        "roleArn": Property(),
        "state": Property(default="ENABLED"),
        "forceDestroy": Property(default=False, local=True),
        "tags": TAGS,
    }
    outputs = frozenset({"arn"})
    named = "name"
    tagging = EVENTS
    limitations = (
        "the emulator's bus reaches no topic: events are matched and sent by the sandbox itself",
    )

    _FIELDS: Final = {
        "description": "Description",
        "eventPattern": "EventPattern",
        "scheduleExpression": "ScheduleExpression",
        "roleArn": "RoleArn",
        "state": "State",
    }

    def create(self, aws: Place, inputs: Properties) -> str:
        """Put the rule; one of that name that is there already is overwritten, as by AWS."""
        aws.client("events").put_rule(
            **self._request(inputs), Tags=pairs(inputs.get("tags")), **_bus(inputs)
        )
        return str(inputs["name"])

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Describe the rule."""
        events = aws.client("events")
        live = unless_gone(lambda: events.describe_rule(Name=id_, **_bus(state)), _GONE)
        if live is None:
            return None
        return {
            "name": live["Name"],
            "arn": live["Arn"],
            "eventBusName": live["EventBusName"],
            **from_api(self._FIELDS, live),
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Put the rule again."""
        aws.client("events").put_rule(**self._request(inputs), **_bus(inputs))

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the rule; one that still has targets is an error."""
        unless_gone(lambda: aws.client("events").delete_rule(Name=id_, **_bus(state)), _GONE)

    def _request(self, inputs: Properties) -> dict[str, Any]:
        wanted = {"state": self.inputs["state"].default, **inputs}
        return {"Name": inputs["name"], **to_api(self._FIELDS, wanted)}


class EventTargetHandler(Handler):
    """A target of a rule."""

    type = "aws:cloudwatch/eventTarget:EventTarget"
    inputs = {
        "rule": Property(required=True, replaces=True),
        "targetId": Property(required=True, replaces=True),
        "eventBusName": Property(default=_DEFAULT_BUS, replaces=True),
        "arn": Property(required=True),
        "input": Property(),
        "inputPath": Property(),
        "inputTransformer": Property(),
        "roleArn": Property(),
        "deadLetterConfig": Property(),
        "retryPolicy": Property(),
        "forceDestroy": Property(default=False, local=True),
    }
    named = "targetId"

    _FIELDS: Final = {
        "arn": "Arn",
        "input": "Input",
        "inputPath": "InputPath",
        "roleArn": "RoleArn",
    }
    _BLOCKS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
        "inputTransformer": (
            "InputTransformer",
            {"inputPaths": "InputPathsMap", "inputTemplate": "InputTemplate"},
        ),
        "deadLetterConfig": ("DeadLetterConfig", {"arn": "Arn"}),
        "retryPolicy": (
            "RetryPolicy",
            {
                "maximumEventAgeInSeconds": "MaximumEventAgeInSeconds",
                "maximumRetryAttempts": "MaximumRetryAttempts",
            },
        ),
    }

    def create(self, aws: Place, inputs: Properties) -> str:
        """Add the target to its rule."""
        self._put(aws, inputs)
        return f"{inputs['rule']}-{inputs['targetId']}"

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Find the target among those of its rule."""
        rule, target = state["rule"], state["targetId"]
        live = _targets(aws, rule, state).get(target)
        if live is None:
            return None
        blocks = {
            name: from_api(fields, live[api])
            for name, (api, fields) in self._BLOCKS.items()
            if live.get(api)
        }
        return {
            "rule": rule,
            "targetId": target,
            "eventBusName": state.get("eventBusName") or _DEFAULT_BUS,
            **from_api(self._FIELDS, live),
            **blocks,
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Put the target again, whole."""
        self._put(aws, inputs)

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Take the target from its rule."""
        if state["targetId"] in _targets(aws, state["rule"], state):
            aws.client("events").remove_targets(
                Rule=state["rule"], Ids=[state["targetId"]], **_bus(state)
            )

    def _put(self, aws: Place, inputs: Properties) -> None:
        blocks = {
            api: to_api(fields, inputs[name])
            for name, (api, fields) in self._BLOCKS.items()
            if inputs.get(name)
        }
        target = {
            "Id": inputs["targetId"],
            **to_api(self._FIELDS, inputs),
            **blocks,
        }
        answer = aws.client("events").put_targets(
            Rule=inputs["rule"], Targets=[target], **_bus(inputs)
        )
        for failed in answer.get("FailedEntries", ()):
            raise LookupError(f"{failed['TargetId']}: {failed['ErrorMessage']}")


def _targets(aws: Place, rule: str, state: Properties) -> dict[str, Any]:
    """The targets of a rule by their ids; none where the rule is gone."""
    targets = unless_gone(
        lambda: aws.client("events").list_targets_by_rule(Rule=rule, **_bus(state))["Targets"],
        _GONE,
    )
    if targets is None:
        return {}
    return {target["Id"]: target for target in targets}


def _bus(properties: Properties) -> dict[str, str]:
    bus = properties.get("eventBusName")
    return {"EventBusName": bus} if bus and bus != _DEFAULT_BUS else {}
