"""Keys and passwords in a Python program: whose they are, and whether they are sent to somebody else."""

import re
from collections.abc import Sequence

from core.findings import Level
from core.scanning.code.python_names import is_key_of_the_hub
from core.scanning.code.python_values import NOTHING, Value, joined_marks, words

_WHOSE = frozenset("socket.gethostname getpass.getuser os.getlogin platform.node uuid.getnode socket.getfqdn".split())
"""Name this computer or its owner."""
_KEY_RINGS = frozenset(
    "keyring.get_password keyring.get_credential google.colab.userdata.get "
    "kaggle_secrets.UserSecretsClient().get_secret".split()
)
HUB_TOKEN = ("huggingface_hub.get_token", "huggingface_hub.HfFolder.get_token", "huggingface_hub.utils.get_token")
_HUB_ADDRESS = re.compile(r"https?://(?:[\w-]+\.)*(?:huggingface\.co|hf\.co|hf\.space)(?:[/:]|$)")
_KEY = re.compile(r"(?i)token|secret|passw|credential|api_?key|private_?key")
_ASKS_A_PERSON = frozenset(
    "input getpass.getpass streamlit.text_input streamlit.sidebar.text_input click.prompt rich.prompt.Prompt.ask "
    "tkinter.simpledialog.askstring inquirer.password questionary.password".split()
)
_OF_A_WALLET = re.compile(
    r"(?i)\b(?:seed|recovery|secret|mnemonic)[ -]?(?:phrase|words?)\b|\bmnemonic\b|\bprivate[ _]key\b"
)
_PASSWORD = re.compile(r"(?i)passw|\bpin\b|token|secret|api ?key")
_WITHOUT_ADDRESS = ("smtplib.", "socket.", "ftplib.", "telegram.", "telebot.", "discord_webhook.", "slack_sdk.")
"""Ways to send something to whoever was named before."""
_SERVICES = {
    "openai": ("openai", "azure"),
    "anthropic": ("anthropic", "claude"),
    "google": ("google", "gmail", "goo.gl"),
    "gemini": ("google",),
    "huggingface": ("huggingface", "hf.co", "hf.space"),
    "github": ("github",),
    "aws": ("amazonaws", "aws"),
    "azure": ("azure", "microsoft"),
    "microsoft": ("microsoft", "outlook", "live.com", "azure"),
    "wandb": ("wandb",),
    "discord": ("discord",),
    "telegram": ("telegram",),
    "slack": ("slack",),
    "stripe": ("stripe",),
    "groq": ("groq",),
    "mistral": ("mistral",),
    "cohere": ("cohere",),
    "deepseek": ("deepseek",),
    "replicate": ("replicate",),
    "kaggle": ("kaggle",),
    "openrouter": ("openrouter",),
    "steam": ("steam",),
    "paypal": ("paypal",),
    "binance": ("binance",),
    "coinbase": ("coinbase",),
    "metamask": ("metamask",),
    "apple": ("apple", "icloud"),
    "facebook": ("facebook", "meta.com"),
    "instagram": ("instagram",),
}
"""Well-known services by how people name them, with the parts of their addresses."""
_SETTING = re.compile(r"(?i)^([a-z]+)_\w*(?:key|token|secret|password)\w*$")
_ASKS_FOR_ACCOUNT = re.compile(r"(?i)account|e-?mail|log ?in|user ?name|passw|token|api ?key")
_SAME_SERVICE = {"hf": "huggingface", "gh": "github", "hugging": "huggingface", "gmail": "google"}


def service_of(setting: object) -> str:
    """The service that the key in a setting of this name is for: `OPENAI_API_KEY`; empty if it is none we know."""
    match = _SETTING.match(setting) if isinstance(setting, str) else None
    name = _SAME_SERVICE.get(match[1].lower(), match[1].lower()) if match else ""
    return name if name in _SERVICES else ""


