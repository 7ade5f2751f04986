"""aws:route53/healthCheck:HealthCheck."""

import uuid
from typing import Any, Final

from sandbox.handlers.base import (
    TAGS,
    Handler,
    Place,
    Property,
    as_set,
    changed_tags,
    from_pairs,
    pairs,
    unless_gone,
)
from sandbox.wire import Properties

# Route 53 is one service for the whole partition; its SDK clients are in this region.
_REGION: Final = "us-east-1"

_GONE: Final = "NoSuchHealthCheck"


class HealthCheckHandler(Handler):
    """A check of an endpoint from the outside."""

    type = "aws:route53/healthCheck:HealthCheck"
    inputs = {
        "type": Property(required=True, replaces=True),
        "fqdn": Property(),
        "ipAddress": Property(),
        "port": Property(),
        "resourcePath": Property(),
        "searchString": Property(),
        "failureThreshold": Property(computed=True),
        "requestInterval": Property(replaces=True),
        "measureLatency": Property(default=False, replaces=True),
        "invertHealthcheck": Property(default=False),
        "disabled": Property(default=False),
        "enableSni": Property(computed=True),
        "regions": Property(form=as_set),
        "referenceName": Property(replaces=True, local=True),
        "tags": TAGS,
    }
    outputs = frozenset({"arn"})
    regional = False
    limitations = ("the emulator checks no endpoint",)

    _CONFIG: Final = {
        "type": "Type",
        "fqdn": "FullyQualifiedDomainName",
        "ipAddress": "IPAddress",
        "port": "Port",
        "resourcePath": "ResourcePath",
        "searchString": "SearchString",
        "failureThreshold": "FailureThreshold",
        "requestInterval": "RequestInterval",
        "measureLatency": "MeasureLatency",
        "invertHealthcheck": "Inverted",
        "disabled": "Disabled",
        "enableSni": "EnableSNI",
        "regions": "Regions",
    }

    def create(self, aws: Place, inputs: Properties) -> str:
        """Create the health check."""
        reference = f"{inputs.get('referenceName', 'pulumi')}-{uuid.uuid4()}"
        answer = _route53(aws).create_health_check(
            CallerReference=reference[:64],
            HealthCheckConfig={
                api: inputs[name] for name, api in self._CONFIG.items() if name in inputs
            },
        )
        return str(answer["HealthCheck"]["Id"])

    def complete(self, aws: Place, id_: str, inputs: Properties) -> None:
        """Tag it."""
        if inputs.get("tags"):
            self._tag(aws, id_, AddTags=pairs(inputs["tags"]))

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the health check and its tags."""
        answer = unless_gone(lambda: _route53(aws).get_health_check(HealthCheckId=id_), _GONE)
        if answer is None:
            return None
        config = answer["HealthCheck"]["HealthCheckConfig"]
        return {
            **{name: config[api] for name, api in self._CONFIG.items() if api in config},
            "tags": self._tags(aws, id_),
            "arn": f"arn:{aws.clients.partition(aws.region)}:route53:::healthcheck/{id_}",
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set what changed."""
        config = {
            api: inputs[name]
            for name, api in self._CONFIG.items()
            if name in changed and name in inputs
        }
        if config:
            _route53(aws).update_health_check(HealthCheckId=id_, **config)
        if "tags" in changed:
            to_set, to_remove = changed_tags(inputs.get("tags"), self._tags(aws, id_))
            wanted = {"AddTags": pairs(to_set), "RemoveTagKeys": to_remove}
            self._tag(aws, id_, **{name: value for name, value in wanted.items() if value})

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the health check."""
        unless_gone(lambda: _route53(aws).delete_health_check(HealthCheckId=id_), _GONE)

    @staticmethod
    def _tags(aws: Place, id_: str) -> dict[str, str]:
        answer = _route53(aws).list_tags_for_resource(ResourceType="healthcheck", ResourceId=id_)
        return from_pairs(answer["ResourceTagSet"]["Tags"])

    @staticmethod
    def _tag(aws: Place, id_: str, **changes: Any) -> None:
        if changes:
            _route53(aws).change_tags_for_resource(
                ResourceType="healthcheck", ResourceId=id_, **changes
            )


def _route53(aws: Place) -> Any:
    return aws.clients.client("route53", _REGION)
