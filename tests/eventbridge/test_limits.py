"""EventBridge's limits against botocore's service model, or the page that has them."""

import gzip
import json
import re
from importlib.resources import files
from typing import Any, Final

from ecs_monitoring.eventbridge import limits

_PACKED: Final = files("botocore").joinpath("data/events/2015-10-07/service-2.json.gz")
MODEL: Final[dict[str, Any]] = json.loads(gzip.decompress(_PACKED.read_bytes()))


def test_the_limits_are_those_of_the_service_model() -> None:
    most = {name: shape.get("max") for name, shape in MODEL["shapes"].items()}
    assert most["RuleName"] == limits.RULE_NAME_LENGTH
    assert most["RuleDescription"] == limits.RULE_DESCRIPTION_LENGTH
    assert most["TransformerInput"] == limits.TEMPLATE_LENGTH
    said = re.sub(r"<[^>]+>", "", MODEL["operations"]["PutTargets"]["documentation"])
    assert f"Each rule can have up to five ({limits.TARGETS_PER_RULE}) targets" in said
    # "Event pattern size: 2,048 characters", of which the API takes more where it was raised:
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
    assert limits.PATTERN_LENGTH == 2048 < most["EventPattern"]
