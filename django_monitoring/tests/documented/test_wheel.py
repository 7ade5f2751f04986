"""The wheel: what is in it, on what CI tries it, and how it gets into an image as documented."""

import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from collections.abc import Sequence
from email.parser import Parser
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from tests.docs import REPOSITORY, block, pages
from tests.documented.project import Project

PROJECT: Final[dict[str, Any]] = tomllib.loads(
    (REPOSITORY / "django_monitoring/pyproject.toml").read_text()
)["project"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, by the documented command, in a copy of the checkout's part that it needs."""
    checkout = tmp_path_factory.mktemp("checkout")
    shutil.copytree(
        REPOSITORY / "django_monitoring",
        checkout / "django_monitoring",
        ignore=shutil.ignore_patterns("tests", "build", "*.egg-info", ".*"),
    )
    (command,) = block("console", "$ python -m pip wheel").splitlines()
    _, python, *arguments = shlex.split(command)
    assert python == "python"
    run([sys.executable, *arguments], checkout)
    (built,) = (checkout / "wheels").glob("*.whl")
    return built


def run(command: Sequence[str], directory: Path) -> str:
    done = subprocess.run(
        command, cwd=directory, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_what_is_in_it(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    sources = REPOSITORY / "django_monitoring/src"
    expected = {str(path.relative_to(sources)) for path in sources.rglob("*.py")}
    assert {name for name in names if name.startswith("django_monitoring/")} == {
        *expected,
        "django_monitoring/py.typed",
    }
    assert "django_monitoring/management/commands/health.py" in names


def test_what_a_package_index_shows(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("METADATA"))
        metadata = Parser().parsestr(archive.read(name).decode())
    assert metadata["Name"] == "django-monitoring"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata.get_all("Requires-Dist") == ["Django>=4.2"]
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert "Typing :: Typed" in (metadata.get_all("Classifier") or [])


def test_the_readme_needs_no_checkout() -> None:
    """On a package index there are no files beside it."""
    readme = pages()["django_monitoring/README.md"]
    links = re.findall(r"\]\(([^)]+)\)|^\[[^\]]+\]: (\S+)", readme, re.MULTILINE)
    assert links
    assert [one or other for one, other in links if not (one or other).startswith("https://")] == []


def test_ci_tries_what_the_classifiers_promise() -> None:
    workflow = yaml.safe_load((REPOSITORY / ".github/workflows/test.yml").read_text())
    matrix = workflow["jobs"]["django"]["strategy"]["matrix"]

    def promised(prefix: str) -> list[str]:
        found = [name.removeprefix(prefix) for name in PROJECT["classifiers"]]
        return [name for name in found if re.fullmatch(r"\d+\.\d+", name)]

    assert matrix["django"] == promised("Framework :: Django :: ")
    assert matrix["python"] == promised("Programming Language :: Python :: ")
    tried = {
        (django, python)
        for django in matrix["django"]
        for python in matrix["python"]
        if {"django": django, "python": python} not in matrix["exclude"]
    }
    assert {django for django, _ in tried} == set(matrix["django"])
    assert {python for _, python in tried} == set(matrix["python"])


def test_the_documented_image(wheel: Path, project: Project) -> None:
    dockerfile = block("dockerfile", "FROM python:").splitlines()
    steps = [line.partition(" ")[::2] for line in dockerfile]
    environment = project.directory / "environment"
    venv.create(environment, with_pip=True)
    # What the tests have installed need not be downloaded again.
    inner = Path(run([str(environment / "bin/python"), "-c", _SITE_PACKAGES], environment).strip())
    (inner / "outer.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    app = project.directory / "app"
    app.mkdir()
    path = f"{environment / 'bin'}:/usr/bin:/bin"
    for instruction, rest in steps:
        match instruction:
            case "COPY" if rest == "requirements.txt wheels/ ./":
                (app / "requirements.txt").write_text("Django\ngunicorn\n")
                shutil.copy(wheel, app)
            case "COPY":
                assert rest == ". ."
                shutil.copytree(project.directory / "shop", app / "shop")
                shutil.copy(project.directory / "manage.py", app)
            case "RUN":
                run(["env", "-i", f"PATH={path}", "sh", "-c", rest], app)
            case _:
                assert instruction in ("FROM", "WORKDIR", "CMD")
    code = "import django_monitoring as d; print(d.__file__)"
    assert run([str(environment / "bin/python"), "-c", code], app).startswith(str(environment))
    # Without an address, gunicorn answers on the container's loopback alone.
    assert steps[-1] == ("CMD", '["gunicorn", "shop.wsgi", "--bind", "0.0.0.0:8000"]')


_SITE_PACKAGES: Final = "import sysconfig; print(sysconfig.get_path('purelib'))"
