"""What is new in this copy, the most telling first: in a copied card the harm is in what was added."""

from collections.abc import Iterable, Iterator, Sequence

from core.comparison.command_notes import notes_of_command, weight
from core.comparison.commands import RepositoryPaths, is_runnable_name
from core.comparison.link_notes import OriginalLinks
from core.comparison.results import Addition, AdditionKind, Card, Link
from core.text import Message

MAX_ADDITIONS = 200
"""Of each kind."""


def additions(original: Card, here: Card, paths_here: Iterable[str]) -> tuple[tuple[Addition, ...], int]:
    """Commands, then links, then files that the original's card does not have, and how many more there are."""
    paths = RepositoryPaths(paths_here)
    found = (_new_commands(original, here, paths), _new_links(original, here), _new_files(original, here, paths))
    shown = tuple(one for of_kind in found for one in of_kind[:MAX_ADDITIONS])
    return shown, sum(len(of_kind) for of_kind in found) - len(shown)


def _new_commands(original: Card, here: Card, paths: RepositoryPaths) -> Sequence[Addition]:
    known = {_plain_command(command) for command in _commands(original)}
    new = {_plain_command(command): command for command in reversed(list(_commands(here)))}
    found = []
    for command in (command for plain, command in reversed(new.items()) if plain not in known):
        runs = paths.run_by(command)
        found.append(Addition(AdditionKind.COMMAND, command, runs, notes_of_command(command, runs)))
    return _ranked(found)


def _new_links(original: Card, here: Card) -> Sequence[Addition]:
    known = OriginalLinks(_links(original))
    new: dict[str, list[Link]] = {}
    for link in _links(here):
        if not known.has(link.target):
            new.setdefault(plain_target(link.target), []).append(link)
    found = [Addition(AdditionKind.LINK, links[0].target, (), known.notes(links)) for links in new.values()]
    return _ranked(found)


def _new_files(original: Card, here: Card, paths: RepositoryPaths) -> Sequence[Addition]:
    there = {block.text for block in original.blocks}
    mentioned = paths.mentioned("\n".join(block.text for block in here.blocks if block.text not in there))
    known = set(paths.mentioned("\n".join(there))) if mentioned else set()
    found = []
    for path in mentioned:
        if path not in known:
            notes = (Message.of("comparison.note.file_runs"),) if is_runnable_name(path) else ()
            found.append(Addition(AdditionKind.FILE, path, (), notes))
    return _ranked(found)


def _ranked(found: Iterable[Addition]) -> Sequence[Addition]:
    """Stable: what weighs the same stays in the order of the card."""
    return sorted(found, key=lambda one: min((weight(note) for note in one.notes), default=weight(None)))


def plain_target(target: str) -> str:
    """An address without what makes no difference to where it leads."""
    return target.rstrip("/")


def _commands(card: Card) -> Iterator[str]:
    return (command for block in card.blocks for command in block.commands)


def _links(card: Card) -> Iterator[Link]:
    return (link for block in card.blocks for link in block.links)


def _plain_command(command: str) -> str:
    return " ".join(command.split())
