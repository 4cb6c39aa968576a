"""Places on the web: what they are for, and which only look like well-known ones."""

import re
import tomllib

import pytest

from core.command_lines import deeds
from core.hosts import (
    HostKind,
    Imitated,
    bears_name_of,
    imitated_by,
    is_number,
    kind_of,
    looks_foreign,
    makes_programs,
    odd_hosts_expression,
)
from core.paths import RESOURCES


def test_a_host_stands_for_all_below_it_and_for_nothing_beside_it() -> None:
    assert kind_of("bit.ly") is HostKind.SHORTENER
    assert kind_of("raw.dpaste.org") is HostKind.PASTE
    assert kind_of("files.example.onion") is HostKind.TUNNEL
    assert kind_of("notbit.ly") is None
    assert kind_of("bit.ly.example") is None
    assert kind_of("huggingface.co") is None


def test_every_host_is_listed_once_as_people_would_write_it() -> None:
    listed = tomllib.loads((RESOURCES / "hosts.toml").read_text("utf-8"))
    hosts = [host for entry in listed.values() for host in entry["hosts"]]
    assert len(hosts) == len(set(hosts))
    assert all(re.fullmatch(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*(?:\.\*)?", host) for host in hosts)
    assert listed.keys() == {*HostKind, "well_known"}


@pytest.mark.parametrize("host", ["pastebin.com", "raw.paste.rs", "x.ngrok.io", "dpaste.org"])
def test_commands_and_links_know_the_same_odd_places(host: str) -> None:
    assert [deed.kind for deed in deeds(f"open https://{host}/x")] == ["odd-address"]
    assert re.search(odd_hosts_expression(), host)


def test_places_where_people_share_files_are_not_odd_for_a_command() -> None:
    assert kind_of("drive.google.com") is HostKind.STORAGE
    assert not list(deeds("gdown https://drive.google.com/uc?id=1"))


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("hugginface.co", "huggingface.co"),
        ("huggingface.com", "huggingface.co"),
        ("huggingface.co.login.example", "huggingface.co"),
        ("huggingface-co.example", "huggingface.co"),
        ("g1thub.com", "github.com"),
        ("rnicrosoft.com", "microsoft.com"),
        ("githbu.com", "github.com"),
    ],
)
def test_an_imitated_host_is_told(host: str, known: str) -> None:
    assert imitated_by(host) == known


@pytest.mark.parametrize(
    "host",
    (
        "huggingface.co discuss.huggingface.co owner.github.io gitlab.io arxiv.org api.openai.com hf.co papers.example "
        "ollama.ai google.co.uk pytorch.org qwenlm.github.io qwen.ai readthedocs.io"
    ).split(),
)
def test_honest_hosts_imitate_nobody(host: str) -> None:
    assert imitated_by(host) is None


def test_a_host_of_the_original_is_imitated_too() -> None:
    known = Imitated(("papers-inc.example",))
    assert known.by("papers-inc.exarnple") == "papers-inc.example"
    assert known.by("docs.papers-inc.example") is None


SITES = ("ai.heron.example", "heron.ai", "x.ai", "pie.example")


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("ai-heron-example.invalid", "ai.heron.example"),
        ("ai.heron.example.files.invalid", "ai.heron.example"),
        ("chat-heron-ai.invalid", "heron.ai"),
        ("heron.ai", None),
        ("www.heron.ai", None),
        ("docs.heron.example", None),
        ("heron-ai.github.io", None),
        ("x-ai.invalid", None),
        ("applepie.example.invalid", None),
        ("heron-aid.invalid", None),
    ],
)
def test_a_site_named_in_the_host_of_somebody_else(host: str, site: str | None) -> None:
    assert bears_name_of(host, SITES) == site


def test_programs_come_from_their_makers() -> None:
    assert makes_programs("ollama.com", "/download")
    assert makes_programs("get.ollama.com", "/")
    assert makes_programs("github.com", "/ggml-org/llama.cpp/releases")
    assert not makes_programs("github.com", "/ggml-organisation/llama.cpp/releases")
    assert not makes_programs("notollama.com", "/download")


@pytest.mark.parametrize("host", ["8.8.8.8", "0x08080808", "134744072", "010.010.010.010"])
def test_numbers_in_every_spelling_are_numbers(host: str) -> None:
    assert is_number(host)


@pytest.mark.parametrize("host", ["127.0.0.1", "192.168.1.4", "localhost", "example.com", "2130706433"])
def test_this_computer_and_names_are_no_numbers(host: str) -> None:
    assert not is_number(host)


def test_letters_of_other_alphabets_are_told() -> None:
    assert looks_foreign("huggingfаce.co")
    assert looks_foreign("xn--huggingfce-y4h.co")
    assert not looks_foreign("huggingface.co")
