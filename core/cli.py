"""The command line: the same functions as the window, without Qt."""

import argparse
import json
import os
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from core import __version__
from core.errors import UserFacingError
from core.findings import LEVEL_ORDER, rules, worst
from core.progress import Cancelled, CancelToken
from core.publisher_options import add_options as add_publisher_options
from core.terminal import (
    EXIT_CODES,
    ask_ladder,
    clear_line,
    list_rules,
    print_error,
    print_findings,
    print_items,
    print_report,
    print_rules,
    progress_on,
)
from core.text import size_text, text

if TYPE_CHECKING:
    from core.application import Application
    from core.approval import Approval
    from core.report import Report

COMMANDS = ("check", "scan", "download", "quarantine", "rules", "demo", "token", "cache", "publishers")
"""Sub-commands; anything else is for the window."""

NOT_UNDERSTOOD, COULD_NOT_CHECK, CANCELLED = 2, 3, 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status (see `core.terminal.EXIT_CODES`)."""
    options = _parser().parse_args(arguments)
    cancel = CancelToken()
    previous = signal.signal(signal.SIGINT, lambda *_: cancel.cancel())
    try:
        status: int = options.run(options, cancel)
        sys.stdout.flush()
    except UserFacingError as error:
        clear_line(sys.stderr)
        print_error(error)
        return NOT_UNDERSTOOD if error.message_id.startswith(("reference.", "cli.")) else COULD_NOT_CHECK
    except (Cancelled, KeyboardInterrupt):
        clear_line(sys.stderr)
        print(text("cli.cancelled"), file=sys.stderr)
        return CANCELLED
    except BrokenPipeError:
        # Whoever read our output has gone; give the interpreter somewhere to flush to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CANCELLED
    finally:
        signal.signal(signal.SIGINT, previous)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sallyport", description=text("cli.description"))
    parser.add_argument("--version", action="version", version=f"Sallyport {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace, CancelToken], int]) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=text(f"cli.help.{name}"), description=text(f"cli.help.{name}"))
        sub.set_defaults(run=run)
        sub.add_argument("--data-dir", type=Path, help=text("cli.help.data_dir"))
        return sub

    check = command("check", _check)
    _address_options(check)
    check.add_argument("--offline", action="store_true", help=text("cli.help.offline"))
    check.add_argument("--json", metavar="FILE", help=text("cli.help.json"))
    check.add_argument("--html", metavar="FILE", help=text("cli.help.html"))
    check.add_argument("--diff", metavar="FILE", help=text("cli.help.diff"))

    scan = command("scan", _scan)
    scan.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    scan.add_argument("--json", metavar="FILE", help=text("cli.help.json"))
    scan.add_argument("--rules", type=Path, metavar="FOLDER", help=text("cli.help.own_rules"))

    download = command("download", _download)
    _address_options(download)
    download.add_argument("--file", action="append", metavar="PATH", help=text("cli.help.file"))
    download.add_argument("--approval", metavar="FILE", help=text("cli.help.approval"))
    download.add_argument("--save-approval", metavar="FILE", help=text("cli.help.save_approval"))
    download.add_argument("--analyst", action="store_true", help=text("cli.help.analyst"))

    quarantine = command("quarantine", _quarantine)
    quarantine.add_argument("action", choices=("list", "resume", "verify", "release", "delete"))
    quarantine.add_argument("item", nargs="?", metavar="ITEM")
    quarantine.add_argument("--to", type=Path, metavar="FOLDER", help=text("cli.help.to"))
    quarantine.add_argument("--json", metavar="FILE", help=text("cli.help.json"))
    quarantine.add_argument("--demo", action="store_true", help=text("cli.help.use_demo"))

    listed = command("rules", _rules)
    listed.add_argument("rule", nargs="*", metavar="RULE", help=text("cli.help.rule"))
    listed.add_argument("--json", metavar="FILE", help=text("cli.help.json"))

    demo = command("demo", _demo)
    demo.add_argument("--serve", action="store_true", help=text("cli.help.serve"))
    demo.add_argument("--port", type=int, default=0, help=text("cli.help.port"))

    token = command("token", _token)
    token.add_argument("action", choices=("state", "set", "forget"))

    cache = command("cache", _cache)
    cache.add_argument("action", choices=("show", "clear"))
    cache.add_argument("--json", metavar="FILE", help=text("cli.help.json"))

    add_publisher_options(command("publishers", _publishers))
    return parser


def _address_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("address", metavar="ADDRESS", help=text("cli.help.address"))
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--endpoint", metavar="URL", help=text("cli.help.endpoint"))
    where.add_argument("--demo", action="store_true", help=text("cli.help.use_demo"))
    parser.add_argument("--original", metavar="ADDRESS|none|auto", help=text("cli.help.original"))


def _application(options: argparse.Namespace) -> "Application":
    from core.application import Application
    from core.paths import folders

    return Application(
        folders(options.data_dir),
        demo=getattr(options, "demo", False),
        endpoint=getattr(options, "endpoint", None),
        offline=getattr(options, "offline", False),
    )


def _run_check(application: "Application", options: argparse.Namespace, cancel: CancelToken) -> "Report":
    from core.services import OriginalChoice

    reference = application.parse(options.address)
    choice = OriginalChoice()
    if options.original == "auto":
        application.forget_original(reference.repository)
    elif options.original == "none":
        choice = OriginalChoice(none=True)
    elif options.original:
        choice = OriginalChoice(application.parse(options.original).repository)
    report = application.check(reference, choice, progress_on(sys.stderr), cancel)
    clear_line(sys.stderr)
    return report


def _check(options: argparse.Namespace, cancel: CancelToken) -> int:
    from core.report import to_json

    with _application(options) as application:
        report = _run_check(application, options, cancel)
    if "-" not in {options.json, options.diff}:
        print_report(report)
    if options.json:
        _write_json(options.json, to_json(report))
    if options.html:
        from core.exports.html_report import to_html

        _write(options.html, to_html(report))
    if options.diff:
        from core.exports.diff_text import diff_text

        _write(options.diff, diff_text(report.comparison))
    return EXIT_CODES[report.verdict.level]


def _scan(options: argparse.Namespace, cancel: CancelToken) -> int:
    missing = next((path for path in options.paths if not path.exists() and not path.is_symlink()), None)
    if missing is not None:
        raise UserFacingError("cli.no_such_path", path=str(missing))
    from core.paths import folders
    from core.scanning.local import scan_paths
    from core.scanning.local import to_json as local_to_json
    from core.scanning.own_rules import read_rules

    rules_folder = options.rules or folders(options.data_dir).rules
    report = scan_paths(options.paths, progress_on(sys.stderr), cancel, read_rules(rules_folder))
    clear_line(sys.stderr)
    level = worst(result.level for result in report.files)
    if options.json != "-":
        print(f"{text(f'level.{level}')}: {text('cli.scanned', count=len(report.files))}")
        print_findings(sorted(report.findings, key=lambda found: -LEVEL_ORDER.index(found.level)))
    if options.json:
        _write_json(options.json, local_to_json(report), indent=None)  # of a folder it is long: quick before pretty
    return EXIT_CODES[level]


def _download(options: argparse.Namespace, cancel: CancelToken) -> int:
    from core.approval import to_json as approval_to_json
    from core.quarantine.items import ItemState

    with _application(options) as application:
        report = _run_check(application, options, cancel)
        if options.approval:
            approval = _read_approval(Path(options.approval))
        else:
            print_report(report)
            print()
            approval = _ask_approval(application, report, options)
        if options.save_approval:
            _write_json(options.save_approval, approval_to_json(approval))
        item = application.download(approval, report, progress_on(sys.stderr), cancel)
        clear_line(sys.stderr)
        print(text("cli.stored", folder=str(application.quarantine_folder()), item=item.id))
        print_items([item])
        return 0 if item.state is ItemState.CHECKED else COULD_NOT_CHECK


def _ask_approval(application: "Application", report: "Report", options: argparse.Namespace) -> "Approval":
    offered = application.ladder(report, (), analyst=options.analyst).files
    known = {file.path for file in report.snapshot.files}
    unknown = next((path for path in options.file or () if path not in known), None)
    if unknown is not None:
        raise UserFacingError("cli.no_such_file", path=unknown)
    paths = options.file or [file.path for file in offered if file.selected and not file.refused]
    ladder = application.ladder(report, paths, analyst=options.analyst)
    return application.approve(report, paths, ask_ladder(application, ladder), analyst=options.analyst)


def _read_approval(path: Path) -> "Approval":
    from core.approval import from_json as approval_from_json

    try:
        return approval_from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise UserFacingError("cli.approval_unreadable", path=str(path), why=str(error)) from error


def _quarantine(options: argparse.Namespace, cancel: CancelToken) -> int:
    from core.quarantine.items import ItemState

    progress = progress_on(sys.stderr)
    with _application(options) as application:
        if options.action == "list":
            items = application.quarantine_items()
            if options.json:
                _write_json(options.json, application.quarantine_json())
            else:
                print_items(items)
            return 0
        if not options.item:
            raise UserFacingError("cli.item_missing", action=options.action)
        if options.action == "release":
            if options.to is None:
                raise UserFacingError("cli.folder_missing")
            item = application.release(options.item, options.to, progress, cancel)
        elif options.action == "verify":
            item = application.verify(options.item, progress, cancel)
        elif options.action == "resume":
            item = application.resume(options.item, progress, cancel)
        else:
            application.delete(options.item)
            application.purge_deleted()
            print(text("cli.deleted", item=options.item))
            return 0
    clear_line(sys.stderr)
    print_items([item])
    return COULD_NOT_CHECK if item.state is ItemState.FAILED else 0


def _rules(options: argparse.Namespace, _cancel: CancelToken) -> int:
    known = rules()
    unknown = next((name for name in options.rule if name not in known), None)
    if unknown is not None:
        raise UserFacingError("cli.no_such_rule", rule=unknown)
    chosen = [known[name] for name in options.rule] or sorted(known.values(), key=lambda rule: rule.id)
    if options.json:
        _write_json(options.json, [asdict(rule) for rule in chosen])
    elif options.rule:
        print_rules(chosen)
    else:
        list_rules(chosen)
    return 0


def _demo(options: argparse.Namespace, cancel: CancelToken) -> int:
    from core.demo.scenarios import SCENARIOS
    from core.demo.serve import serve

    if not options.serve:
        for scenario in SCENARIOS:
            print(f"{scenario.address}\n    {text(scenario.title_id)}: {text(scenario.story_id)}")
        print(f"\n{text('cli.demo_hint')}")
        return 0

    def ready(endpoint: str) -> None:
        print(text("cli.serving", endpoint=endpoint), flush=True)

    serve(options.port, ready, cancel)
    return 0


def _token(options: argparse.Namespace, _cancel: CancelToken) -> int:
    import getpass

    with _application(options) as application:
        if options.action == "set":
            prompt = f"{text('cli.token_prompt')} "
            application.store_token(getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().strip())
        elif options.action == "forget":
            application.store_token(None)
        print(text(application.token_state()))
    return 0


def _publishers(options: argparse.Namespace, cancel: CancelToken) -> int:
    from core.publisher_commands import run

    with _application(options) as application:
        return run(options, application, _write_json, cancel)


def _cache(options: argparse.Namespace, _cancel: CancelToken) -> int:
    with _application(options) as application:
        if options.action == "clear":
            application.clear_cache()
        size, folder = application.cache_size(), application.cache_folder()
    if options.json:
        _write_json(options.json, {**asdict(size), "folder": str(folder)})
    elif options.action == "clear":
        print(text("cli.cache_cleared"))
    elif not size.limit and not size.entries:
        print(text("cli.cache_off"))
    else:
        shown = {"size": size_text(size.bytes), "limit": size_text(size.limit)}
        print(text("cli.cache", entries=size.entries, folder=str(folder), **shown))
    return 0


def _write_json(target: str, content: object, indent: int | None = 2) -> None:
    _write(target, json.dumps(content, indent=indent, ensure_ascii=True) + "\n")


def _write(target: str, content: str) -> None:
    from core.atomic_file import write_atomically

    if target == "-":
        sys.stdout.write(content)
        return
    try:
        write_atomically(Path(target), content.encode("utf-8"))
    except OSError as error:
        raise UserFacingError("cli.cannot_write", path=target, why=error.strerror or str(error)) from error
