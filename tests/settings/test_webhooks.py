"""Webhooks carry keys: they are Pulumi secrets, and no message shows what stands in them."""

import json

import pytest

from ops.__main__ import main
from stack.config import read_stack_config
from stack.program import run_program
from tests.components.registered import SUBSCRIPTION, only
from tests.settings.refusal import SECRET, Mistake, problem_at, refused, with_secret

KEY = "T0pS3cretKey"
URL = f"https://events.pagerduty.com/integration/{KEY}/enqueue"
PATH = "alerts.webhooks.critical.pagerduty"


def webhook(value: object) -> str:
    return f"alerts.webhooks.critical={json.dumps({'pagerduty': value})}"


@pytest.mark.slow
def test_a_secret_webhook_is_subscribed_and_stays_secret() -> None:
    config = with_secret(read_stack_config("prod", settings=[webhook(URL)]), "alerts")
    run = run_program(config)
    subscription = only(s for s in run.of_type(SUBSCRIPTION) if s.inputs["protocol"] == "https")
    assert subscription.inputs["endpoint"] == URL
    assert "endpoint" in subscription.secret_inputs
    elsewhere = [found for found in run.registrations if found is not subscription]
    assert KEY not in json.dumps([dict(found.inputs) for found in elsewhere], default=str)
    assert KEY not in json.dumps([found.urn for found in run.registrations])
    assert KEY not in json.dumps([dict(run.exports), run.warnings], default=str)


def test_a_webhook_in_plain_text_is_refused() -> None:
    Mistake(
        webhook(URL),
        PATH,
        SECRET,
        "stands in plain text: write it with pulumi config set --secret --path "
        f"'django-ecs-monitoring:{PATH}'",
    ).check()


def test_the_command_that_makes_it_a_secret_quotes_an_odd_name() -> None:
    error = refused(f"alerts.webhooks.critical={json.dumps({'on call': URL})}")
    path = 'alerts.webhooks.critical["on call"]'
    assert f"--path 'django-ecs-monitoring:{path}'" in problem_at(error, path).fix


@pytest.mark.parametrize("secret", [False, True], ids=["plain", "secret"])
@pytest.mark.parametrize(
    "value",
    [
        KEY,
        "",
        f"http://events.pagerduty.com/{KEY}",
        f"ftp://events.pagerduty.com/{KEY}",
        f"https:///{KEY}",
        f"//events.pagerduty.com/{KEY}",
        f"https://{KEY}.pagerduty com/",
        # What Python's own URL parser trips over, and quotes in its error.
        f"https://[{KEY}",
        f"https://[{KEY}]/",
        f"https://{KEY}\u2100.com/",
        f"https://events.pagerduty.com:{KEY}/",
    ],
)
def test_what_is_no_https_url_is_refused_and_never_shown(value: str, secret: bool) -> None:
    error = refused(webhook(value), secret=secret)
    problem = problem_at(error, PATH)
    assert problem.value == "[secret]"
    assert "is no https URL: write https://<host>/<path>" in problem.fix
    assert KEY not in str(error)
    assert KEY.lower() not in str(error)


@pytest.mark.parametrize(
    "change",
    [
        webhook([URL]),
        webhook({"url": URL}),
        f"alerts.webhooks.critical={URL}",
        f"alerts.webhooks.critical=['{URL}']",
        f"alerts.webhooks={URL}",
        f"alerts.webhooks=['{URL}']",
        f"alerts.webhooks={{urgent: {{pagerduty: '{URL}'}}}}",
        f"alerts.webhook={{critical: {{pagerduty: '{URL}'}}}}",
        f"alerts.pagerduty={URL}",
        f"alerts={URL}",
        f"alerts=['{URL}']",
        f"alert={{webhooks: {{critical: {{pagerduty: '{URL}'}}}}}}",
    ],
)
def test_a_secret_in_the_wrong_place_is_not_shown(change: str) -> None:
    error = refused(change, secret=True)
    assert "pagerduty.com" not in str(error)
    assert KEY not in str(error)


# Each takes messages of its own form alone, as its documentation says.
NEVER_CONFIRM = {
    # https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/
    f"https://hooks.slack.com/services/T00000000/B00000000/{KEY}": "Slack",
    f"https://HOOKS.SLACK.COM/services/T00000000/B00000000/{KEY}": "Slack",
    f"https://hooks.slack.com:443/workflows/{KEY}": "Slack",
    # https://learn.microsoft.com/en-us/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook
    f"https://contoso.webhook.office.com/webhookb2/{KEY}": "Microsoft Teams",
    f"https://prod-08.westeurope.logic.azure.com:443/workflows/{KEY}/triggers": "Microsoft Teams",
    # https://docs.discord.com/developers/resources/webhook
    f"https://discord.com/api/webhooks/123/{KEY}": "Discord",
    f"https://discordapp.com/api/v10/webhooks/123/{KEY}": "Discord",
    # https://developers.google.com/workspace/chat/quickstart/webhooks
    f"https://chat.googleapis.com/v1/spaces/AAAA/messages?key={KEY}": "Google Chat",
    # https://developer.pagerduty.com/docs/send-alert-event
    "https://events.pagerduty.com/v2/enqueue": "PagerDuty",
    f"https://user:{KEY}@events.eu.pagerduty.com/v2/enqueue": "PagerDuty",
    f"https://events.pagerduty.com/{KEY}": "PagerDuty",
    f"https://acme.pagerduty.com/services/{KEY}": "a page of PagerDuty",
}


