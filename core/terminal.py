"""What the command line shows and asks: progress, a report in words, and the approval ladder."""

import sys
import threading
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TextIO

from core.errors import UserFacingError
from core.findings import FileState, Finding, Level, Rule, in_words
from core.progress import Cancelled, Progress, ProgressCallback, ignore_progress
from core.text import display_name, render, size_text, text

if TYPE_CHECKING:
    from core.approval import Answers, Ladder
    from core.quarantine.items import QuarantinedItem
    from core.report import Report
    from core.services import Services

_SHOWN_FINDINGS = 20
_SECONDS_BETWEEN_UPDATES = 0.1


def progress_on(stream: TextIO) -> ProgressCallback:
    """One line that is written over and over on a terminal; nothing at all when the output is piped."""
    if not stream.isatty():
        return ignore_progress
    lock = threading.Lock()
    shown_at = [0.0]

    def show(progress: Progress) -> None:
        with lock:
            now = time.monotonic()
            finished = progress.total is not None and progress.done >= progress.total
            if now - shown_at[0] < _SECONDS_BETWEEN_UPDATES and not finished and progress.done:
                return
            shown_at[0] = now
            stream.write(f"\r\x1b[2K{_progress_line(progress)}")
            stream.flush()

    return show


def clear_line(stream: TextIO) -> None:
    """Take the progress line away before something else is printed."""
    if stream.isatty():
        stream.write("\r\x1b[2K")
        stream.flush()


def _progress_line(progress: Progress) -> str:
    line = text(f"step.{progress.step}")
    if progress.total:
        of = (size_text(progress.done), size_text(progress.total)) if progress.unit == "bytes" else None
        done, total = of or (str(progress.done), str(progress.total))
        line += f" {done} / {total}"
    return f"{line}  {display_name(progress.subject, 40)}".rstrip()


def print_error(error: UserFacingError) -> None:
    """What happened, what it means, what to do, one line each, on standard error."""
    for line in (error.what, error.means, error.do):
        print(line, file=sys.stderr)


def print_report(report: "Report") -> None:
    """The report in words: the answer first, then why, then what was found."""
    from core.network_words import age_sentence, network_sentences

    snapshot, verdict = report.snapshot, report.verdict
    if report.demo:
        print(text("export.demo"), end="\n\n")
    print(render(verdict.headline))
    for reason in verdict.reasons:
        print(f"  {render(reason)}")
    if age := age_sentence(report):
        print(f"  {age}")
    print()
    print(text("cli.repository", name=snapshot.repository.name, commit=snapshot.commit[:7]))
    _print_original(report)
    _print_additions(report)
    _print_changed(report)
    print_findings(report.findings)
    unread = [result for result in report.files if result.state is not FileState.CHECKED]
    if unread:
        print(f"\n{text('export.not_checked', count=len(unread))}")
        for result in unread[:_SHOWN_FINDINGS]:
            why = f": {render(result.reason)}" if result.reason else ""
            print(f"  {display_name(result.path)}{why}")
        _print_more(len(unread))
    for part in snapshot.not_read:
        print(render(part))
    print(f"\n{text('export.looked_at', checked=verdict.files_checked, listed=verdict.files_listed)}")
    print(" ".join(network_sentences(report.network)))


def _print_original(report: "Report") -> None:
    original = report.identity.original
    if original is None:
        print(render(report.identity.explanation))
        return
    sure = text(f"confidence.{original.confidence}")
    print(f"{text('export.compared_with', original=original.snapshot.repository.name)} {sure}")
    for reason in original.reasons:
        print(f"  - {render(reason)}")
    if report.relation is not None:
        print(text(f"result.publisher.relation.{report.relation}"))
    for reason in report.relation_reasons:
        print(f"  - {render(reason)}")


def _print_additions(report: "Report") -> None:
    additions = report.comparison.cards.additions if report.comparison.cards else ()
    for kind in dict.fromkeys(addition.kind for addition in additions):
        print(f"\n{text(f'export.new_{kind}')}")
        of_kind = [addition for addition in additions if addition.kind is kind]
        for addition in of_kind[:_SHOWN_FINDINGS]:
            print(f"  {display_name(addition.value)}")
            for note in addition.notes:
                print(f"      {render(note)}")
        _print_more(len(of_kind))


def _print_changed(report: "Report") -> None:
    from core.comparison.results import FileRelation, grouped

    inventory = report.comparison.inventory
    changed = grouped(inventory.of(FileRelation.CHANGED)) if inventory else ()
    if changed:
        print(f"\n{text('export.differences')}")
    for group in changed[:_SHOWN_FINDINGS]:
        print(f"  {display_name(group.pattern)}")
        for change in group.changes:
            print(f"      {render(change)}")
    _print_more(len(changed))


