"""Tags: the stack's own, beside the default ones of the AWS provider."""

import json
from typing import Any

import pytest

from tests.components.registered import ALARM, HEALTH_CHECK, only
from tests.settings.refusal import NOTHING, Mistake, many_tags, mistakes, run_changed

SITE = "health={web: {url: https://www.shop.jp/readyz}}"


def default(tags: Any) -> str:
    return f"aws:defaultTags={json.dumps({'tags': tags})}"


def own(count: int) -> str:
    return f"tags={json.dumps(many_tags(count))}"


@pytest.mark.slow
def test_default_tags_are_the_providers_and_leave_the_stacks_own_as_they_are() -> None:
    run = run_changed(default({"Team": "payments", "k0": "default"}), own(1))
    (tags,) = {
        json.dumps({k: v for k, v in alarm.inputs["tags"].items() if k in ("Team", "k0")})
        for alarm in run.of_type(ALARM)
    }
    assert json.loads(tags) == {"k0": "x"}


@pytest.mark.slow
@pytest.mark.parametrize(
    "changes",
    [
        # 50 of an alarm, less AlarmKey, Target, Severity and Unit.
        pytest.param([default(many_tags(6, "d")), own(40)], id="as many as an alarm takes"),
        pytest.param([default(many_tags(40)), own(40)], id="the same keys count once"),
        # 10 of a health check, less Name.
        pytest.param([SITE, own(9)], id="as many as a health check takes"),
        pytest.param(["aws:defaultTags={}"], id="none"),
    ],
)
def test_what_fits(changes: list[str]) -> None:
    assert run_changed(*changes).registrations


@pytest.mark.slow
def test_a_health_check_has_as_many_tags_as_route_53_takes() -> None:
    run = run_changed(SITE, own(9))
    assert len(only(run.of_type(HEALTH_CHECK)).inputs["tags"]) == 10


@mistakes(
    {
        "more than an alarm takes": Mistake(
            own(40),
            "tags",
            NOTHING,
            "47 tags, with those of aws:defaultTags: an alarm has room for 46 besides its own",
            besides=(default(many_tags(7, "d")),),
        ),
        "more than a health check takes": Mistake(
            own(10),
            "tags",
            NOTHING,
            "10 tags: a health check of Route 53 has room for 9 besides its own",
            besides=(SITE,),
        ),
    }
)
def test_too_many_are_refused(mistake: Mistake) -> None:
    mistake.check()


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        ("{Team: payments}", 'unknown key "Team"'),
        ("[Team]", "write a mapping with tags under it"),
        ("{tags: [Team]}", "write tags as a mapping of texts"),
        ("{tags: {Team: 7}}", "write tags as a mapping of texts"),
        ("{tags: {'aws:Team': x}}", "is no tag key"),
        ("{tags: {Team: 'a?b'}}", "write up to 256 letters"),
    ],
)
def test_default_tags_that_the_provider_would_not_take(value: str, fix: str) -> None:
    with pytest.raises(Exception, match="aws:defaultTags") as caught:
        run_changed(f"aws:defaultTags={value}")
    assert fix in str(caught.value)
