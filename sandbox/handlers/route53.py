"""aws:route53/healthCheck:HealthCheck."""

import uuid
from collections.abc import Mapping
from typing import Any, Final

from sandbox.handlers.base import (
    TAGS,
    Handler,
    Place,
    Property,
    as_set,
    from_api,
    to_api,
    unless_gone,
)
from sandbox.tags import Tagging, changes, from_pairs, pairs
from sandbox.wire import Properties

_GONE: Final = "NoSuchHealthCheck"


class _HealthCheckTags(Tagging):
    """One call sets tags and takes some away."""

    service = "route53"

    def of(self, client: Any, resource: str) -> dict[str, str]:
        """A health check's tags."""
        answer = client.list_tags_for_resource(ResourceType="healthcheck", ResourceId=resource)
        return from_pairs(answer["ResourceTagSet"]["Tags"])

    def bring(self, client: Any, resource: str, wanted: Mapping[str, str]) -> None:
        """Bring a health check's tags to what is wanted."""
        to_set, to_remove = changes(wanted, self.of(client, resource))
        asked = {"AddTags": pairs(to_set), "RemoveTagKeys": to_remove}
        given = {name: value for name, value in asked.items() if value}
        if given:
            client.change_tags_for_resource(
                ResourceType="healthcheck", ResourceId=resource, **given
            )


HEALTH_CHECK_TAGS: Final = _HealthCheckTags()


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
    tagging = HEALTH_CHECK_TAGS
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
        answer = aws.client("route53").create_health_check(
            CallerReference=reference[:64],
            HealthCheckConfig=to_api(self._CONFIG, inputs),
        )
        return str(answer["HealthCheck"]["Id"])

    def complete(self, aws: Place, id_: str, inputs: Properties) -> None:
        """Tag it."""
        HEALTH_CHECK_TAGS.bring(aws.client("route53"), id_, inputs.get("tags", {}))

    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Get the health check."""
        route53 = aws.client("route53")
        answer = unless_gone(lambda: route53.get_health_check(HealthCheckId=id_), _GONE)
        if answer is None:
            return None
        config = answer["HealthCheck"]["HealthCheckConfig"]
        return {
            **from_api(self._CONFIG, config),
            "arn": f"arn:{aws.clients.partition(aws.region)}:route53:::healthcheck/{id_}",
        }

    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set what changed."""
        fields = {name: api for name, api in self._CONFIG.items() if name in changed}
        aws.client("route53").update_health_check(HealthCheckId=id_, **to_api(fields, inputs))

    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete the health check."""
        unless_gone(lambda: aws.client("route53").delete_health_check(HealthCheckId=id_), _GONE)
