"""What a CLI that the project builds is without: the patch fits, and what it leaves out says so."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sandbox.engine import PulumiEngine
from sandbox.engine_build import BuildError, downloaded_code, patched_module, pinned_version

_SAYS = "is left out of this CLI, which make engine built for the sandbox and tests; take Pulumi's"


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pulumi's code as the patch leaves it, where it was downloaded for a build before."""
    go = shutil.which("go")
    if not go:
        pytest.skip("Go is not installed")
    folder = tmp_path_factory.mktemp("module")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("GOPROXY", "off")
        try:
            archive = downloaded_code(go)
        except BuildError as error:
            if "module lookup disabled by GOPROXY=off" not in str(error):
                raise
            pytest.skip("the code of the CLI was never downloaded: it was installed, not built")
    module = patched_module(archive, folder)
    return module / f"github.com/pulumi/pulumi/pkg/v3@v{pinned_version()}"


@pytest.mark.parametrize("folder", ["backend", "cmd/esc", "cmd/pulumi", "secrets"])
def test_the_code_that_is_built_knows_no_other_cloud(code: Path, folder: str) -> None:
    clouds = re.compile(
        r'"(github\.com/(aws|Azure|pb33f)/|cloud\.google\.com/|google\.golang\.org/api/'
        r"|gocloud\.dev/(blob|secrets)/(?!fileblob|driver))[^\"]*\""
    )
    files = list((code / folder).rglob("*.go"))
    assert files
    assert not [
        f"{path.relative_to(code)}: {found[0]}"
        for path in files
        if (found := clouds.search(path.read_text(encoding="utf-8")))
    ]


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        *[(["login", f"{scheme}://bucket"], f"{scheme}://") for scheme in ("azblob", "gs", "s3")],
        *[
            (["stack", "init", "prod", "--secrets-provider", f"{scheme}://key"], f"{scheme}://")
            for scheme in ("awskms", "azurekeyvault", "gcpkms", "hashivault")
        ],
        (["api", "list"], "pulumi api"),
        (["env", "setup", "aws", "--help"], "pulumi env setup"),
        (["neo", "--help"], "pulumi neo"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_left_out_is_an_error_that_says_so(
    engine: PulumiEngine, tmp_path: Path, arguments: list[str], what: str
) -> None:
    if b"is left out of this CLI" not in Path(engine.path).read_bytes():
        pytest.skip("this CLI is whole")
    (tmp_path / "Pulumi.yaml").write_text("name: left-out\nruntime: yaml\n", encoding="utf-8")
    environment = {
        **os.environ,
        "PULUMI_HOME": str(tmp_path),
        "PULUMI_BACKEND_URL": "" if "login" in arguments else tmp_path.as_uri(),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }
    run = subprocess.run(
        [engine.path, *arguments, "--non-interactive"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode
    assert f"{what} {_SAYS}" in run.stderr
