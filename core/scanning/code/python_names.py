"""One name for one function, however it is reached."""

import functools
import re

_SAME = (
    (re.compile(r"^.*\.__builtins__(?=[.\[])"), "builtins"),
    (re.compile(r"^.*\.__globals__\[(\w+)\]"), r"\1"),
    (re.compile(r"^(?:__builtins__|builtins|__builtin__)(?:\.__dict__)?\[(\w+)\]"), r"\1"),
    (re.compile(r"^(?:builtins|__builtins__|__builtin__)\.(?!__dict__$)"), ""),
    (re.compile(r"^(?:posix|nt)\."), "os."),
    (re.compile(r"^sys\.modules\[([\w.]+)\]"), r"\1"),
    (re.compile(r"\.__dict__\[(\w+)\]"), r".\1"),
    (re.compile(r"\.__call__$"), ""),
    (re.compile(r"\.__(?:getattribute|getattr)__$"), ".__getattribute__"),
    (re.compile(r"^urllib2\."), "urllib.request."),
    (re.compile(r"^urllib\.(?=urlopen|urlretrieve)"), "urllib.request."),
    (re.compile(r"^(?:_pickle|cPickle|dill|cloudpickle)\."), "pickle."),
    (re.compile(r"^importlib\._bootstrap\."), "importlib."),
    (re.compile(r"^[A-Za-z_][\w.]*\.(os|subprocess|builtins|importlib)\.(?=\w)"), r"\1."),  # `torch.os.system`
    (re.compile(r"^(?:builtins)\.(?!__dict__$)"), ""),
)


@functools.lru_cache(maxsize=4096)
def called_name(name: str) -> str:
    """The usual name of a function: `sys.modules[os].system` and `posix.system` are `os.system`."""
    for expression, usual in _SAME:
        name = expression.sub(usual, name)
    return name


def attribute_name(base: str, attribute: str) -> str:
    """The name of an attribute, empty for one of a value without a name."""
    return called_name(f"{base}.{attribute}") if base else f".{attribute}"


_KEY_OF_THE_HUB = re.compile(r"(?i)^(?:HF|HUGGING_?FACE)\w{0,20}TOKEN$")


def is_key_of_the_hub(name: object) -> bool:
    """Whether a setting of this name holds the key to an account of the Hub (huggingface_hub: environment)."""
    return isinstance(name, str) and _KEY_OF_THE_HUB.match(name) is not None
