"""Characters that nobody sees: refused where they stand, in YAML files and in values."""

from tests.settings.refusal import Mistake, mistakes

FIX = "has the control character U+{} as character {}: remove it"


@mistakes(
    {
        "an-escape-in-a-runbook": Mistake(
            'alarms.rds.cpu-high.runbook="a\\0b"',
            'alarms["rds.cpu-high"].runbook',
            "a\0b",
            FIX.format("0000", 2),
        ),
        "colours-of-a-terminal": Mistake(
            'runbooks="https://wiki.example.jp/\\e[31m"',
            "runbooks",
            "https://wiki.example.jp/\x1b[31m",
            FIX.format("001B", 25),
        ),
        "in-a-list": Mistake(
            'alerts.emails.critical=[a@b.jp, "c@\\x07d.jp"]',
            "alerts.emails.critical[1]",
            "c@\x07d.jp",
            FIX.format("0007", 3),
        ),
        # NEL, which some editors write for a line break.
        "above-ascii": Mistake(
            'rds.main.engine_version="16\\x854"',
            "rds.main.engine_version",
            "16\x854",
            FIX.format("0085", 3),
        ),
        # It is said once, in the field's own words.
        "in-a-name": Mistake(
            'alerts.topic_name="a\\0b"', "alerts.topic_name", "a\0b", "is no topic name"
        ),
    }
)
def test_a_control_character_is_refused_at_its_place(mistake: Mistake) -> None:
    mistake.check()
