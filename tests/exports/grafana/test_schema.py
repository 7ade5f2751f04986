"""Grafana's own types take what is written, and refuse a misspelt field: tsc, strict, on literals.

It is what can be checked without a Grafana, which no package registry has. There are no types of
alert rules; their queries are the panels'.
"""

import copy
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from stack.config import PROJECT
from tests.exports.grafana.written import alert_rules, dashboard

pytestmark = pytest.mark.slow

SCHEMA: Final = Path(__file__).parent / "schema"
INSTALLED: Final = PROJECT / ".tools" / "grafana-schema"


@pytest.fixture(scope="module")
def compiler() -> Path:
    """The compiler beside Grafana's types, installed once for each lock file."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is no npm on this machine (Debian's packages are nodejs and npm)")
    lock = (SCHEMA / "package-lock.json").read_bytes()
    folder = INSTALLED / hashlib.sha256(lock).hexdigest()[:12]
    tsc = folder / "node_modules" / "typescript" / "bin" / "tsc"
    if not tsc.exists():
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copy(SCHEMA / name, folder)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(folder)
            words = f"npm cannot install {SCHEMA / 'package.json'}: {done.stderr[-500:]}"
            pytest.fail(words) if os.environ.get("CI") else pytest.skip(words)
    return tsc


def literals(values: list[tuple[str, Any]]) -> str:
    lines = ["import type * as grafana from './types';"]
    for number, (type_, value) in enumerate(values):
        lines.append(f"export const value{number}: grafana.{type_} = {json.dumps(value)};")
    return "\n".join(lines)


def parts(found: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Every value of a dashboard with the type that it must have."""
    yield "WrittenDashboard", found
    for panel in found["panels"]:
        for target in panel.get("targets", []):
            yield target["queryMode"], target
        if panel["type"] == "timeseries":
            yield "TimeSeriesOptions", panel["options"]
            yield "TimeSeriesFields", panel["fieldConfig"]["defaults"]["custom"]


def misspelt() -> list[tuple[str, Any]]:
    """Values with one mistake each."""
    found = dashboard()
    target = copy.deepcopy(found["panels"][0]["targets"][0])
    target["metricNam"] = target.pop("metricName")
    options = copy.deepcopy(found["panels"][0]["options"])
    options["legend"]["placement"] = "below"
    wrong_panel = copy.deepcopy(found)
    wrong_panel["panels"][0]["fieldConfig"]["defaults"]["thresholds"]["mode"] = "absolut"
    return [
        ("Metrics", target),
        ("WrittenDashboard", {**found, "nonsense": True}),
        ("TimeSeriesOptions", options),
        ("TimeSeriesFields", {"thresholdsStyle": {"mode": "lines"}}),
        ("WrittenDashboard", wrong_panel),
    ]


@pytest.fixture(scope="module")
def said(compiler: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the compiler says of everything that is written, and of values with a mistake."""
    written = [
        *parts(dashboard()),
        *parts(dashboard("health.site.url=https://example.com/health", stack="staging")),
        *(("Metrics", rule["data"][0]["model"]) for rule in alert_rules().values()),
    ]
    assert len(written) > 200
    folder = tmp_path_factory.mktemp("grafana")
    for name in ("types.ts", "tsconfig.json"):
        shutil.copy(SCHEMA / name, folder)
    (folder / "node_modules").symlink_to(compiler.parents[2])
    (folder / "written.ts").write_text(literals(written), encoding="utf-8")
    (folder / "misspelt.ts").write_text(literals(misspelt()), encoding="utf-8")
    command = ["node", str(compiler), "--project", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_grafanas_types_take_what_is_written(said: str) -> None:
    # The compiler did run: it found the other file's mistakes.
    assert "misspelt.ts" in said
    others = [line for line in said.splitlines() if line[:1] != " " and "misspelt.ts" not in line]
    assert others == []


def test_grafanas_types_refuse_what_is_misspelt(said: str) -> None:
    """Or the other test would prove nothing."""
    for line, (type_, _) in enumerate(misspelt(), start=2):
        assert f"misspelt.ts({line}," in said, type_
    for word in ("metricNam", "nonsense", '"below"', '"lines"', '"absolut"'):
        assert word in said
