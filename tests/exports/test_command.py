"""``python -m ops export``: what it writes, prints and answers."""

import json
from pathlib import Path

import pytest

from exports.systems import SYSTEMS
from ops.__main__ import main


@pytest.mark.slow
def test_it_writes_files_and_says_what_they_carry(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "grafana"
    assert main(["export", "grafana", "prod", "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert "django-ecs-monitoring/prod for Grafana: 3 files" in printed
    assert "log filter django-ecs-monitoring-prod-logs.app.errors" in printed
    assert "it stays in AWS" in printed
    files = sorted(path.name for path in out.iterdir())
    assert files == ["dashboard.json", "export.json", "left-out.md"]
    page = (out / "left-out.md").read_text(encoding="utf-8")
    assert "| log filter django-ecs-monitoring-prod-logs.app.errors | it stays in AWS" in page


@pytest.mark.slow
def test_json_says_the_same_to_scripts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "rules"
    setting = "alarms.ecs.cpu-high.threshold=85"
    assert main(["export", "rules", "prod", "--out", str(out), "--set", setting, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["files"] == ["export.json", "left-out.md", "rules.json", "rules.schema.json"]
    assert (found["system"], found["stack"], found["left_out"]) == ("rules", "prod", [])
    rules = json.loads((out / "rules.json").read_text(encoding="utf-8"))["rules"]
    assert {r["address"]: r["threshold"] for r in rules}["ecs.cpu-high@web"] == 85


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["grafana", "prd"], "prod, staging"),
        (["rules", "prod", "--set", "ecs.web.servce=x"], 'did you mean "service"?'),
        (["grafana", "prod", "--alerts"], "--data-source UID"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["export", *arguments, "--out", str(out)]) == 2
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""
    assert not out.exists()


@pytest.mark.slow
def test_a_folder_with_another_export_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", "rules", "prod", "--out", str(tmp_path)]) == 0
    capsys.readouterr()
    assert main(["export", "rules", "staging", "--out", str(tmp_path)]) == 2
    assert "write another --out" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--help"], ["nagios", "prod"], ["rules", "prod"]])
def test_systems_and_the_folder_are_asked_for(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["export", *arguments])
    captured = capsys.readouterr()
    if arguments == ["--help"]:
        assert stopped.value.code == 0
        assert all(system.name in captured.out for system in SYSTEMS)
    else:
        assert stopped.value.code == 2
        assert captured.err