@pytest.mark.parametrize("url", NEVER_CONFIRM)
def test_a_webhook_that_never_confirms_is_refused_with_what_works(url: str) -> None:
    problem = problem_at(refused(webhook(url), secret=True), PATH)
    assert NEVER_CONFIRM[url] in problem.fix
    assert "never confirms an SNS subscription" in problem.fix
    assert KEY not in str(problem)


@pytest.mark.slow
@pytest.mark.parametrize(
    "url",
    [
        # https://www.pagerduty.com/docs/guides/amazon-cloudwatch-integration-guide/
        URL,
        f"https://events.eu.pagerduty.com/integration/{KEY}/enqueue",
        # https://support.pagerduty.com/main/docs/event-orchestration
        f"https://events.pagerduty.com/x-ere/{KEY}",
        f"https://hooks.slack.com.example.com/services/{KEY}",
        f"https://example.com/hooks.slack.com/{KEY}",
        f"https://discord.com/blog/{KEY}",
    ],
)
def test_a_webhook_that_can_confirm_is_taken(url: str) -> None:
    config = with_secret(read_stack_config("prod", settings=[webhook(url)]), "alerts")
    run = run_program(config)
    assert only(s for s in run.of_type(SUBSCRIPTION) if s.inputs["protocol"] == "https")


@pytest.mark.parametrize("host", ["localhost", "10.0.0.7", "hooks.internal"])
def test_a_webhook_that_sns_cannot_reach_is_refused(host: str) -> None:
    problem = problem_at(refused(webhook(f"https://{host}/{KEY}"), secret=True), PATH)
    assert "is a private host, which SNS cannot reach: write" in problem.fix


@pytest.mark.parametrize(
    ("change", "path", "fix"),
    [
        ("alerts.opsgenie={critical: x}", "alerts.opsgenie", "Opsgenie ends on 2027-04-05"),
        ("alerts.incident_manager=[x]", "alerts.incident_manager", "takes no new customers"),
        ("alerts.pagerduty={critical: x}", "alerts.pagerduty", "write the Integration URL"),
        ("alerts.teams={critical: []}", "alerts.teams", "in microsoft_teams"),
        (
            "alerts.topics.critical=['arn:aws:ssm-incidents:ap-northeast-1:123456789012:r/p']",
            "alerts.topics.critical[0]",
            "is a response plan: Opsgenie ends",
        ),
    ],
)
def test_another_pager_is_pointed_to_what_there_is(change: str, path: str, fix: str) -> None:
    assert fix in problem_at(refused(change), path).fix


@pytest.mark.parametrize("host", ["api.opsgenie.com", "api.eu.opsgenie.com"])
def test_opsgenie_is_refused_with_what_to_use(host: str) -> None:
    # https://support.atlassian.com/opsgenie/docs/integrate-opsgenie-with-amazon-sns-incoming/
    url = f"https://{host}/v1/json/amazonsns?apiKey={KEY}"
    problem = problem_at(refused(webhook(url), secret=True), PATH)
    assert "is Opsgenie: Opsgenie ends on 2027-04-05" in problem.fix
    assert KEY not in str(problem)


@pytest.mark.parametrize(
    "key", ["0123456789abcdef0123456789abcdef", "R" + "0A1B2C3D4E5F6" * 2 + "GHIJK"]
)
def test_a_key_of_pagerduty_alone_is_told_the_url_around_it(key: str) -> None:
    problem = problem_at(refused(webhook(key), secret=True), PATH)
    assert "is a PagerDuty key and no URL: write the Integration URL" in problem.fix
    assert key not in str(problem)


@pytest.mark.slow
@pytest.mark.parametrize(
    "change",
    [f"{PATH}={URL}", webhook(URL), f"alerts={{webhooks: {{critical: {{pagerduty: '{URL}'}}}}}}"],
)
def test_a_webhook_can_be_tried_before_there_is_a_backend(
    change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """``--set`` writes it into no file, so that nothing has to encrypt it."""
    assert main(["preview", "prod", "--set", change, "--json"]) == 0
    printed = capsys.readouterr().out
    (subscription,) = (
        one["inputs"]
        for one in json.loads(printed)["resources"]
        if one["inputs"].get("protocol") == "https"
    )
    assert subscription["endpoint"] == "[secret]"
    assert KEY not in printed


@pytest.mark.slow
def test_a_webhook_that_is_tried_is_warned_of_and_not_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["preview", "prod", "--set", f"{PATH}=https://example.jp/{KEY}"]) == 0
    said = " ".join("".join(capsys.readouterr()).split())
    assert f"{PATH} is tried in plain text: to keep it, write it with pulumi config set" in said
    assert KEY not in said