def print_findings(findings: Sequence[Finding]) -> None:
    """Worst first; each with what it is and what to do, capped so that the worst stay on the screen."""
    for found in findings[:_SHOWN_FINDINGS]:
        words = in_words(found)
        print(f"\n[{text(f'level.{found.level}')}] {words.title}")
        for part in (words.what, words.why, words.do):
            print(f"  {part}")
    _print_more(len(findings))


def list_rules(rules: Sequence[Rule]) -> None:
    """One line each: id, level, certainty, the title with its blanks."""
    width = max(len(rule.id) for rule in rules)
    for rule in rules:
        print(f"{rule.id:{width}}  {text(f'level.{rule.level}'):14}  {rule.title}")


def print_rules(rules: Sequence[Rule]) -> None:
    """All that is written about a rule."""
    for rule in rules:
        print(f"{rule.id}: {text(f'level.{rule.level}')}. {text(f'certainty.{rule.certainty}')}\n{rule.title}")
        conditions = [("raised", rule.raised), ("lowered", rule.lowered)]
        when = [text(f"cli.rule.{name}", when=condition) for name, condition in conditions if condition]
        more = [", ".join(rule.weaknesses)] if rule.weaknesses else []
        for part in (rule.what, rule.why, rule.do, rule.how, *when, *more, *rule.references):
            print(f"  {part}")


def _print_more(count: int) -> None:
    if count > _SHOWN_FINDINGS:
        print(f"\n{text('cli.more', count=count - _SHOWN_FINDINGS)}")


def ask_ladder(services: "Services", ladder: "Ladder") -> "Answers":
    """Ask every rung in turn. Raises `Cancelled` at the end of the input or at an empty answer."""
    from core.approval import Answers, StepKind

    print(text("cli.chosen", count=sum(file.selected and not file.refused for file in ladder.files)))
    for file in ladder.files:
        mark = "x" if file.selected and not file.refused else " "
        why = f"  {render(file.refused)}" if file.refused else ""
        print(f"  [{mark}] {display_name(file.path)}  {size_text(file.size)}  {text(f'level.{file.level}')}{why}")
    ticked: set[str] = set()
    typed: dict[str, str] = {}
    reason = ""
    for step in ladder.steps:
        print(f"\n{render(step.prompt)}")
        if step.kind is StepKind.READ:
            _ask(f"{text('cli.type_yes')} ", expected="yes")
            ticked.add(step.id)
        elif step.kind is StepKind.REASON:
            reason = _ask_reason()
        else:
            typed[step.id] = _ask("> ")
    answers = Answers(frozenset(ticked), reason, typed)
    for sentence in services.missing(ladder, answers):
        print(sentence, file=sys.stderr)
    if not ladder.steps:
        _ask(f"{text('cli.type_yes')} ", expected="yes")
    return answers


def _ask_reason() -> str:
    from core.approval import REASONS

    for number, reason in enumerate(REASONS, 1):
        print(f"  {number}. {text(f'approval.reason.{reason}')}")
    answer = _ask("> ")
    if answer in REASONS:
        return answer
    if answer.isascii() and answer.isdigit() and 1 <= int(answer) <= len(REASONS):
        return REASONS[int(answer) - 1]
    raise Cancelled


def _ask(prompt: str, expected: str | None = None) -> str:
    try:
        answer = input(prompt).strip()
    except EOFError:
        raise Cancelled from None
    if not answer or (expected is not None and answer.lower() != expected):
        raise Cancelled
    return answer


def print_items(items: Iterable["QuarantinedItem"]) -> None:
    """The ledger as a table."""
    for item in items:
        state = text(f"quarantine.state.{item.state}")
        when = item.changed_at.strftime("%Y-%m-%d %H:%M")
        name = display_name(item.approval.repository.name)
        print(f"{item.id}  {state:12}  {when}  {size_text(item.done):>9}  {name}@{item.approval.commit[:7]}")
        if item.problem:
            print(f"    {item.problem}")
        if item.released_to:
            print(f"    {text('cli.released_to', folder=item.released_to)}")


EXIT_CODES = {
    Level.NONE: 0,
    Level.NOTE: 0,
    Level.NOT_CHECKED: 3,
    Level.CAREFUL: 10,
    Level.HIGH: 20,
    Level.KNOWN_BAD: 30,
}
"""Exit status by verdict. 2: the input was not understood; 3: could not check; 4: cancelled."""
