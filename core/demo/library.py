"""All repositories and accounts of a demo folder, by name, and who may see them."""

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from core.demo.store import (
    NewCommit,
    StoredRepository,
    append_commit,
    load_accounts,
    load_repositories,
    load_repository,
)
from core.repository import RepositoryKind

TOKENS = {"demo-visitor": "visitor", "demo-member": "member"}
"""Access tokens the demo hub knows, and whose they are."""
MEMBER = "member"
"""The user who may read gated and private repositories."""


class Library:
    """A demo folder in memory. Reads are free of locks: entries are replaced, never changed."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._repositories: dict[tuple[RepositoryKind, str], StoredRepository] = {}
        self._moved: dict[tuple[RepositoryKind, str], tuple[RepositoryKind, str]] = {}
        self._writing = threading.Lock()
        self.accounts: dict[str, dict[str, Any]] = load_accounts(root)
        for repository in load_repositories(root):
            self._enter(repository)

    def find(self, kind: RepositoryKind, name: str) -> StoredRepository | None:
        """The repository of that name, whatever its capitalisation, or that once had that name."""
        key = (kind, name.lower())
        return self._repositories.get(key) or self._repositories.get(self._moved.get(key, key))

    def visible(self, kind: RepositoryKind, user: str | None) -> Iterable[StoredRepository]:
        """What a search may show."""
        return (
            repository
            for (found, _), repository in tuple(self._repositories.items())
            if found is kind and may_see(repository, user) and not repository.facts.get("disabled")
        )

    def count(self, kind: RepositoryKind, owner: str) -> int:
        """How many visible repositories an account has."""
        return sum(repository.owner.lower() == owner.lower() for repository in self.visible(kind, None))

    def account(self, name: str) -> dict[str, Any] | None:
        """Facts of an account; an owner of repositories without facts of its own is a plain old user."""
        known = self.accounts.get(name.lower())
        if known is not None:
            return known
        owners = {repository.owner.lower(): repository.owner for repository in self._repositories.values()}
        return {"name": owners[name.lower()]} if name.lower() in owners else None

    def account_renamed(self, name: str) -> str | None:
        """The name of today of an account that once had another; its facts say `former_names`."""
        former = name.lower()
        found = (one for one in self.accounts.values() if former in map(str.lower, one.get("former_names", ())))
        return next((one["name"] for one in found), None)

    def push(self, kind: RepositoryKind, name: str, commit: NewCommit, branch: str = "main") -> None:
        """Put a commit on top of a branch."""
        with self._writing:
            append_commit(self._root, kind, name, commit, branch)
            self._enter(load_repository(self._root, kind, name))

    def _enter(self, repository: StoredRepository) -> None:
        key = (repository.kind, repository.name.lower())
        self._repositories[key] = repository
        for former in repository.facts.get("former_names", ()):
            self._moved[repository.kind, former.lower()] = key


def may_see(repository: StoredRepository, user: str | None) -> bool:
    """Private repositories exist only for the member."""
    return user == MEMBER or not repository.facts.get("private")
