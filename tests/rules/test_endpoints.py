"""Where notifications may go: webhooks, chat channels and New Relic, by what people write."""

from collections.abc import Mapping
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from ecs_monitoring.rules.chat import SlackChannel, TeamsChannel
from ecs_monitoring.rules.new_relic import (
    METRIC_ENDPOINTS,
    NewRelicDatacenter,
    refuse_distant_key,
    usable_license_key,
)
from ecs_monitoring.rules.urls import is_own_machine, is_private_host, split_url
from ecs_monitoring.rules.webhooks import carries_key, heard_webhook

TENANT = "1234abcd-12ab-34cd-56ef-1234567890ab"
TEAM = "abcd1234-ab12-cd34-ef56-abcdef123456"
CHANNEL = "19%3Aabc123%40thread.tacv2"
LINK = f"https://teams.microsoft.com/l/channel/{CHANNEL}/General?groupId={TEAM}&tenantId={TENANT}"


@pytest.mark.parametrize(
    "url",
    [
        # https://www.pagerduty.com/docs/guides/amazon-cloudwatch-integration-guide/
        "https://events.pagerduty.com/integration/key/enqueue",
        "https://events.eu.pagerduty.com/x-ere/key",
        "https://hooks.slack.com.example.com/services/key",
        "https://example.com/hooks.slack.com/key",
        "https://example.com./",
        "https://example.com",
    ],
)
def test_a_webhook_that_can_confirm_stays_as_it_is(url: str) -> None:
    assert heard_webhook(url) == url


SLACK_IDS = "write the channel's ids in alerts.slack, as {workspace: T…, channel: C…}"
OWN_FUNCTION = (
    "write the https URL of a function of your own that confirms the subscription and passes "
    "notifications on"
)
PAGERDUTY_URL = (
    "write the Integration URL of an Amazon CloudWatch integration, "
    "https://events.pagerduty.com/integration/<key>/enqueue"
)


def unheard(whose: str, instead: str) -> str:
    return (
        f"is {whose}, which never confirms an SNS subscription, so nobody would be notified: "
        + (instead)
    )


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("0123456789abcdef0123456789abcdef", f"is a PagerDuty key and no URL: {PAGERDUTY_URL}"),
        ("http://example.com/", "is no https URL: write https://<host>/<path>"),
        (
            "https://hooks.internal/",
            "is a private host, which SNS cannot reach: write the URL of a public one, or notify "
            "an SQS queue (queues)",
        ),
        ("https://hooks.slack.com./a", unheard("Slack's incoming webhook", SLACK_IDS)),
        ("https://hooks.slack.com", unheard("Slack's incoming webhook", SLACK_IDS)),
        ("https://discord.com/api/v10/webhooks/1/a", unheard("Discord's webhook", OWN_FUNCTION)),
        (
            "https://events.pagerduty.com/v2/enqueue",
            unheard("PagerDuty's Events API", PAGERDUTY_URL),
        ),
        ("https://shop.pagerduty.com/", unheard("a page of PagerDuty", PAGERDUTY_URL)),
    ],
)
def test_a_webhook_that_nobody_would_hear_of(url: str, says: str) -> None:
    with pytest.raises(ValueError, match=r"^is ") as refusal:
        heard_webhook(url)
    assert str(refusal.value) == says


@pytest.mark.parametrize(
    ("value", "carries"),
    [
        ("https://events.pagerduty.com/integration/key/enqueue", True),
        ("see HTTPS://HOOKS.SLACK.COM/services/key", True),
        ("https://api.opsgenie.com/v1/json/amazonsns?apiKey=key", True),
        ("https://notopsgenie.com/", False),
        ("https://example.com/", False),
        ({"a": ["x", {"b": "https://shop.pagerduty.com/"}]}, True),
        ({"https://shop.pagerduty.com/": "x"}, False),
        (["x", 3, None], False),
        (7, False),
        (None, False),
    ],
)
def test_what_has_a_key_in_it_wherever_it_stands(value: Any, carries: bool) -> None:
    assert carries_key(value) is carries


