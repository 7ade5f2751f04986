"""Routes: a team is told of its alarms, and everybody else's stay where they were."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from stack.program import ProgramRun
from tests.components.registered import (
    COMPOSITE,
    EVENT_RULE,
    EVENT_TARGET,
    KEY,
    QUEUE,
    SLACK,
    SUBSCRIPTION,
    TOPIC,
    TOPIC_POLICY,
    alarms,
    named,
    only,
)
from tests.settings.refusal import (
    ANY,
    NOTHING,
    SECRET,
    Mistake,
    mistakes,
    run_changed,
)

CRITICAL = "django-app-alerts-django-ecs-monitoring-prod-critical"
WARNING = "django-app-alerts-django-ecs-monitoring-prod-warning"
DBA = {"critical": ["dba@shop.jp"], "warning": ["data@shop.jp"]}
ELSEWHERE = "arn:aws:sns:ap-northeast-1:123456789012:data-team"


def run_alarms(*changes: str) -> ProgramRun:
    """Production with a page for each critical alarm."""
    return run_changed("alerts.paging=alarm", *changes)


def routes(**teams: Mapping[str, Any]) -> str:
    return f"alerts.routes={json.dumps(teams)}"


def data(**fields: Any) -> str:
    return routes(data={"alarms": ["rds"], "emails": DBA, **fields})


def told(run: ProgramRun) -> dict[str, list[str]]:
    """Alarm address to the Pulumi names of the topics that it tells; others by their ARN."""
    names = {topic.arn: name for name, topic in named(run, TOPIC).items()}
    return {
        address: [names.get(arn, arn) for arn in alarm.inputs["alarmActions"]]
        for address, alarm in alarms(run).items()
    }


@pytest.mark.slow
def test_a_kind_to_a_team() -> None:
    found = told(run_alarms(data()))
    assert found["rds.cpu-high@main"] == ["alerts.data-warning"]
    assert found["rds.connections-high@main"] == ["alerts.data-critical"]
    assert found["ecs.cpu-high@web"] == ["alerts-warning"]
    teams = {topic for topics in found.values() for topic in topics}
    assert teams == {
        "alerts.data-warning",
        "alerts.data-critical",
        "alerts-warning",
        "alerts-critical",
    }


@pytest.mark.slow
def test_the_names_say_project_stack_and_team() -> None:
    run = run_alarms(data())
    names = {name: topic.inputs["name"] for name, topic in named(run, TOPIC).items()}
    assert names["alerts-critical"] == CRITICAL
    team = names["alerts.data-critical"]
    assert team.startswith("django-app-alerts-django-ecs-monitoring-prod-team-data-")
    assert team.endswith("-critical")
    queues = {queue.inputs["name"] for queue in run.of_type(QUEUE)}
    # Of each severity, the stack's and the team's; events have one of their own.
    assert len({name for name in queues if name.startswith("django-app-alerts-")}) == 4
    assert run.exports["team_topics"] == {
        "data": {
            severity: named(run, TOPIC)[f"alerts.data-{severity}"].arn
            for severity in ("critical", "warning")
        }
    }


@pytest.mark.slow
def test_a_team_without_addresses_for_a_severity_leaves_it_to_everybody() -> None:
    found = told(run_alarms(data(emails={"warning": ["data@shop.jp"]})))
    assert found["rds.cpu-high@main"] == ["alerts.data-warning"]
    assert found["rds.connections-high@main"] == ["alerts-critical"]


@pytest.mark.slow
def test_a_team_with_topics_of_its_own_needs_none_of_the_stacks() -> None:
    run = run_alarms(data(emails={}, topics={"warning": [ELSEWHERE]}))
    found = told(run)
    assert found["rds.cpu-high@main"] == [ELSEWHERE]
    assert found["rds.connections-high@main"] == ["alerts-critical"]
    assert not any(name.startswith("alerts.data") for name in named(run, TOPIC))


@pytest.mark.slow
def test_a_team_with_addresses_and_topics_is_told_by_both() -> None:
    found = told(run_alarms(data(topics={"warning": [ELSEWHERE]})))
    assert found["rds.cpu-high@main"] == ["alerts.data-warning", ELSEWHERE]


@pytest.mark.slow
def test_an_alarm_of_another_team_within_a_kind() -> None:
    run = run_alarms(
        routes(
            data={"alarms": ["rds"], "emails": DBA},
            storage={"alarms": ["rds.storage-low"], "emails": {"critical": ["disk@shop.jp"]}},
        )
    )
    found = told(run)
    assert found["rds.storage-low@main"] == ["alerts.storage-critical"]
    assert found["rds.connections-high@main"] == ["alerts.data-critical"]


@pytest.mark.slow
def test_only_topics_that_are_told_of_something_are_made() -> None:
    """A mail that asks to confirm what nobody will ever send is a mail too many."""
    run = run_alarms(routes(web={"alarms": ["ecs.cpu-high"], "emails": DBA}))
    assert "alerts.web-warning" in named(run, TOPIC)
    assert "alerts.web-critical" not in named(run, TOPIC)
    assert any("team web has addresses for critical alarms" in line for line in run.warnings)


@pytest.mark.slow
def test_recovery_goes_where_the_alarm_went() -> None:
    run = run_alarms(data())
    alarm = alarms(run)["rds.connections-high@main"]
    assert alarm.inputs["okActions"] == alarm.inputs["alarmActions"]


@pytest.mark.slow
def test_alarms_from_outside_tell_the_team_where_they_are() -> None:
    run = run_alarms(
        routes(edge={"alarms": ["health"], "emails": {"critical": ["edge@shop.jp"]}}),
        "health.web.url=https://www.example.com/readyz",
    )
    topics = named(run, TOPIC)
    team = topics["alerts-outside.edge-critical"]
    assert team.inputs["region"] == "us-east-1"
    assert told(run)["health.endpoint-down@web"] == ["alerts-outside.edge-critical"]
    # At home the team has no alarm, and outside nobody else has one.
    assert "alerts.edge-critical" not in topics
    assert "alerts-outside-critical" not in topics


@pytest.mark.slow
def test_a_stack_at_home_where_outside_checks_are_has_no_name_twice() -> None:
    run = run_alarms(
        "aws:region=us-east-1",
        routes(
            outside={"alarms": ["ecs"], "emails": DBA},
            edge={"alarms": ["health"], "emails": {"critical": ["edge@shop.jp"]}},
        ),
        "health.web.url=https://www.example.com/readyz",
    )
    names = [topic.inputs["name"] for topic in named(run, TOPIC).values()]
    assert len(set(names)) == len(names)


@pytest.mark.slow
def test_a_team_of_a_channel() -> None:
    run = run_alarms(
        "alerts.slack={}",
        data(emails={}, slack={"warning": [{"workspace": "T0123ABCD", "channel": "C0789IJKL"}]}),
    )
    channel = only(run.of_type(SLACK))
    assert channel.inputs["snsTopicArns"] == [named(run, TOPIC)["alerts.data-warning"].arn]
    assert told(run)["rds.cpu-high@main"] == ["alerts.data-warning"]


@pytest.mark.slow
def test_one_channel_of_everybody_and_of_a_team() -> None:
    ops = {"workspace": "T0123ABCD", "channel": "C0456EFGH"}
    run = run_alarms(data(slack={"warning": [ops]}))
    names = {topic.arn: name for name, topic in named(run, TOPIC).items()}
    heard = [names[arn] for arn in only(run.of_type(SLACK)).inputs["snsTopicArns"]]
    assert heard == ["alerts-critical", "alerts-warning", "alerts.data-warning"]


@pytest.mark.slow
def test_a_teams_webhook_stays_secret() -> None:
    url = "https://events.pagerduty.com/integration/T0pS3cret/enqueue"
    run = run_alarms(data(emails={}, webhooks={"critical": {"pager": url}}))
    (webhook,) = (s for s in run.of_type(SUBSCRIPTION) if s.inputs["protocol"] == "https")
    assert webhook.inputs["endpoint"] == url
    assert "endpoint" in webhook.secret_inputs
    assert "T0pS3cret" not in json.dumps([r.urn for r in run.registrations])


@pytest.mark.slow
def test_an_incident_pages_the_team_of_its_target() -> None:
    run = run_changed(data())
    names = {topic.arn: name for name, topic in named(run, TOPIC).items()}
    pages = {
        composite.name: [names[arn] for arn in composite.inputs.get("alarmActions") or ()]
        for composite in run.of_type(COMPOSITE)
    }
    assert pages["incidents.rds.main"] == ["alerts.data-critical"]
    assert pages["incidents.rds.main.foreseen"] == ["alerts.data-critical"]
    assert pages["incidents.ecs.web"] == ["alerts-critical"]
    # The trail of single alarms goes to whoever has them, too.
    assert told(run)["rds.connections-high@main"] == ["alerts.data-warning"]
    assert told(run)["ecs.tasks-low@web"] == ["alerts-warning"]


@pytest.mark.slow
def test_incidents_alone_to_a_team() -> None:
    """Their address is a pattern as any alarm's."""
    run = run_changed(
        data(alarms=["incident.rds"]), "health.web.url=https://www.example.com/readyz"
    )
    names = {topic.arn: name for name, topic in named(run, TOPIC).items()}
    pages = {
        composite.name: [names[arn] for arn in composite.inputs.get("alarmActions") or ()]
        for composite in run.of_type(COMPOSITE)
    }
    assert pages["incidents.rds.main"] == ["alerts.data-critical"]
    assert pages["incidents-outside.health.web"] == ["alerts-outside-critical"]
    assert told(run)["rds.connections-high@main"] == ["alerts-warning"]


