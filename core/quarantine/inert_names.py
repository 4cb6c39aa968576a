"""Names under which nothing opens or runs: ours alone, without a letter of the repository's."""

import hashlib

from core.approval import ApprovedFile

ENDING = ".quarantined"
"""No program is registered for it, and no system looks at it."""


def inert_name(index: int, file: ApprovedFile) -> str:
    """The stored name of the file at place `index` of its approval: unique in the item, the same every time.

    The digest is of path and hashes, so a file cannot be mistaken for another of a neighbouring item; it is
    computed here and not copied, because the Hub's own hashes are also only text that came over the network.
    """
    identity = "\0".join((file.path, file.git_sha1, file.sha256 or ""))
    digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{index:06d}-{digest[:8]}{ENDING}"
