"""What a scene is: pages on the Hub, their accounts, and what a careful person would say of one of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from core.demo.store import Files
from core.identity.results import Relation
from core.repository import RepositoryKind


class Group(StrEnum):
    """What a careful person would call the repository."""

    IMPOSTOR = "impostor"
    HONEST = "honest"
    ALONE = "no original"


@dataclass(frozen=True, slots=True)
class Push:
    """A commit: what it adds to, or changes in, the commit before it. `age` in days before now."""

    title: str
    age: float
    files: Files
    author: str = ""
    """The owner of the page if left out."""


@dataclass(frozen=True, slots=True)
class Page:
    """A repository. `age` in days; `facts` in the words of `core.demo.store.write_repository`."""

    name: str
    files: Files
    age: float
    facts: Mapping[str, Any] = field(default_factory=dict)
    pushes: tuple[Push, ...] = ()
    proposals: Mapping[int, Files] = field(default_factory=dict)
    """Files added by proposed changes, by number."""
    kind: RepositoryKind = RepositoryKind.MODEL


@dataclass(frozen=True, slots=True)
class Who:
    """An account. `age` None: the Hub does not say, as for organisations."""

    name: str
    age: float | None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scene:
    """One repository to check. `originals`: names that are a right answer, empty for "there is none"."""

    title: str
    group: Group
    address: str
    """As a person would paste it."""
    originals: tuple[str, ...]
    relations: tuple[Relation | None, ...]
    """All that would be true."""
    pages: tuple[Page, ...] = ()
    accounts: tuple[Who, ...] = ()


def person(name: str, age: float, models: int = 0, **facts: Any) -> Who:  # noqa: ANN401  the Hub's words
    """A user; `models`: how many the Hub says there are, if more than are built."""
    counted = {"numModels": models} if models else {}
    return Who(name, age, {"numFollowers": min(int(age / 9), 400), **counted, **facts})


def organisation(name: str, full_name: str, followers: int = 40, **facts: Any) -> Who:  # noqa: ANN401  the Hub's words
    """An organisation: the Hub states no date for those."""
    return Who(name, None, {"organization": True, "fullname": full_name, "numFollowers": followers, **facts})
