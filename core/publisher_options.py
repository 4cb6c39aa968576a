"""What `sallyport publishers` takes; apart from what it does, so that other commands start without it."""

import argparse
from pathlib import Path

from core.text import text


def add_options(parser: argparse.ArgumentParser) -> None:
    """What the command takes, besides what every command takes."""
    actions = parser.add_subparsers(required=True, metavar="ACTION", dest="action")

    def action(name: str, accounts: str | int, help_id: str) -> argparse.ArgumentParser:
        sub = actions.add_parser(name, help=text(help_id), description=text(help_id))
        sub.add_argument("account", nargs=accounts, metavar="ACCOUNT", help=text("cli.help.publisher_account"))
        sub.add_argument("--data-dir", type=Path, default=argparse.SUPPRESS, help=text("cli.help.data_dir"))
        return sub

    listing = action("list", "*", "cli.help.publishers_list")
    added = action("add", 1, "cli.help.publishers_add")
    action("remove", 1, "cli.help.publishers_remove")
    checked = action("check", "*", "cli.help.publishers_check")
    for sub in (listing, checked):
        sub.add_argument("--json", metavar="FILE", help=text("cli.help.json"))
    where = checked.add_mutually_exclusive_group()
    where.add_argument("--endpoint", metavar="URL", help=text("cli.help.endpoint"))
    where.add_argument("--demo", action="store_true", help=text("cli.help.use_demo"))
    added.add_argument("--publisher", metavar="ID", help=text("cli.help.publisher_id"))
    added.add_argument("--name", help=text("cli.help.publisher_name"))
    added.add_argument("--alias", action="append", metavar="NAME", help=text("cli.help.publisher_alias"))
    added.add_argument("--family", action="append", metavar="NAME", help=text("cli.help.publisher_family"))
    added.add_argument("--website", metavar="HOST", help=text("cli.help.publisher_website"))
    added.add_argument("--code-host", metavar="HOST/NAME", help=text("cli.help.publisher_code_host"))
    added.add_argument("--kind", help=text("cli.help.publisher_kind"))
