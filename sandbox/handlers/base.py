"""What a resource type's handler tells about the type and does at AWS."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar

from sandbox.clients import AwsError, Clients, error_code
from sandbox.tags import Tagging
from sandbox.wire import UNKNOWN, Properties

T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    """Where in AWS a resource is.

    Attributes:
        clients: what reaches the emulator.
        region: the region's name.
    """

    clients: Clients
    region: str

    def client(self, service: str) -> Any:
        """The boto3 client of a service here."""
        return self.clients.client(service, self.region)


def as_it_is(value: Any) -> Any:
    """A value for comparing; an empty one is none at all."""
    return None if value in ("", [], {}) else value


def as_json(value: Any) -> Any:
    """A JSON document for comparing, however it is written."""
    return json.loads(value) if isinstance(value, str) and value else as_it_is(value)


def as_text(value: Any) -> str:
    """An attribute's value as SNS and SQS take them."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def as_set(value: Any) -> Any:
    """A list whose order means nothing, for comparing."""
    if isinstance(value, list):
        return as_it_is(sorted(value, key=_sort_key))
    return as_it_is(value)


def _sort_key(item: Any) -> str:
    return json.dumps(item, sort_keys=True, default=repr)


@dataclass(frozen=True, kw_only=True)
class Property:
    """One input of a resource type.

    Attributes:
        required: whether the type cannot do without it.
        replaces: whether a change needs another resource in place of this one.
        computed: whether AWS has a value of its own where none is given, which is then no
            difference.
        default: the value that stands for "not given", to the provider or to AWS.
        local: whether AWS never gets it; it stays in Pulumi's state.
        form: the form in which two values are compared.
    """

    required: bool = False
    replaces: bool = False
    computed: bool = False
    default: Any = None
    local: bool = False
    form: Callable[[Any], Any] = as_it_is

    def comparable(self, value: Any) -> Any:
        """A value, or the default for none, as it is compared."""
        if value is UNKNOWN:
            return value
        return self.form(self.default if value is None else value)

    def same(self, before: Any, after: Any) -> bool:
        """Whether two values mean the same to AWS."""
        return bool(self.comparable(before) == self.comparable(after))


TAGS: Final = Property()
"""The tags of a type that can carry some."""

REGION: Final = Property(replaces=True, computed=True)
"""The region argument that pulumi-aws 7 gives every regional resource."""


class Handler(ABC):
    """One resource type at AWS.

    Attributes:
        type: its token, such as ``aws:sns/topic:Topic``.
        inputs: its inputs by their names on the wire; the region argument comes by itself.
        outputs: further properties, which only AWS can tell.
        named: the input that the provider makes up a name for where none is given.
        tagging: how it is tagged, where it can be.
        regional: whether it is in a region at all.
        limitations: what is not as in AWS, because the emulator is not.
    """

    type: ClassVar[str]
    inputs: ClassVar[Mapping[str, Property]]
    outputs: ClassVar[frozenset[str]] = frozenset()
    named: ClassVar[str] = ""
    tagging: ClassVar[Tagging | None] = None
    regional: ClassVar[bool] = True
    limitations: ClassVar[tuple[str, ...]] = ()

    @property
    def checked_inputs(self) -> Mapping[str, Property]:
        """The inputs, and what the provider's check puts beside them: default and own tags."""
        return {**self.inputs, "tagsAll": TAGS} if self.tagging else self.inputs

    @property
    def all_inputs(self) -> Mapping[str, Property]:
        """The checked inputs, the region argument included."""
        return {**self.checked_inputs, "region": REGION} if self.regional else self.checked_inputs

    @abstractmethod
    def create(self, aws: Place, inputs: Properties) -> str:
        """Create a resource and tell its id; one call, so that it is there or it is not."""

    def complete(  # noqa: B027 (most types need nothing more)
        self, aws: Place, id_: str, inputs: Properties
    ) -> None:
        """Do what a new resource still lacks, where AWS needs further calls for it."""

    @abstractmethod
    def read(self, aws: Place, id_: str, state: Properties) -> Properties | None:
        """Every input and output as AWS tells it, but tags; ``None`` where the resource is gone."""

    @abstractmethod
    def update(self, aws: Place, id_: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Bring a resource to other inputs, but for its tags."""

    @abstractmethod
    def delete(self, aws: Place, id_: str, state: Properties) -> None:
        """Delete a resource; one that is gone already is no error."""


def unless_gone(call: Callable[[], T], *codes: str) -> T | None:
    """What a call answers; ``None`` where there is not, or no longer, what it is about.

    Args:
        call: to a service.
        codes: of the errors by which the service says so; any other error stands.
    """
    try:
        return call()
    except AwsError as error:
        if error_code(error) in codes:
            return None
        raise


def from_api(fields: Mapping[str, str], answer: Mapping[str, Any]) -> Properties:
    """The properties that an answer of AWS's gives, by their names on Pulumi's wire.

    Args:
        fields: each property's name to what the API calls it.
        answer: of the API.
    """
    return {name: answer[api] for name, api in fields.items() if answer.get(api) not in _NOTHING}


def to_api(fields: Mapping[str, str], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a call that inputs give; ``fields`` as of ``from_api``."""
    return {api: inputs[name] for name, api in fields.items() if inputs.get(name) not in _NOTHING}


_NOTHING: Final = (None, "")


def renamed(value: Any, first: Callable[[str], str]) -> Any:
    """A value with the first letter of each key inside it changed, inside lists too.

    Pulumi writes ``roleArn`` where the API writes ``RoleArn``.
    """
    if isinstance(value, Mapping):
        return {first(key[0]) + key[1:]: renamed(item, first) for key, item in value.items()}
    return [renamed(item, first) for item in value] if isinstance(value, list) else value
