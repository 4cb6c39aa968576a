"""What a check cost and how much the Hub still allows, in sentences that window, command line and report share."""

from datetime import datetime

from core.report import Report
from core.repository import Allowance, NetworkUse
from core.text import size_text, text


def age_sentence(report: Report) -> str:
    """That a report was made without asking the Hub, and from what day on it is; "" for an ordinary one."""
    return (
        text("network.from_what_was_read", date=_moment(report.snapshot.retrieved_at))
        if report.snapshot.from_cache
        else ""
    )


def network_sentences(use: NetworkUse) -> tuple[str, ...]:
    """Requests and bytes, kept answers, allowances."""
    if use.offline:
        return (text("network.offline", count=use.from_cache),)
    found = [text("network.requests", count=use.requests, size=size_text(use.bytes))]
    if use.from_cache:
        found.append(text("network.from_cache", count=use.from_cache))
    return (*found, *(allowance_sentence(one) for one in use.allowances))


def allowance_sentence(one: Allowance) -> str:
    """How many requests of one kind the Hub still answers, and until when that counts."""
    kind = text(f"network.resource.{one.resource}")
    limit = "?" if one.limit is None else f"{one.limit:,}"
    return text(
        "network.allowance",
        kind=kind,
        remaining=one.remaining,
        limit=limit,
        time=f"{one.resets_at.astimezone():%H:%M:%S}",
    )


def _moment(when: datetime) -> str:
    return f"{when.astimezone():%Y-%m-%d %H:%M}"