@pytest.mark.parametrize(
    ("model", "fields", "address", "name"),
    [
        (
            SlackChannel,
            {"workspace": "E12345", "channel": "G12345"},
            "E12345/G12345",
            "slack-E12345-G12345",
        ),
        (
            TeamsChannel,
            {"tenant": TENANT, "team": TEAM, "channel": "19:abc123@thread.tacv2"},
            f"{TEAM}/{CHANNEL}",
            f"teams-{TEAM}",
        ),
        # As links have it, however its escapes are written.
        (
            TeamsChannel,
            {"tenant": TENANT, "team": TEAM, "channel": "19%3aabc123%40thread.tacv2"},
            f"{TEAM}/{CHANNEL}",
            f"teams-{TEAM}",
        ),
    ],
)
def test_a_channel_by_its_ids(
    model: type[SlackChannel | TeamsChannel], fields: Mapping[str, str], address: str, name: str
) -> None:
    made = model.model_validate(fields)
    assert (made.address, made.name) == (address, name)


WORKSPACES_ID = (
    "write the workspace's id, such as T0123ABCD; the console of Amazon Q Developer in chat "
    "applications shows it once the workspace is authorized"
)
CHANNELS_ID = (
    "write the channel's id, such as C0456EFGH: the last part of the link that Slack copies "
    "(right-click the channel, Copy, Copy link)"
)
TEAMS_IDS = (
    "the link that Teams copies (⋯ beside the channel, Copy link) is "
    "https://teams.microsoft.com/l/channel/<channel>/<name>?groupId=<team>&tenantId=<tenant>"
)
NO_ID = f"write one such as 1234abcd-12ab-34cd-56ef-1234567890ab; {TEAMS_IDS}"
SUCH_AS = f"write its id, such as 19%3Aabc123%40thread.tacv2; {TEAMS_IDS}"
ARCHIVE = "https://shop.slack.com/archives/C0456EFGH"
CLIENT = "https://app.slack.com/client/T0123ABCD/C0456EFGH/thread"


