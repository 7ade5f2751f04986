"""Keeps alarm mute rules, which the emulator does not have, and answers for them.

Operations and answers are those of CloudWatch's own model:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ecs_monitoring.cloudwatch.mute import MuteSchedule
from sandbox.answering import Answer, RequestRefusedError, answered, remember_requests, request_of
from sandbox.tags import from_pairs, pairs

_ARN: Final = ":alarm-mute-rule:"
_PAGE: Final = 100


@dataclass
class _Kept:
    request: dict[str, Any]
    tags: dict[str, str]
    updated: datetime

    @property
    def fields(self) -> dict[str, Any]:
        """What GetAlarmMuteRule tells besides the rule's ARN."""
        schedule = self.schedule
        now = int(datetime.now(UTC).timestamp())
        window = schedule.next_window(now)
        status = "EXPIRED" if window is None else "ACTIVE" if window.start <= now else "SCHEDULED"
        names = ("Name", "Description", "Rule", "MuteTargets", "StartDate", "ExpireDate")
        return {
            **{name: self.request[name] for name in names if name in self.request},
            "Status": status,
            "MuteType": "ONE_TIME" if schedule.is_once else "RECURRING",
            "LastUpdatedTimestamp": self.updated,
        }

    @property
    def schedule(self) -> MuteSchedule:
        schedule = self.request["Rule"]["Schedule"]
        return MuteSchedule.parsed(
            schedule["Expression"], schedule["Duration"], schedule.get("Timezone", "UTC")
        )


class MuteRules:
    """The mute rules of one emulator, by region and name.

    A rule over an alarm that does not exist is refused: AWS's model says that the names "must
    match existing alarms", and not what happens otherwise.
    """

    def __init__(self, account: str) -> None:
        self._account = account
        self._lock = threading.Lock()
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._answers: Mapping[str, Callable[[Any, Mapping[str, Any]], dict[str, Any] | None]] = {
            "PutAlarmMuteRule": self._put,
            "GetAlarmMuteRule": self._get,
            "ListAlarmMuteRules": self._list,
            "DeleteAlarmMuteRule": self._delete,
            "ListTagsForResource": self._tags,
            "TagResource": self._tag,
            "UntagResource": self._untag,
        }

    def answer_for(self, client: Any) -> None:
        """Have a CloudWatch client's calls that are about mute rules answered here."""

        def answer(model: Any, context: Mapping[str, Any], **_: Any) -> Answer | None:
            return self.ask(model.name, client, request_of(context))

        remember_requests(client)
        client.meta.events.register("before-call", answer)

    def forget(self) -> None:
        """Have no rules any more."""
        with self._lock:
            self._kept.clear()

    def ask(self, operation: str, client: Any, request: Mapping[str, Any]) -> Answer | None:
        """The answer to an operation of a client; ``None`` where the emulator has one."""
        known = self._answers.get(operation)
        return answered(lambda: known(client, request)) if known else None

    def _put(self, client: Any, request: Mapping[str, Any]) -> dict[str, Any]:
        names = list(request.get("MuteTargets", {}).get("AlarmNames", ()))
        described = client.describe_alarms(
            AlarmNames=names, AlarmTypes=["MetricAlarm", "CompositeAlarm"], MaxRecords=_PAGE
        )
        alarms = (*described.get("MetricAlarms", ()), *described.get("CompositeAlarms", ()))
        if missing := sorted(set(names) - {alarm["AlarmName"] for alarm in alarms}):
            raise RequestRefusedError(
                "ValidationError", f"there are no alarms {', '.join(missing)}"
            )
        now = datetime.now(UTC)
        kept = _Kept(dict(request), from_pairs(request.get("Tags", ())), now)
        try:
            assert kept.schedule
        except ValueError as error:
            raise RequestRefusedError("ValidationError", f"the schedule {error}") from None
        with self._lock:
            before = self._kept.get((client.meta.region_name, request["Name"]))
            # Tags are those of the creation, as with alarms; further ones have calls of their own.
            kept.tags = before.tags if before else kept.tags
            self._kept[client.meta.region_name, request["Name"]] = kept
        return {}

    def _get(self, client: Any, request: Mapping[str, Any]) -> dict[str, Any]:
        name = request["AlarmMuteRuleName"]
        kept = self._find(client, name)
        return {**kept.fields, "AlarmMuteRuleArn": self._arn(client, name)}

    def _list(self, client: Any, request: Mapping[str, Any]) -> dict[str, Any]:
        region = client.meta.region_name
        with self._lock:
            rules = sorted((key[1], kept) for key, kept in self._kept.items() if key[0] == region)
        wanted, statuses = request.get("AlarmName"), request.get("Statuses")
        summaries = [
            {
                "AlarmMuteRuleArn": self._arn(client, name),
                **{n: fields[n] for n in _SUMMARY if n in fields},
            }
            for name, kept in rules
            if (fields := kept.fields)
            and (not statuses or fields["Status"] in statuses)
            and (wanted is None or wanted in fields.get("MuteTargets", {}).get("AlarmNames", ()))
        ]
        start, size = int(request.get("NextToken", 0)), request.get("MaxRecords", _PAGE)
        rest = {"NextToken": str(start + size)} if start + size < len(summaries) else {}
        return {"AlarmMuteRuleSummaries": summaries[start : start + size], **rest}

    def _delete(self, client: Any, request: Mapping[str, Any]) -> dict[str, Any]:
        with self._lock:
            self._kept.pop((client.meta.region_name, request["AlarmMuteRuleName"]), None)
        return {}

    def _tags(self, client: Any, request: Mapping[str, Any]) -> dict[str, Any] | None:
        kept = self._by_arn(client, request)
        if kept is None:
            return None
        return {"Tags": pairs(kept.tags)}

    def _tag(self, client: Any, request: Mapping[str, Any]) -> dict[str, Any] | None:
        kept = self._by_arn(client, request)
        if kept is None:
            return None
        kept.tags |= from_pairs(request["Tags"])
        return {}

    def _untag(self, client: Any, request: Mapping[str, Any]) -> dict[str, Any] | None:
        kept = self._by_arn(client, request)
        if kept is None:
            return None
        for key in request["TagKeys"]:
            kept.tags.pop(key, None)
        return {}

    def _by_arn(self, client: Any, request: Mapping[str, Any]) -> _Kept | None:
        _, is_rule, name = str(request["ResourceARN"]).partition(_ARN)
        return self._find(client, name) if is_rule else None

    def _find(self, client: Any, name: str) -> _Kept:
        with self._lock:
            kept = self._kept.get((client.meta.region_name, name))
        if kept is None:
            raise RequestRefusedError(
                "ResourceNotFoundException", f"there is no alarm mute rule {name}"
            )
        return kept

    def _arn(self, client: Any, name: str) -> str:
        return f"arn:aws:cloudwatch:{client.meta.region_name}:{self._account}{_ARN}{name}"


_SUMMARY: Final = ("ExpireDate", "Status", "MuteType", "LastUpdatedTimestamp")