@pytest.mark.slow
def test_the_incident_of_an_outside_check_to_a_team() -> None:
    run = run_changed(
        data(alarms=["incident.health"]), "health.web.url=https://www.example.com/readyz"
    )
    names = {topic.arn: name for name, topic in named(run, TOPIC).items()}
    (page,) = (c for c in run.of_type(COMPOSITE) if c.name == "incidents-outside.health.web")
    assert [names[arn] for arn in page.inputs["alarmActions"]] == ["alerts-outside.data-critical"]
    assert told(run)["health.endpoint-down@web"] == ["alerts-outside-warning"]


@pytest.mark.slow
def test_an_incident_is_no_single_alarm_of_a_team() -> None:
    """The team of one rule gets its trail; the page is of the whole target."""
    run = run_changed(data(alarms=["rds.storage-low"]))
    topics = named(run, TOPIC)
    assert "alerts.data-critical" not in topics
    assert told(run)["rds.storage-low@main"] == ["alerts.data-warning"]
    assert any("team data has addresses for critical alarms" in line for line in run.warnings)


@mistakes(
    {
        "no such kind": Mistake(
            data(alarms=["rsd"]), "alerts.routes.data.alarms[0]", "rsd", 'did you mean "rds"?'
        ),
        "no such target": Mistake(
            data(alarms=["@mian"]), "alerts.routes.data.alarms[0]", "@mian", 'did you mean "@main"?'
        ),
        "no such key": Mistake(
            data(alarms=["rds.cpu"]),
            "alerts.routes.data.alarms[0]",
            "rds.cpu",
            "no alarm or event of the stack is meant",
        ),
        "lost notifications": Mistake(
            data(alarms=["delivery"]),
            "alerts.routes.data.alarms[0]",
            "delivery",
            "told of its own lost notifications anyway, on its other topic, beside the stack's",
        ),
        "an incident, where none pages": Mistake(
            data(alarms=["incident.rds"]),
            "alerts.routes.data.alarms[0]",
            "incident.rds",
            "no incident does: write django-ecs-monitoring:alerts.paging: incident, or a kind",
            besides=("alerts.paging=alarm",),
        ),
        "no such incident": Mistake(
            data(alarms=["incident.rsd"]),
            "alerts.routes.data.alarms[0]",
            "incident.rsd",
            'did you mean "incident.rds"?',
            besides=("alerts.paging=incident",),
        ),
        "an event that is off": Mistake(
            data(alarms=["rds.failover"]),
            "alerts.routes.data.alarms[0]",
            "rds.failover",
            "no alarm or event of the stack is meant",
            besides=("events.rds.all={enabled: false}",),
        ),
        "two teams with an event alike": Mistake(
            routes(
                a={"alarms": ["rds.failover"], "emails": DBA},
                b={"alarms": ["rds.failover"], "emails": DBA},
            ),
            "alerts.routes",
            NOTHING,
            "rds.failover@main belongs to a (rds.failover) as much as to b (rds.failover)",
        ),
        "no pattern": Mistake(
            data(alarms=["rds cpu"]), "alerts.routes.data.alarms[0]", "rds cpu", "names no alarms"
        ),
        "an alarm that is off": Mistake(
            data(alarms=["rds.cpu-high"]),
            "alerts.routes.data.alarms[0]",
            "rds.cpu-high",
            "no alarm or event of the stack is meant",
            besides=("alarms.rds.cpu-high={enabled: false}",),
        ),
        "no alarms": Mistake(
            data(alarms=[]), "alerts.routes.data.alarms", [], "write 1 or more entries"
        ),
        "nobody": Mistake(data(emails={}), "alerts.routes.data", NOTHING, "tells nobody: add an"),
        "two teams alike": Mistake(
            routes(a={"alarms": ["rds"], "emails": DBA}, b={"alarms": ["rds"], "emails": DBA}),
            "alerts.routes",
            NOTHING,
            "belongs to a (rds) as much as to b (rds): write a more exact one, such as rds.",
        ),
        "a team's name": Mistake(
            'alerts.routes={"data team": {alarms: [rds]}}',
            'alerts.routes["data team"]',
            "data team",
            "is no name for a team: write up to 40 letters",
        ),
        "an address that is none": Mistake(
            data(emails={"critical": ["dba"]}),
            "alerts.routes.data.emails.critical[0]",
            "dba",
            "is no email address",
        ),
        "a topic of another region": Mistake(
            data(topics={"warning": ["arn:aws:sns:eu-west-1:123456789012:data"]}),
            "alerts.routes.data.topics.warning[0]",
            "arn:aws:sns:eu-west-1:123456789012:data",
            "an alarm reaches only topics of its own region",
        ),
        "a queue of another partition": Mistake(
            data(queues={"warning": ["arn:aws-cn:sqs:cn-north-1:123456789012:data"]}),
            "alerts.routes.data.queues.warning[0]",
            ANY,
            "is in the partition aws-cn",
        ),
        "a webhook in plain text": Mistake(
            data(webhooks={"critical": {"pager": "https://x.shop.jp/1"}}),
            "alerts.routes.data.webhooks.critical.pager",
            SECRET,
            "stands in plain text: write it with pulumi config set --secret",
        ),
        "what everybody has": Mistake(
            data(encryption=True), "alerts.routes.data.encryption", ANY, "unknown key"
        ),
    }
)
def test_a_mistake_is_refused_with_what_to_write(mistake: Mistake) -> None:
    mistake.check()


