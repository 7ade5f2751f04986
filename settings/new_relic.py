"""Whether the metrics of the stack's alarms are streamed to New Relic, and with which key."""

from typing import Annotated, Any, Self

import pulumi
from pydantic import AfterValidator, BaseModel, ConfigDict, SecretStr, model_validator

from ecs_monitoring.rules.new_relic import (
    NewRelicDatacenter,
    refuse_distant_key,
    usable_license_key,
)


def _usable(value: SecretStr) -> SecretStr:
    usable_license_key(value.get_secret_value())
    return value


class NewRelicSettings(BaseModel):
    """The metric stream to New Relic."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    datacenter: NewRelicDatacenter
    """Where the New Relic account is: license keys of the EU begin with eu01."""

    license_key: Annotated[SecretStr, AfterValidator(_usable)]
    """License key (API keys, type INGEST - LICENSE), as a secret: ``pulumi config set --secret
    --path 'django-ecs-monitoring:new_relic.license_key'``, which asks for it.
    """

    @model_validator(mode="after")
    def _of_one_datacenter(self) -> Self:
        refuse_distant_key(self.license_key.get_secret_value(), self.datacenter)
        return self

    def account(self) -> dict[str, Any]:
        """What NewRelicStream is told of the account, the key kept secret."""
        return {
            "datacenter": self.datacenter,
            "license_key": pulumi.Output.secret(self.license_key.get_secret_value()),
        }