@pytest.mark.parametrize(
    ("model", "field", "written", "says"),
    [
        (SlackChannel, "workspace", CLIENT, "is a link: write T0123ABCD"),
        (SlackChannel, "workspace", ARCHIVE, f"is a link: {WORKSPACES_ID}"),
        (SlackChannel, "workspace", "https://shop.slack.com/", f"is a link: {WORKSPACES_ID}"),
        (SlackChannel, "workspace", "D0456EFGH", f"is a channel's id: {WORKSPACES_ID}"),
        (SlackChannel, "workspace", "T1234", f"is no workspace's id: {WORKSPACES_ID}"),
        (SlackChannel, "channel", ARCHIVE, "is a link: write C0456EFGH"),
        (SlackChannel, "channel", CLIENT, "is a link: write C0456EFGH"),
        (
            SlackChannel,
            "channel",
            "https://shop.slack.com/archives/D0456EFGH",
            f"is a link, and not to a channel: {CHANNELS_ID}",
        ),
        (
            SlackChannel,
            "channel",
            "D0456EFGH",
            "is a direct message, to which AWS posts nothing: write a channel's id",
        ),
        (SlackChannel, "channel", "T0123ABCD", f"is a workspace's id: {CHANNELS_ID}"),
        (SlackChannel, "channel", "C1234", f"is a channel's name: {CHANNELS_ID}"),
        (TeamsChannel, "tenant", LINK, f"is a link: write {TENANT}"),
        (TeamsChannel, "team", LINK, f"is a link: write {TEAM}"),
        (TeamsChannel, "team", LINK.partition("?")[0] + "?a=b", f"is no team's id: {NO_ID}"),
        (TeamsChannel, "tenant", "acme.com", f"is no tenant's id: {NO_ID}"),
        (TeamsChannel, "channel", LINK, f"is a link: write {CHANNEL}"),
        (TeamsChannel, "channel", "General", f"is a channel's name: {SUCH_AS}"),
        (
            TeamsChannel,
            "channel",
            "https://teams.microsoft.com/",
            f"is a link, and not to a channel: {SUCH_AS}",
        ),
    ],
)
def test_what_people_write_in_the_place_of_an_id(
    model: type[BaseModel], field: str, written: str, says: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        model.model_validate({field: written})
    (said,) = (one["msg"] for one in refusal.value.errors() if one["loc"] == (field,))
    assert said == f"Value error, {says}"


US, EU = NewRelicDatacenter.US, NewRelicDatacenter.EU
US_KEY = "0123456789abcdef0123456789abcdef0123NRAL"
EU_KEY = "eu01xx66c637a29c3982469a3fe8d1982d002c4a"


def test_each_data_center_of_new_relic_has_its_own_endpoint() -> None:
    assert METRIC_ENDPOINTS == {
        "us": "https://aws-api.newrelic.com/cloudwatch-metrics/v1",
        "eu": "https://aws-api.eu01.nr-data.net/cloudwatch-metrics/v1",
    }


@pytest.mark.parametrize(
    ("key", "says"),
    [
        *(
            (
                f"{start}0123",
                f"is {what}, which New Relic takes no metrics with: write a license key (API keys, "
                "type INGEST - LICENSE)",
            )
            for start, what in (
                ("NRAK-", "a user key"),
                ("NRAA-", "an admin key"),
                ("NRII-", "an Insights insert key"),
                ("NRIQ-", "an Insights query key"),
                ("NRJS-", "a browser key"),
            )
        ),
        *(
            (key, "is no license key: write its 40 characters, without blanks")
            for key in ("", "a b", "clé", "a\n")
        ),
    ],
)
def test_a_key_that_new_relic_takes_no_metrics_with(key: str, says: str) -> None:
    with pytest.raises(ValueError, match=r"^is ") as refusal:
        usable_license_key(key)
    assert str(refusal.value) == says


def test_a_key_of_the_other_data_center_is_refused() -> None:
    assert usable_license_key(US_KEY) == US_KEY
    refuse_distant_key(US_KEY, US)
    refuse_distant_key(EU_KEY, EU)
    # Of another form nobody can tell.
    refuse_distant_key(US_KEY[:-1], EU)
    refuse_distant_key(f"{EU_KEY}0", US)
    with pytest.raises(ValueError, match=r"^the license") as refusal:
        refuse_distant_key(EU_KEY.upper(), US)
    assert str(refusal.value) == (
        "the license key is one of the EU data center: write datacenter: eu, or a key of the US"
    )
    with pytest.raises(ValueError, match="the US data center: write datacenter: us, or a key of"):
        refuse_distant_key(US_KEY, EU)


@pytest.mark.parametrize(
    ("host", "own", "private"),
    [
        *((host, True, True) for host in ("localhost", "localhost.", "a.localhost", "127.0.0.1")),
        *((host, True, True) for host in ("127.1", "0.0.0.0", "169.254.1.1", "::1", "fe80::1")),
        *(
            (host, False, True)
            for host in ("10.0.0.1", "192.168.1.1", "web", "a.internal", "a.alt")
        ),
        ("internal-a.elb.amazonaws.com.cn", False, True),
        *((host, False, False) for host in ("8.8.8.8", "example.com", "2606:4700::1111")),
        ("internal-a.elb.example.com", False, False),
        # Stands in for a secret that cannot be read.
        ("a.invalid", False, False),
        ("mylocalhost", False, True),
    ],
)
def test_whose_a_host_is(host: str, own: bool, private: bool) -> None:
    assert (is_own_machine(host), is_private_host(host)) == (own, private)


@pytest.mark.parametrize(
    ("url", "is_taken"),
    [
        ("https://example.com", True),
        ("https://example.com:1/a?b=c#d", True),
        ("https://user@example.com/", True),
        *((f"https://example.com{rest}", False) for rest in (":0", ":65536", ":x", "/a b", "/é")),
        *((url, False) for url in ("http://example.com", "https://", "https://exa mple.com", "x")),
    ],
)
def test_what_is_a_url(url: str, is_taken: bool) -> None:
    parts = split_url(url, ("https",))
    assert (parts.hostname if parts else None) == ("example.com" if is_taken else None)
