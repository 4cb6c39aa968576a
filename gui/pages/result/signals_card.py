"""What speaks for or against an account: each fact with what it means, where it was seen and what it cost."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from core.identity.results import Signal
from core.text import render, text
from gui.theme import space
from gui.widgets.labels import PlainLabel
from gui.widgets.layouts import Card

SIGNATURE = "signature"
"""Signals whose id begins so stand in a card of their own."""


class SignalsCard(Card):
    """Facts, one below the other; added one by one, so that the window does not stall."""

    def __init__(self, title: str, means: str) -> None:
        super().__init__()
        self.content.addWidget(PlainLabel(text(title), role="heading"))
        if means:
            self.content.addWidget(PlainLabel(text(means)))

    def steps(self, signals: Sequence[Signal]) -> Iterator[Callable[[], object]]:
        """One step per fact."""
        return (partial(self._add, signal) for signal in signals)

    def _add(self, signal: Signal) -> None:
        self.content.addSpacing(space(0.5))
        value = PlainLabel(render(signal.value))
        value.setProperty("kind", "strong")
        self.content.addWidget(value)
        self.content.addWidget(PlainLabel(render(signal.meaning)))
        cost = "result.publisher.signal.cost" if signal.requests else "result.publisher.signal.no_cost"
        seen = text("result.publisher.signal.seen", source=signal.source)
        self.content.addWidget(PlainLabel(f"{seen} · {text(cost, count=signal.requests)}", role="caption"))


def of_signature(signals: Sequence[Signal]) -> tuple[tuple[Signal, ...], tuple[Signal, ...]]:
    """Facts about the model signature, and all others."""
    signed = tuple(signal for signal in signals if signal.id.startswith(SIGNATURE))
    return signed, tuple(signal for signal in signals if signal not in signed)