@pytest.mark.slow
def test_a_severity_that_teams_have_altogether_warns_of_nobody() -> None:
    everything = {"alarms": ["*"], "emails": DBA}
    run = run_alarms("alerts.emails={}", "alerts.slack={}", routes(all=everything))
    assert not any("nobody is notified of critical" in line for line in run.warnings)
    assert "alerts-critical" not in named(run, TOPIC)
    # The reminder of the review goes to the stack's own topic, and to nobody there.
    assert any("nobody is notified of warning" in line for line in run.warnings)


@pytest.mark.slow
@pytest.mark.parametrize("team", ["critical", "warning"])
def test_a_team_called_like_a_severity(team: str) -> None:
    run = run_alarms(routes(**{team: {"alarms": ["rds"], "emails": DBA}}))
    names = [topic.inputs["name"] for topic in run.of_type(TOPIC)]
    assert len(set(names)) == len(names) == 4


def events(run: ProgramRun) -> dict[str, list[str]]:
    """Pulumi name of each event's rule to the Pulumi names of the topics that it tells."""
    names = {topic.arn: name for name, topic in named(run, TOPIC).items()}
    rules = {rule.inputs["name"]: rule.name for rule in run.of_type(EVENT_RULE)}
    heard: dict[str, list[str]] = {}
    for target in run.of_type(EVENT_TARGET):
        arn = target.inputs["arn"]
        heard.setdefault(rules[target.inputs["rule"]], []).append(names.get(arn, arn))
    return heard


