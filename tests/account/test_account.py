"""The account that a tool works in: clients, commands, and AWS's refusals in words."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import (  # type: ignore[import-untyped]
    ClientError,
    EndpointConnectionError,
)

from account.account import (
    Account,
    Attempts,
    Caller,
    CommandLine,
    Region,
    error_code,
    every_item,
    in_batches,
    is_refusal,
)
from account.throttling import keep_asking
from tests.account.emulated import answering
from tests.account.recorded import Recorded, refused

ALICE = Caller(arn="arn:aws:iam::1:user/alice", account="1", partition="aws-cn")
EMULATOR = "http://127.0.0.1:5000"


@pytest.mark.parametrize(
    ("profile", "endpoint", "options"),
    [
        (None, None, ""),
        ("ops team", None, " --profile 'ops team'"),
        (None, EMULATOR, f" --endpoint-url {EMULATOR}"),
        ("ops", EMULATOR, f" --profile ops --endpoint-url {EMULATOR}"),
    ],
)
def test_a_command_to_paste(profile: str | None, endpoint: str | None, options: str) -> None:
    line = CommandLine(profile=profile, endpoint_url=endpoint)
    expected = f"aws sns publish --message 'a b' --region eu-west-1{options}"
    assert line.command("sns", "publish", "--message", "a b", region="eu-west-1") == expected
    region = replace(answering(), name="eu-west-1", command_line=line)
    assert region.command("sns", "publish", "--message", "a b") == expected


@pytest.mark.parametrize(
    ("endpoint", "emulator"),
    [
        ("https://monitoring.eu-west-1.amazonaws.com", ""),
        ("https://monitoring.cn-north-1.amazonaws.com.cn", ""),
        ("https://monitoring.eu-west-1.api.aws", ""),
        (EMULATOR, EMULATOR),
        ("https://amazonaws.com.example.com", "https://amazonaws.com.example.com"),
        ("http:", "http:"),
    ],
)
def test_what_answers_in_place_of_aws(endpoint: str, emulator: str) -> None:
    client = Recorded()
    client.meta.endpoint_url = endpoint
    assert replace(answering(), cloudwatch=client).emulator == emulator


class Events:
    """Where handlers of a client's events are kept."""

    def __init__(self) -> None:
        self.handlers: dict[str, Any] = {}

    def register(self, event: str, handler: Any) -> None:
        self.handlers[event] = handler


class Session:
    """A boto3 session whose clients are what they were asked for."""

    def client(self, service: str, **options: Any) -> Any:
        made = SimpleNamespace(service=service, options=options)
        made.meta = SimpleNamespace(events=Events(), endpoint_url="")
        answer = {"Arn": ALICE.arn, "Account": "1", "UserId": "x"}
        made.get_caller_identity = lambda: answer
        return made

    def get_partition_for_region(self, region: str) -> str:
        return {"cn-north-1": "aws-cn"}[region]


def opened(endpoint: str | None = None) -> Account:
    return Account(Session(), CommandLine(profile=None, endpoint_url=endpoint))


