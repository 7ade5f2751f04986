"""How mistakes read: where, what stands there, what to write instead; and what is never shown."""

from typing import Any, Final

import pytest
from pydantic_core import ErrorDetails

from settings.errors import (
    SettingsError,
    SettingsProblem,
    config_path,
    problem_from,
    shown_value,
    without_secrets,
)
from settings.secrets import may_be_secret, own_texts

MISTAKE: Final = SettingsProblem("shop:ecs.web.cluster", '"a b"', "write a name")


def test_one_mistake_and_several() -> None:
    missing = SettingsProblem("shop:alb", "", "is missing")
    one = SettingsError("prod", [MISTAKE, MISTAKE])
    assert one.problems == (MISTAKE,)
    assert str(one) == (
        "1 settings error in Pulumi.prod.yaml; nothing was changed.\n"
        '  - shop:ecs.web.cluster: "a b"\n'
        "      write a name"
    )
    assert str(SettingsError("prod", iter([MISTAKE, missing]))) == (
        "2 settings errors in Pulumi.prod.yaml; nothing was changed.\n"
        '  - shop:ecs.web.cluster: "a b"\n'
        "      write a name\n"
        "  - shop:alb\n"
        "      is missing"
    )


@pytest.mark.parametrize(
    ("keys", "path"),
    [
        (("tags",), "shop:tags"),
        (("ecs", "two_words", "a-b"), "shop:ecs.two_words.a-b"),
        (("alarms", "ecs.cpu-high", "period"), 'shop:alarms["ecs.cpu-high"].period'),
        (("alerts", "emails", "critical", 0), "shop:alerts.emails.critical[0]"),
        (("tags", ""), 'shop:tags[""]'),
        (("tags", "a b"), 'shop:tags["a b"]'),
    ],
)
def test_a_path_as_pulumi_config_takes_it(keys: tuple[str | int, ...], path: str) -> None:
    assert config_path("shop", keys) == path


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("é", '"é"'),
        (["a", 1, True, None], '["a", 1, true, null]'),
        # Eighty characters, quotes included, and one more.
        ("x" * 78, f'"{"x" * 78}"'),
        ("x" * 79, f'"{"x" * 79}…'),
        (3 + 4j, '"(3+4j)"'),
    ],
)
def test_a_value_as_a_message_shows_it(value: object, shown: str) -> None:
    assert shown_value(value) == shown
    assert shown_value(value, secret=True) == "[secret]"


def test_secrets_are_cut_out_of_mistakes() -> None:
    problems = [
        SettingsProblem("shop:alerts.emails[0]", '"x"', "write pagerkey, or pagerkey-2"),
        # What is missing shows nothing.
        SettingsProblem("shop:alerts.emails[1]", "", "is missing"),
        SettingsProblem("shop:alerts", '"x"', "write a mapping"),
        # Another section, with the same beginning.
        SettingsProblem("shop:alertsmore", '"x"', "a"),
        SettingsProblem("shop:alerts-more", '"x"', "a"),
        SettingsProblem('shop:tags["pagerkey"]', '"pagerkey"', "b"),
    ]
    # The longer text is one of its own, and no "[secret]-2".
    assert without_secrets(problems, ["shop:alerts"], ["pagerkey", "pagerkey-2"]) == [
        SettingsProblem("shop:alerts.emails[0]", "[secret]", "write [secret], or [secret]"),
        SettingsProblem("shop:alerts.emails[1]", "", "is missing"),
        SettingsProblem("shop:alerts", "[secret]", "write a mapping"),
        SettingsProblem("shop:alertsmore", '"x"', "a"),
        SettingsProblem("shop:alerts-more", '"x"', "a"),
        SettingsProblem('shop:tags["[secret]"]', '"[secret]"', "b"),
    ]
    assert without_secrets(problems[3:5], ["shop:alerts", "shop:review"], []) == problems[3:5]


def told(type_: str, key: str = "period", secret: bool = False, **context: Any) -> SettingsProblem:
    """What is said of an error of pydantic's."""
    details: ErrorDetails = {
        "type": type_,
        "loc": ("alarms", "a.b", key, "[key]"),
        "msg": "pydantic's own words",
        "input": 7,
        "ctx": context,
    }
    return problem_from("shop", details, ["period", "severity"], secret=secret)


@pytest.mark.parametrize(
    ("problem", "value", "fix"),
    [
        (told("missing"), "", "is missing: write period: <value>"),
        (told("missing", secret=True), "", "is missing: write period: <value>"),
        (told("less_than_equal", le=10.0), "7", "write 10 or less"),
        (told("greater_than_equal", ge=0.5), "7", "write 0.5 or more"),
        (told("multiple_of", multiple_of=60), "7", "write a multiple of 60"),
        (told("too_long", max_length=4.0), "7", "write at most 4 entries"),
        (told("enum", expected="'a' or 'b'"), "7", "write one of: 'a' or 'b'"),
        (told("value_error", error=ValueError("is none")), "7", "is none"),
        (told("value_error", secret=True, error=ValueError("is none")), "[secret]", "is none"),
        (told("no_such_type"), "7", "pydantic's own words"),
    ],
)
def test_what_to_write_instead(problem: SettingsProblem, value: str, fix: str) -> None:
    assert problem == SettingsProblem('shop:alarms["a.b"].period', value, fix)


@pytest.mark.parametrize("type_", ["extra_forbidden", "unexpected_keyword_argument"])
@pytest.mark.parametrize(
    ("key", "fix"),
    [
        ("perod", 'unknown key "perod"; did you mean "period"? write one of: period, severity'),
        (
            "teams",
            'unknown key "teams": write Microsoft Teams channels in microsoft_teams',
        ),
    ],
)
def test_an_unknown_key(type_: str, key: str, fix: str) -> None:
    assert told(type_, key).fix == fix


@pytest.mark.parametrize(
    ("place", "sections", "may"),
    [
        (("alerts", "emails", "critical", 0), set(), False),
        (("alerts", "emails", "critical", 0), {"alerts"}, True),
        (("alerts", "webhooks", "critical", "pager"), set(), True),
        (("alerts", "secret_emails", "critical", "pager"), set(), True),
        (("new_relic", "license_key"), set(), True),
        (("new_relic", "licence_key"), set(), True),
        (("new_relic", "datacenter"), set(), False),
        (("new_relic",), set(), True),
        (("tags", "Team"), {"alerts"}, False),
    ],
)
def test_what_could_be_a_secret(
    place: tuple[int | str, ...], sections: set[str], may: bool
) -> None:
    assert may_be_secret(place, sections) is may


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        # Eight characters are long enough to be a secret, seven stand in every other sentence.
        ("12345678", ["12345678"]),
        ("1234567", []),
        # A word of the settings' own.
        ("notify_on_recovery", []),
        ("treat_missing_data", []),
        ({"critical": ["12345678", ["abcdefghi"]]}, ["12345678", "abcdefghi"]),
        (5, []),
        (None, []),
        # Keys are names that people choose, but an address, a URL and a token is a secret there.
        ({"a-long-enough-name": "x"}, []),
        ({"https://x.example/1": "x"}, ["https://x.example/1"]),
        ({"a@example.com": 1}, ["a@example.com"]),
        ({"a@localhost": 1}, []),
        ({"0123456789abcdef01234567": 1}, ["0123456789abcdef01234567"]),
        ({"0123456789abcdef0123456": 1}, []),
    ],
)
def test_texts_of_a_section_with_a_secret_in_it(value: object, texts: list[str]) -> None:
    assert list(own_texts(value)) == texts
