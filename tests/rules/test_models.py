"""What every model of the settings has in common: nothing unknown, and nobody changes it."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from ecs_monitoring.rules.ecs_target import EcsTarget
from ecs_monitoring.rules.events import EventChange
from ecs_monitoring.rules.health import EndpointTarget
from ecs_monitoring.rules.log_target import ExtraPattern
from ecs_monitoring.rules.mute import Mute, Muted
from ecs_monitoring.rules.off_hours import OffHours
from ecs_monitoring.rules.review import Reminder

MODELS: list[tuple[type[BaseModel], Mapping[str, Any]]] = [
    (EcsTarget, {"cluster": "shop", "service": "web"}),
    (EndpointTarget, {"url": "https://www.example.com/"}),
    (EventChange, {"enabled": False}),
    (ExtraPattern, {"pattern": "?PaymentFailed"}),
    (Muted, {"kind": "rds"}),
    (Mute, {"duration": "2h", "schedule": "cron(0 2 * * *)"}),
    (OffHours, {"stop": "cron(0 20 ? * * *)", "start": "cron(0 7 ? * * *)"}),
    (Reminder, {"link": "docs/review.md"}),
]


@pytest.mark.parametrize(("model", "fields"), MODELS, ids=[m.__name__ for m, _ in MODELS])
def test_a_model_takes_no_unknown_field_and_stays_as_it_is(
    model: type[BaseModel], fields: Mapping[str, Any]
) -> None:
    made = model.model_validate(fields)
    first = next(iter(fields))
    with pytest.raises(ValidationError, match="frozen"):
        setattr(made, first, fields[first])
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        model.model_validate({**fields, "colour": "red"})


@pytest.mark.parametrize("model", [model for model, _ in MODELS], ids=lambda m: m.__name__)
def test_every_field_of_a_model_is_documented(model: type[BaseModel]) -> None:
    assert [name for name, field in model.model_fields.items() if not field.description] == []