@pytest.mark.parametrize("profile", [None, "ops"])
def test_an_account_by_its_profile(profile: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def session(*, profile_name: str | None) -> Session:
        asked.append(profile_name)
        return Session()

    monkeypatch.setattr("account.account.boto3.Session", session)
    region = Account.opened(profile, EMULATOR).region("eu-west-1", ALICE)
    assert asked == [profile]
    assert region.command_line == CommandLine(profile=profile, endpoint_url=EMULATOR)
    assert region.sqs.options["endpoint_url"] == EMULATOR


def test_whose_credentials_are_used() -> None:
    assert opened().caller("cn-north-1") == ALICE


@pytest.mark.parametrize("endpoint", [None, EMULATOR])
def test_a_client(endpoint: str | None) -> None:
    client = opened(endpoint).client("ecs", "eu-west-1")
    config = client.options.pop("config")
    assert (client.service, client.options) == (
        "ecs",
        {"region_name": "eu-west-1", "endpoint_url": endpoint},
    )
    # Longer than SQS's longest poll, of 20 seconds.
    assert (config.connect_timeout, config.read_timeout, config.retries) == (
        5,
        30,
        {"mode": "standard", "total_max_attempts": 4},
    )
    # Where AWS throttles it is asked again.
    assert list(client.meta.events.handlers) == ["needs-retry"]


def test_the_clients_of_a_region() -> None:
    region = opened().region("eu-west-1", ALICE)
    clients = (region.cloudwatch, region.sns, region.sqs, region.kms, region.tagging)
    assert [client.service for client in clients] == [
        "cloudwatch",
        "sns",
        "sqs",
        "kms",
        "resourcegroupstaggingapi",
    ]
    assert {client.options["region_name"] for client in clients} == {"eu-west-1"}
    assert (region.name, region.caller) == ("eu-west-1", ALICE)
    assert region.command_line == CommandLine(profile=None, endpoint_url=None)


UNREACHED = EndpointConnectionError(endpoint_url="https://sns.example.com")


@pytest.mark.parametrize(
    ("error", "code", "is_refused"),
    [
        (refused("AccessDenied", 403), "AccessDenied", True),
        (refused("NotFound", 400), "NotFound", True),
        (refused("Odd", 499), "Odd", True),
        # AWS failed, and may have done it all the same.
        (refused("InternalFailure", 500), "InternalFailure", False),
        (refused("Moved", 301), "Moved", False),
        (refused("Throttling", 400), "Throttling", False),
        (UNREACHED, "", False),
        (ValueError("x"), "", False),
    ],
)
def test_what_is_a_refusal(error: Exception, code: str, is_refused: bool) -> None:
    assert (error_code(error), is_refusal(error)) == (code, is_refused)


def test_every_item_of_every_page() -> None:
    client = Recorded(list_things=[{"things": [1, 2]}, {"things": []}, {"things": [3]}])
    assert list(every_item(client, "list_things", "things", Filter="x")) == [1, 2, 3]
    assert client.asked == [("list_things", {"Filter": "x"})]


@pytest.mark.parametrize(
    ("number", "batches"),
    [(0, []), (2, [[0, 1]]), (3, [[0, 1, 2]]), (4, [[0, 1, 2], [3]]), (6, [[0, 1, 2], [3, 4, 5]])],
)
def test_batches(number: int, batches: list[list[int]]) -> None:
    assert list(in_batches(list(range(number)), 3)) == batches


def raising(error: Exception) -> Any:
    def ask() -> None:
        raise error

    return ask


def test_what_could_not_be_looked_at_is_noted() -> None:
    attempts = Attempts("eu-west-1")
    assert attempts.of("topics", lambda: 5) == 5
    attempts.note("something worth knowing")
    assert attempts.of("queues", raising(refused())) is None
    assert attempts.of("keys", raising(UNREACHED)) is None
    with pytest.raises(ValueError, match="a mistake"):
        attempts.of("rules", raising(ValueError("a mistake")))
    assert attempts.notes == [
        "eu-west-1: something worth knowing",
        "eu-west-1: queues could not be looked at: An error occurred (AccessDenied) when calling "
        "the X operation: no",
        "eu-west-1: keys could not be looked at: Could not connect to the endpoint URL: "
        '"https://sns.example.com"',
    ]


@pytest.mark.parametrize(("more", "ending"), [(0, ""), (1, "…")])
def test_what_is_longer_than_three_hundred_characters_is_cut(more: int, ending: str) -> None:
    beginning = "An error occurred (C) when calling the X operation: "
    message = "x" * (300 - len(beginning))
    error = ClientError({"Error": {"Code": "C", "Message": message + "x" * more}}, "X")
    attempts = Attempts("r")
    attempts.of("it", raising(error))
    assert attempts.notes == [f"r: it could not be looked at: {beginning}{message}{ending}"]


def throttled(code: str = "Throttling") -> Any:
    return (SimpleNamespace(status_code=400), {"Error": {"Code": code}})


@pytest.mark.parametrize(
    ("response", "attempts", "seconds"),
    [
        # Half, by the jitter, of one, two, four seconds and so on, and of twenty at most.
        (throttled(), 1, 0.5),
        (throttled(), 2, 1.0),
        (throttled(), 3, 2.0),
        (throttled(), 5, 8.0),
        (throttled(), 6, 10.0),
        (throttled(), 11, 10.0),
        (throttled(), 12, None),
        (throttled("AccessDenied"), 1, None),
        ((SimpleNamespace(status_code=500), {}), 1, None),
        # No answer at all.
        (None, 1, None),
    ],
)
def test_how_long_is_waited(response: Any, attempts: int, seconds: float | None) -> None:
    client: Any = SimpleNamespace(meta=SimpleNamespace(events=Events()))
    assert keep_asking(client, jitter=lambda: 0.5) is client
    wait = client.meta.events.handlers["needs-retry"]
    assert wait(response=response, attempts=attempts, operation=None) == seconds


def test_a_region_may_have_no_tagging() -> None:
    client = Recorded()
    region = Region(
        name="x",
        caller=ALICE,
        command_line=CommandLine(profile=None, endpoint_url=None),
        cloudwatch=client,
        sns=client,
        sqs=client,
        kms=client,
    )
    assert region.tagging is None
