"""All signals about a publisher and a page, what each costs at most, and which a person may switch off: all of them."""

from collections.abc import Collection
from dataclasses import dataclass

MOST_OTHERS = 6
"""Other repositories of the account whose files are listed."""


@dataclass(frozen=True, slots=True)
class SignalKind:
    """`requests`: the most it asks of the Hub; 0: it reads what the check has anyway. Named `identity.kind.<id>`."""

    id: str
    requests: int = 0


KINDS: tuple[SignalKind, ...] = (
    SignalKind("claimed_brand"),
    SignalKind("same_name"),
    SignalKind("same_weights"),
    SignalKind("look_alike"),
    SignalKind("account"),
    SignalKind("account_age"),
    SignalKind("oldest_model", 1),
    SignalKind("badge"),
    SignalKind("profile"),
    SignalKind("page_age"),
    SignalKind("popularity"),
    SignalKind("likers", 1),
    SignalKind("same_file", 1 + MOST_OTHERS),
    SignalKind("reused_address", 1),
    SignalKind("renamed"),
    SignalKind("pull_request"),
    SignalKind("late_program"),
    SignalKind("outside_commits", 1),
    SignalKind("discussions", 1),
    SignalKind("declared_base"),
    SignalKind("terms"),
    SignalKind("official_site"),
)


def is_on(kind: str, off: Collection[str]) -> bool:
    """True unless the person switched it off."""
    return kind not in off
