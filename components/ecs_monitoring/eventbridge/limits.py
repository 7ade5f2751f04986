"""EventBridge's documented limits as named constants.

Sources: the EventBridge service model shipped with botocore (``events/2015-10-07``, shapes named
beside each constant), and the quotas page where the model is silent:
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
"""

from typing import Final

RULE_NAME_LENGTH: Final = 64
"""Characters in a rule's name (shape ``RuleName``)."""

RULE_DESCRIPTION_LENGTH: Final = 512
"""Characters in a rule's description (shape ``RuleDescription``)."""

PATTERN_LENGTH: Final = 2048
"""Characters of a pattern (quotas page); the API takes more from accounts that asked for it."""

TARGETS_PER_RULE: Final = 5
"""Targets of one rule (quotas page)."""

TEMPLATE_LENGTH: Final = 8192
"""Characters of an input transformer's template (shape ``TransformerInput``)."""
