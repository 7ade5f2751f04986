"""What was found out about a stack that is to be deployed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Standing(StrEnum):
    """How one question was answered, the worst first."""

    MISSING = "missing"
    """The alarm would not work, or something else would be lost: to be put right first."""

    UNKNOWN = "unknown"
    """It could not be looked at."""

    NOTE = "note"
    """Nothing is wrong, but somebody should know."""

    FOUND = "found"
    """It is there, as it should be."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to one question.

    Attributes:
        verdict: how it is.
        words: what was seen, in words; empty where nothing needs to be said.
    """

    verdict: Standing
    words: str = ""

    @classmethod
    def worst(cls, answers: Iterable["Answer"]) -> "Answer":
        """Several answers to one question as one: the worst verdict, and what all of them say."""
        given = sorted(answers, key=lambda answer: list(Standing).index(answer.verdict))
        if not given:
            return FOUND
        said = dict.fromkeys(answer.words for answer in given if answer.words)
        return cls(verdict=given[0].verdict, words="; ".join(said))


FOUND = Answer(verdict=Standing.FOUND)
"""It is there."""


def missing(words: str) -> Answer:
    """Something is missing."""
    return Answer(verdict=Standing.MISSING, words=words)


def unknown(words: str) -> Answer:
    """Something could not be looked at."""
    return Answer(verdict=Standing.UNKNOWN, words=words)


def note(words: str) -> Answer:
    """Something to know."""
    return Answer(verdict=Standing.NOTE, words=words)


@dataclass(frozen=True, kw_only=True)
class VerifiedAlarm:
    """One alarm that would be deployed.

    Attributes:
        address: as in the stack's exports.
        name: in CloudWatch.
        region: where it would be.
        exists: whether what it names exists.
        data: whether its metrics have data with exactly its dimensions.
        notified: whether its topics are there and somebody is notified of them.
        free: whether its name is free, or this stack's.
    """

    address: str
    name: str
    region: str
    exists: Answer
    data: Answer
    notified: Answer
    free: Answer

    @property
    def answers(self) -> Mapping[str, Answer]:
        """Question to answer."""
        return {
            "exists": self.exists,
            "data": self.data,
            "notified": self.notified,
            "free": self.free,
        }

    def as_json(self) -> dict[str, Any]:
        """The alarm for scripts."""
        answers = {
            question: {"verdict": answer.verdict.value, "words": answer.words}
            for question, answer in self.answers.items()
        }
        return {"address": self.address, "name": self.name, "region": self.region, **answers}


@dataclass(frozen=True, kw_only=True)
class VerifiedThing:
    """Something else of the stack: a log group, a filter, a dashboard, a queue.

    Attributes:
        what: what it is, with its name.
        region: where it would be.
        answer: how it is.
    """

    what: str
    region: str
    answer: Answer

    def as_json(self) -> dict[str, Any]:
        """The thing for scripts."""
        return {
            "what": self.what,
            "region": self.region,
            "verdict": self.answer.verdict.value,
            "words": self.answer.words,
        }


@dataclass(frozen=True, kw_only=True)
class Verification:
    """What was found out about all of a stack.

    Attributes:
        account: the account's id.
        alarms: by region, then by address.
        things: everything else.
        notes: what could not be looked at, and why, in words.
    """

    account: str
    alarms: tuple[VerifiedAlarm, ...]
    things: tuple[VerifiedThing, ...]
    notes: tuple[str, ...]

    @property
    def answers(self) -> list[Answer]:
        """Every answer."""
        of_alarms = [answer for alarm in self.alarms for answer in alarm.answers.values()]
        return [*of_alarms, *(thing.answer for thing in self.things)]

    def count(self, verdict: Standing) -> int:
        """How many questions were answered so."""
        return sum(answer.verdict is verdict for answer in self.answers)

    @property
    def is_sure(self) -> bool:
        """Whether everything could be looked at and nothing is missing."""
        wrong = (Standing.MISSING, Standing.UNKNOWN)
        return not (self.notes or any(answer.verdict in wrong for answer in self.answers))

    def as_json(self) -> dict[str, Any]:
        """Everything for scripts."""
        return {
            "account": self.account,
            "alarms": [alarm.as_json() for alarm in self.alarms],
            "things": [thing.as_json() for thing in self.things],
            "counts": {verdict.value: self.count(verdict) for verdict in Standing},
            "notes": list(self.notes),
        }