@pytest.mark.slow
def test_events_of_a_kind_to_a_team() -> None:
    heard = events(run_alarms(data()))
    assert heard["events.rds.failover--data"] == ["alerts.data-warning"]
    assert heard["events.ecs.deployment-failed"] == ["alerts-warning"]
    assert "events.rds.failover" not in heard


@pytest.mark.slow
def test_an_event_of_one_target_to_a_team() -> None:
    """The rule of everybody keeps its name, and no longer takes what the team is told of."""
    run = run_alarms(
        "ecs.batch={cluster: jobs, service: nightly}",
        routes(jobs={"alarms": ["@batch"], "emails": DBA}),
    )
    heard, rules = events(run), named(run, EVENT_RULE)
    assert heard["events.ecs.deployment-failed"] == ["alerts-warning"]
    assert heard["events.ecs.deployment-failed--jobs"] == ["alerts.jobs-warning"]
    everybody = rules["events.ecs.deployment-failed"].inputs
    team = rules["events.ecs.deployment-failed--jobs"].inputs
    assert ("nightly" in everybody["eventPattern"], "nightly" in team["eventPattern"]) == (
        False,
        True,
    )
    assert "django-app-service" in everybody["eventPattern"]
    assert "django-app-service" not in team["eventPattern"]
    assert everybody["name"] == "events-django-ecs-monitoring-prod-ecs-deployment-failed"
    assert team["name"] == "events-django-ecs-monitoring-prod-ecs-deployment-failed--jobs"


