"""A stack for New Relic: one NRQL alert condition a file, for Terraform."""

from collections.abc import Iterator
from typing import Final

from exports.monitoring import StackMonitoring
from exports.new_relic.conditions import condition, differences, judgement
from exports.pairs import Judged, paired
from exports.result import Carried, Export, LeftOut, NotCarriedError, unread
from exports.system import Chosen, System
from exports.texts import file_name, json_text, stable_id

PROVIDER: Final = "provider.tf.json"
_RESOURCE: Final = "newrelic_nrql_alert_condition"


def write(monitoring: StackMonitoring, chosen: Chosen) -> Export:
    """The export."""
    files = {PROVIDER: json_text(_PROVIDER)}
    carried: list[Carried] = []
    left_out = unread(monitoring)
    for judged in paired(monitoring.rules):
        try:
            made = condition(judged, monitoring)
        except NotCarriedError as error:
            left_out += judged.left_out(str(error))
            continue
        name = file_name(judged.first.rule.address, "tf.json")
        files[name] = json_text({"resource": {_RESOURCE: {_id(judged, monitoring): made}}})
        carried += judged.carried(name, judgement, differences)
    return Export(
        system="new-relic",
        monitoring=monitoring,
        files=files,
        carried=tuple(carried),
        left_out=(*left_out, *_never_carried(monitoring)),
        notes=_NOTES,
    )


def _id(judged: Judged, monitoring: StackMonitoring) -> str:
    address = judged.first.rule.address
    return stable_id(monitoring.project, monitoring.stack, address, length=64)


def _never_carried(monitoring: StackMonitoring) -> Iterator[LeftOut]:
    for composite in monitoring.composites:
        yield LeftOut(
            item=composite.item,
            reason="a compound condition names others by ids that New Relic gives them: write it "
            "there once they are",
        )
    for log_filter in monitoring.log_filters:
        yield LeftOut(
            item=log_filter.item,
            reason=f"it stays in AWS and makes the metric {log_filter.metric}, which the stream "
            "sends",
        )
    for placed in monitoring.panels:
        yield LeftOut(
            item=placed.item,
            reason="only what alarms read is streamed, and conditions alone are written; New Relic "
            "draws each condition's signal beside it",
        )


_PROVIDER: Final = {
    "terraform": {"required_providers": {"newrelic": {"source": "newrelic/newrelic"}}},
    "variable": {
        "policy_id": {
            "type": "string",
            "description": "The alert policy that the conditions belong to.",
        }
    },
}

_NOTES: Final = (
    "No condition has been seen by New Relic: no account was used, and nobody but New Relic can "
    "read NRQL. What is written here is held against a grammar of this project's own. Try each "
    "query in the query builder before anybody relies on it.",
    "The conditions read what the stack's metric stream sends (the setting new_relic): without it "
    "they have no signal.",
    "New Relic notifies of warnings only where a workflow of the policy asks for them.",
)

SYSTEM: Final = System(
    name="new-relic",
    title="New Relic",
    summary="NRQL alert conditions for Terraform",
    description=(
        "Write one NRQL alert condition a file, in Terraform's JSON "
        "(newrelic_nrql_alert_condition), over the metrics that the stack's metric stream sends. "
        "A critical and a warning alarm on one signal are one condition."
    ),
    write=write,
)
