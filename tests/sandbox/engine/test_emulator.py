"""The emulator runs as long as its block, and the user's own AWS settings do not matter."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from sandbox.clients import EmulatorFault, error_code
from sandbox.emulator import Emulator, EmulatorError, running_emulator
from tests.sandbox.refusing import refused


def _answers(url: str) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/moto-api/data.json", timeout=30):
            return True
    except (urllib.error.URLError, ConnectionError):
        return False


def _gone(url: str) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not _answers(url):
            return True
        time.sleep(0.05)
    return False


def test_it_ends_with_its_block_whatever_happens_in_there() -> None:
    with running_emulator() as first, running_emulator() as second:
        assert first.url != second.url
        assert _answers(first.url)
        assert _answers(second.url)
    assert _gone(first.url)
    assert _gone(second.url)
    url = ""

    def fail() -> None:
        nonlocal url
        with running_emulator() as emulator:
            url = emulator.url
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert _gone(url)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_it_ends_when_its_owner_is_killed(end: signal.Signals) -> None:
    program = (
        "import signal, time\n"
        # A parent in the background may have Ctrl-C ignored, which children inherit.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from sandbox.emulator import running_emulator\n"
        "with running_emulator() as emulator:\n"
        "    print(emulator.url, flush=True)\n"
        "    time.sleep(60)\n"
    )
    owner = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert owner.stdout
    url = owner.stdout.readline().strip()
    try:
        assert _answers(url)
        owner.send_signal(end)
        assert _gone(url)
    finally:
        owner.kill()
        owner.wait()
        owner.stdout.close()


def test_the_users_profile_files_proxies_and_keys_have_no_say(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    config = tmp_path / "config"
    config.write_text("this is no configuration file\n[[[", encoding="utf-8")
    for name, value in {
        "AWS_PROFILE": "somebody",
        "AWS_CONFIG_FILE": str(config),
        "AWS_SHARED_CREDENTIALS_FILE": str(config),
        "AWS_ACCESS_KEY_ID": "AKIAREAL",
        "AWS_SECRET_ACCESS_KEY": "real",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_CA_BUNDLE": "/nonexistent/ca.pem",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "MOTO_ACCOUNT_ID": "999999999999",
        "HTTP_PROXY": "http://127.0.0.1:1",
        "http_proxy": "http://127.0.0.1:1",
        "HTTPS_PROXY": "http://127.0.0.1:1",
    }.items():
        monkeypatch.setenv(name, value)
    with running_emulator() as emulator:
        identity = emulator.client("sts", "us-east-1").get_caller_identity()
        emulator.reset()
    assert identity["Account"] == "123456789012"


def test_a_reset_forgets_everything(emulator: Emulator) -> None:
    emulator.ensure_log_group("/ecs/app", "us-east-1")
    emulator.ensure_log_group("/ecs/app", "us-east-1")
    logs = emulator.client("logs", "us-east-1")
    assert len(logs.describe_log_groups()["logGroups"]) == 1
    emulator.reset()
    assert not logs.describe_log_groups()["logGroups"]


def test_what_the_emulator_cannot_do_is_told_with_the_reason(emulator: Emulator) -> None:
    cloudwatch = emulator.client("cloudwatch", "us-east-1")
    with pytest.raises(EmulatorFault, match="cannot do DescribeAlarmHistory: "):
        cloudwatch.describe_alarm_history(AlarmName="a")


def test_a_refused_call_fails_as_aws_would_have_it_and_only_inside_the_block(
    emulator: Emulator,
) -> None:
    sns = emulator.client("sns", "us-east-1")
    with refused(emulator, "CreateTopic", after=1, code="AuthorizationError"):
        sns.create_topic(Name="one")
        with pytest.raises(Exception, match="CreateTopic operation: Rate exceeded") as raised:
            sns.create_topic(Name="two")
    assert error_code(raised.value) == "AuthorizationError"
    sns.create_topic(Name="two")


def test_an_emulator_that_does_not_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sys, "executable", "/bin/false" if os.path.exists("/bin/false") else "false"
    )
    with pytest.raises(EmulatorError, match="did not start"), running_emulator():
        pass