def _service_asked_for(prompt: str) -> str:
    """The service whose account a person is asked for, empty if none is named."""
    if not _ASKS_FOR_ACCOUNT.search(prompt):
        return ""
    spoken = (_SAME_SERVICE.get(word, word) for word in re.findall(r"[a-z]+", prompt[:500].lower()))
    return next((word for word in spoken if word in _SERVICES), "")


def _belongs_to(address: str, service: str) -> bool:
    """Whether an address is one of the service, or on this computer."""
    host = re.sub(r"^\w+://", "", address.lower())
    host = re.split(r"[/?#]", host)[0]
    return re.match(r"localhost|127\.|0\.0\.0\.0|\[::1", host) is not None or any(
        part in host for part in _SERVICES.get(service, ())
    )


class Keys:
    """Judges where the keys go that a program sends along as data."""

    def __init__(self) -> None:
        self._astray: set[str] = set()

    def sent(
        self, name: str, body: Sequence[Value], arguments: Sequence[Value], keywords: dict[str, Value]
    ) -> Level | None:
        """How much it weighs, `Level.NONE` for nothing, None for as much as the rule says.

        Some services want their key among the data; the key of the Hub is nobody else's, and nobody needs the keys
        of several services.
        """
        marks, among = joined_marks([*arguments, *keywords.values()]), joined_marks(body)
        address = next((words(one) for one in arguments if "://" in words(one)), "")
        inside = "hub_setting" in joined_marks(arguments[:1])  # given by the person, but not for an address
        away = ("://" in address and not _HUB_ADDRESS.match(address)) or name.startswith(_WITHOUT_ADDRESS)
        address = address or words(keywords.get("url", NOTHING))
        owners = {mark.removeprefix("of:") for mark in among if mark.startswith("of:")}
        strange = {one for one in owners if "://" in address and not _belongs_to(address, one)}
        self._astray |= strange
        if (("hub_token" in marks or inside) and away) or (strange and ("typed" in among or len(self._astray) > 1)):
            return None
        if "token" in among and (strange or not owners):
            return Level.CAREFUL
        return Level.NONE


def told(name: str, arguments: Sequence[Value]) -> Value | None:
    """Whose computer this is, and the keys that a person keeps in the settings or in a ring of keys."""
    marks: set[str] = set()
    if name in _WHOSE:
        marks = {"whose"}
    elif name.startswith(HUB_TOKEN):
        marks = {"token", "hub_token"}
    elif name in _KEY_RINGS:
        of_hub = any(is_key_of_the_hub(words(one)) for one in arguments[:2])
        marks = {"token", "hub_token"} if of_hub else {"token"}
    elif name in _SETTINGS and arguments and _KEY.search(words(arguments[0])):
        marks = {"token", "hub_setting"} if is_key_of_the_hub(words(arguments[0])) else {"token"}
    if "token" in marks and any(service_of(words(one)) for one in arguments[:2]):
        marks |= {f"of:{service_of(words(one))}" for one in arguments[:2] if service_of(words(one))}
    if marks:
        return Value(name=f"{name}()", marks=frozenset(marks))
    if name in _SETTINGS and len(arguments) > 1 and words(arguments[1]):
        return Value(name=f"{name}()", text=words(arguments[1]), marks=arguments[1].marks)  # unless a person sets it
    return None


_SETTINGS = frozenset({"os.getenv", "os.environ.get"})


def asked(name: str, arguments: Sequence[Value]) -> Value | None:
    """What a person is asked to type: passwords, and the words that open a wallet."""
    prompt = " ".join(map(words, arguments[:1]))[:500]
    if name not in _ASKS_A_PERSON:
        return None
    service = _service_asked_for(prompt)
    marks = {"secret"} if _OF_A_WALLET.search(prompt) else set()
    marks |= {"token"} if "pass" in name or service or _PASSWORD.search(prompt) else set()
    marks |= {f"of:{service}", "typed"} if service else set()
    return Value(name=f"{name}()", marks=frozenset(marks)) if marks else None