@pytest.mark.slow
def test_an_event_by_its_key() -> None:
    heard = events(run_alarms(data(alarms=["rds.failover"])))
    assert heard["events.rds.failover--data"] == ["alerts.data-warning"]
    assert heard["events.rds.maintenance"] == ["alerts-warning"]


@pytest.mark.slow
def test_an_event_of_a_severity_for_which_the_team_has_nobody() -> None:
    heard = events(run_alarms(data(emails={"critical": ["dba@shop.jp"]})))
    assert heard["events.rds.failover"] == ["alerts-warning"]


@pytest.mark.slow
def test_an_event_to_the_teams_given_topics() -> None:
    run = run_alarms(data(emails={}, topics={"warning": [ELSEWHERE]}))
    assert events(run)["events.rds.failover--data"] == [ELSEWHERE]
    # What EventBridge could not hand over is watched all the same.
    assert told(run)["delivery.events-failed@data-warning"] == ["alerts-critical"]
    assert told(run)["delivery.dead-letters@data-warning/events"] == ["alerts-critical"]
    assert "delivery.notifications-failed@data-warning" in run.exports["omitted_alarms"]


@pytest.mark.slow
def test_only_topics_of_teams_with_events_let_eventbridge_in() -> None:
    run = run_alarms(data(), "alerts.encryption=true")
    topics = named(run, TOPIC)
    policies = {p.inputs["arn"]: p.inputs["policy"] for p in run.of_type(TOPIC_POLICY)}
    let_in = {name for name, t in topics.items() if "events.amazonaws.com" in policies[t.arn]}
    assert let_in == {"alerts-warning", "alerts.data-warning"}
    assert "events.amazonaws.com" in only(run.of_type(KEY)).inputs["policy"]


@pytest.mark.slow
def test_a_key_lets_eventbridge_in_for_a_teams_events_alone() -> None:
    everything = {"alarms": ["*"], "emails": DBA}
    run = run_alarms("review={}", "alerts.encryption=true", routes(all=everything))
    assert "alerts-warning" not in named(run, TOPIC)
    assert "events.amazonaws.com" in only(run.of_type(KEY)).inputs["policy"]


@pytest.mark.slow
def test_what_a_team_is_not_handed_is_told_on_the_other_severity() -> None:
    heard = told(run_alarms(data()))
    both = ["alerts-critical", "alerts.data-critical"]
    assert heard["delivery.events-failed@data-warning"] == both
    assert heard["delivery.dead-letters@data-warning/events"] == both
    assert "delivery.events-failed@data-critical" not in heard


@pytest.mark.slow
def test_events_of_a_team_alone_are_a_use_of_its_addresses() -> None:
    run = run_alarms(data(alarms=["rds.failover"], emails={"warning": ["data@shop.jp"]}))
    assert not any("team data" in line for line in run.warnings)
    assert "alerts.data-warning" in named(run, TOPIC)
