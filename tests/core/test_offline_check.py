"""A whole check, asked once and shown again: with few requests, and without any."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from core import cli
from core.application import Application
from core.demo.server import DemoHub
from core.exports.html_report import to_html
from core.paths import folders
from core.progress import CancelToken, ignore_progress
from core.report import Report, to_json
from core.services import OriginalChoice
from core.settings import Settings
from tests.demo_hub import running_demo_hub

COPY = "Open-OSS/privacy-filter"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoHub]:
    with running_demo_hub(folder=tmp_path_factory.mktemp("hub")) as running:
        yield running


def check(application: Application, pasted: str = COPY) -> Report:
    return application.check(application.parse(pasted), OriginalChoice(), ignore_progress, CancelToken())


def test_the_second_check_of_a_commit_costs_few_requests(hub: DemoHub) -> None:
    with Application(endpoint=hub.endpoint) as application:
        hub.log.clear()
        first = check(application)
        at_first = len(hub.log)
        hub.log.clear()
        second = check(application)
    assert second.id == first.id
    assert first.network.requests == at_first
    assert second.network.requests == len(hub.log)
    assert not [row for row in hub.log if "resolve" in row.path or row.range], "no file is read twice"
    assert len(hub.log) < at_first / 2


def test_offline_the_same_is_found_and_nothing_is_sent(hub: DemoHub) -> None:
    with Application(endpoint=hub.endpoint) as application:
        online = check(application)
        application.save_settings(replace(Settings(), offline=True))
        hub.log.clear()
        offline = check(application)
        assert hub.log == []
    assert (offline.id, offline.findings, offline.verdict) == (online.id, online.findings, online.verdict)
    assert offline.snapshot.from_cache
    assert offline.snapshot.retrieved_at < offline.checked_at
    assert (offline.network.offline, offline.network.requests, offline.network.bytes) == (True, 0, 0)
    assert to_json(offline)["network"]["read_on"] is not None
    age = "From what was read on"
    assert age in to_html(offline)
    assert age not in to_html(online)


def test_a_file_that_was_not_read_before_is_not_checked(hub: DemoHub) -> None:
    with Application(endpoint=hub.endpoint) as application:
        online = check(application)
        cache = application.cache_folder()
        for entry in (file for file in cache.rglob("*") if file.is_file() and b'"status"' not in file.read_bytes()):
            entry.unlink()  # bytes of files; the answers in JSON stay
        application.save_settings(replace(Settings(), offline=True))
        offline = check(application)
    assert online.verdict.files_checked == online.verdict.files_listed
    assert offline.verdict.files_checked == 0
    assert all(result.reason is not None for result in offline.files)


def test_the_demo_neither_fills_the_cache_nor_goes_offline() -> None:
    with Application(demo=True, offline=True) as application:
        assert check(application).network.requests > 0
        assert application.cache_size().entries == 0


def test_a_limit_of_nothing_keeps_nothing(hub: DemoHub) -> None:
    with Application(endpoint=hub.endpoint) as application:
        application.save_settings(replace(Settings(), cache_megabytes=0))
        check(application)
        assert (application.cache_size().entries, application.cache_size().limit) == (0, 0)


def test_on_the_command_line(hub: DemoHub, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    where = ["--endpoint", hub.endpoint]
    assert cli.main(["check", COPY, "--offline", *where]) == cli.COULD_NOT_CHECK
    assert "is kept from earlier" in capsys.readouterr().err
    status = cli.main(["check", COPY, *where])
    shown = capsys.readouterr().out
    assert "requests to the Hub" in shown
    assert "of 500 questions" in shown
    hub.log.clear()
    assert cli.main(["check", COPY, "--offline", *where]) == status
    assert hub.log == []
    shown = capsys.readouterr().out
    assert shown.index("From what was read on") < shown.index("Repository")
    assert "Nothing was sent" in shown
    assert cli.main(["cache", "show", "--json", str(tmp_path / "size.json")]) == 0
    size = json.loads((tmp_path / "size.json").read_text(encoding="utf-8"))
    assert size["entries"] > 0
    assert Path(size["folder"]) == folders().cache / "hub"
    assert cli.main(["cache", "clear"]) == 0
    assert cli.main(["check", COPY, "--offline", *where]) == cli.COULD_NOT_CHECK
