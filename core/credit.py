"""Whether a page says what it was made from: by declaring it, or in words that the original's card does not have."""

import re
from collections.abc import Iterator

from core.comparison.results import Block, Comparison, RowKind
from core.repository import Snapshot

_FAR = 80
"""Characters between the name of the original and the word that says what this is to it."""
_MOST_TEXT = 20_000
"""Characters of a paragraph that are looked at."""
_SAYS_SO = re.compile(
    r"\b(?:mirror\w*|cop(?:y|ies|ied)|forks?|forked|clones?|cloned|backup|re-?upload\w*|unofficial|sync\w*|convert\w*"
    r"|conversion|quanti[sz]\w*|ported|port\s+of|version\s+of|based\s+on|derived|distilled|fine-?tun\w+|adapted"
    r"|unchanged|unmodified|original(?:ly)?|(?:made|taken|trained|merged)\s+from)\b"
    r"|\b(?:miroir|copie|espejo|copia|kopie|spiegel\w*|abgeleitet)\b|копия|зеркало|镜像|复制|转载|コピー|ミラー|미러",
    re.IGNORECASE,
)


def declares(snapshot: Snapshot, original: Snapshot) -> bool:
    """The uploader names the original as what this was made from."""
    return bool({name.lower() for name in snapshot.base_models} & _names(original))


def says_so(original: Snapshot, comparison: Comparison) -> bool:
    """A paragraph of the uploader's own names the original, and calls this a copy or a version of it."""
    return any(_says_so(block, _names(original)) for block in _own_blocks(comparison))


def _own_blocks(comparison: Comparison) -> Iterator[Block]:
    """Those that the original's card lacks; all if that could not be read."""
    if comparison.cards is None:
        yield from comparison.here.blocks
        return
    yield from (row.here for row in comparison.cards.rows if row.here is not None and row.kind is not RowKind.SAME)


def _says_so(block: Block, names: set[str]) -> bool:
    text = block.text[:_MOST_TEXT].lower()
    linked = any(link.target.lower().rstrip("/").endswith(tuple(f"/{name}" for name in names)) for link in block.links)
    if linked and _SAYS_SO.search(text):
        return True
    places = (match for name in names for match in re.finditer(re.escape(name), text))
    return any(_SAYS_SO.search(text, max(0, at.start() - _FAR), at.end() + _FAR) for at in places)


def _names(original: Snapshot) -> set[str]:
    return {original.repository.name.lower(), original.asked_for.name.lower()}
