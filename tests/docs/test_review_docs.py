"""docs/review.md says what is so."""

import json
import re
from pathlib import Path
from typing import Final

from account.coverage.read import PERMISSIONS

TEXT: Final = (Path(__file__).parents[2] / "docs" / "review.md").read_text(encoding="utf-8")


def test_the_permissions_are_those_that_coverage_needs() -> None:
    (listed,) = re.findall(r"```json\n(.*?)```", TEXT, flags=re.DOTALL)
    assert json.loads(listed) == sorted(PERMISSIONS)
