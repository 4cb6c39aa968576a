"""What is asked of the Hub about a publisher besides the page itself: other models, likers, discussions, members.

Each question belongs to a signal, is not asked if that is switched off, and may stay unanswered.
"""

import re
from collections.abc import Callable, Collection, Iterable
from pathlib import PurePosixPath

from core.identity.inquiry import Inquiry
from core.identity.results import Visitors
from core.identity.signal_kinds import MOST_OTHERS, is_on
from core.progress import CancelToken, ignore_progress
from core.repository import Hub, RepositoryFile, RepositoryKind, SearchHit, Snapshot

PROGRAMS = frozenset(
    {".exe", ".bat", ".cmd", ".ps1", ".vbs", ".lnk", ".scr", ".msi", ".js", ".com", ".hta", ".dll", ".jar", ".pif"}
)
_SCRIPTS = frozenset({".py", ".sh", ".command", ".ipynb"})
_LIBRARY = re.compile(
    r"(?:^|/)(?:__init__|setup|(?:configuration|modeling|tokenization|processing|image_processing|feature_extraction)_\w+"
    r"|pipeline|handler|model|utils|convert\w*|train\w*|eval\w*|test_\w*)\.py$"
)
"""Scripts that makers put beside each of their models."""
_BUDGET = 5 + 1 + MOST_OTHERS
_WORKERS = 3


def is_program(path: str) -> bool:
    """True for the name of a file that Windows runs on a double click, or loads into a program."""
    return PurePosixPath(path.lower()).suffix in PROGRAMS


def odd_files(snapshot: Snapshot) -> tuple[RepositoryFile, ...]:
    """Programs, and scripts that do not belong to a model's own library."""
    return tuple(
        file
        for file in snapshot.files
        if file.size
        and (
            is_program(file.path)
            or (PurePosixPath(file.path.lower()).suffix in _SCRIPTS and not _LIBRARY.search(file.path.lower()))
        )
    )


def ask(snapshot: Snapshot, hub: Hub, off: Collection[str], cancel: CancelToken) -> Visitors:
    """Everything that is switched on, in two rounds of parallel requests. Raises `Cancelled`."""
    return _Asking(snapshot, hub, off, cancel).run()


class _Asking:
    def __init__(self, snapshot: Snapshot, hub: Hub, off: Collection[str], cancel: CancelToken) -> None:
        self._snapshot, self._hub, self._off, self._cancel = snapshot, hub, off, cancel
        self._inquiry = Inquiry(ignore_progress, cancel, _BUDGET, _WORKERS)
        self._found = Visitors()

    def run(self) -> Visitors:
        account = self._snapshot.account
        is_model = self._snapshot.repository.kind is RepositoryKind.MODEL
        organization = account is not None and account.is_organization
        wants_files = is_model and self._is_on("same_file") and bool(odd_files(self._snapshot))
        wants_age = organization and account is not None and account.created_at is None and self._is_on("oldest_model")
        questions: dict[str, Callable[[], None]] = {}
        if (wants_files or wants_age) and self._snapshot.repository.owner:
            questions["same_file" if wants_files else "oldest_model"] = self._models
        if self._is_on("likers") and self._snapshot.figures.likes:
            questions["likers"] = self._likers
        if self._is_on("discussions"):
            questions["discussions"] = self._discussions
        if organization and self._is_on("outside_commits") and self._strangers_among_authors():
            questions["outside_commits"] = self._members
        if is_model and self._is_on("reused_address"):
            questions["reused_address"] = self._built_on
        self._put(questions.items())
        if wants_files and self._found.models:
            self._put([("same_file", look) for look in self._looks(self._found.models)])
        return self._found

    def _is_on(self, kind: str) -> bool:
        return is_on(kind, self._off)

    def _put(self, questions: Iterable[tuple[str, Callable[[], None]]]) -> None:
        listed = list(questions)
        answers = self._inquiry.ask([question for _, question in listed])
        for (kind, _), answered in zip(listed, answers, strict=False):
            self._found.requests[kind] = self._found.requests.get(kind, 0) + 1
            if not answered and kind not in self._found.unanswered:
                self._found.unanswered.append(kind)

    def _strangers_among_authors(self) -> bool:
        owner = self._snapshot.repository.owner.lower()
        return any(name.lower() != owner for name, _ in self._snapshot.commit_authors)

    def _models(self) -> None:
        self._found.models = self._hub.models_by(self._snapshot.repository.owner, self._cancel)

    def _likers(self) -> None:
        self._found.likers = self._hub.likers(self._snapshot.repository, self._cancel)

    def _discussions(self) -> None:
        self._found.discussions = self._hub.discussions(self._snapshot.repository, self._cancel)

    def _members(self) -> None:
        self._found.members = self._hub.members(self._snapshot.repository.owner, self._cancel)

    def _built_on(self) -> None:
        self._found.built_on = self._hub.built_on(self._snapshot.repository, self._cancel)

    def _looks(self, models: tuple[SearchHit, ...]) -> list[Callable[[], None]]:
        def look(hit: SearchHit) -> Callable[[], None]:
            def listing() -> None:
                found = self._hub.listing(hit.repository, self._cancel)
                if found is not None:
                    self._found.others.append(found)

            return listing

        own = self._snapshot.repository.name.lower()
        return [look(hit) for hit in models if hit.repository.name.lower() != own][:MOST_OTHERS]
