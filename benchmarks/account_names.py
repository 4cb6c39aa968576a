"""Made-up names of accounts for `benchmarks/lookalike.py`: imitations of listed publishers, and ordinary ones.

The makers know nothing of how `core/identity/lookalike.py` works: they do what people do who want to be mistaken.
"""

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle

from core.identity.publishers import Directory
from core.identity.results import Publisher

_NAME = re.compile(r"[A-Za-z0-9][\w.-]{1,95}", re.ASCII)
_LEAST = 5
"""Letters of a name that a single mistyped letter still leaves recognisable: `Gwen` is nobody's `Qwen`, and
`nina-ai` nobody's `jina-ai`: a word such as `-ai` does not count."""
_SHARED = re.compile(r"[-_.]?(?:ai|labs?|org|tech|research|nlp|llm|hf|community)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Imitation:
    """A name, how it was made, and whom it imitates."""

    name: str
    kind: str
    original: str
    publisher: str


Maker = Callable[[random.Random, Publisher, str], str]
"""Makes an imitation of an account; "" if this one does not lend itself to that."""


def imitations(directory: Directory, count: int, seed: int) -> list[Imitation]:
    """`count` different names that are nobody's, all kinds in turn, every publisher about equally often."""
    chance = random.Random(seed)
    pairs = [(publisher, account) for publisher in directory.publishers for account in publisher.accounts]
    chance.shuffle(pairs)
    found: dict[str, Imitation] = {}
    waiting = cycle(pairs)
    for kind in cycle(MAKERS):
        for _ in range(len(pairs)):
            publisher, account = next(waiting)
            name = MAKERS[kind](chance, publisher, account)
            if name and name.lower() not in found and _is_new(name, account, directory):
                found[name.lower()] = Imitation(name, kind, account, publisher.id)
                break
        if len(found) >= count:
            break
    return list(found.values())


def _is_new(name: str, account: str, directory: Directory) -> bool:
    ascii_only = name.isascii()
    return (
        name.lower() != account.lower()
        and not directory.of_account(name)
        and (not ascii_only or _NAME.fullmatch(name) is not None)
    )


def _alike_in_ascii(chance: random.Random, _publisher: Publisher, account: str) -> str:
    return _exchanged(
        chance,
        account,
        {
            "l": "1I",
            "i": "l1",
            "I": "l1",
            "1": "l",
            "o": "0",
            "O": "0",
            "0": "O",
            "m": ["rn"],
            "w": ["vv"],
            "rn": "m",
            "d": ["cl"],
            "cl": "d",
        },
    )


def _digits_for_letters(chance: random.Random, _publisher: Publisher, account: str) -> str:
    return _exchanged(chance, account, {"e": "3", "a": "4", "s": "5", "t": "7", "E": "3", "A": "4", "S": "5", "T": "7"})


def _other_script(chance: random.Random, _publisher: Publisher, account: str) -> str:
    alike = {
        "a": "аɑα",
        "c": "сϲ",
        "e": "еҽ",
        "i": "іı",
        "o": "оοօ",
        "p": "рρ",
        "s": "ѕ",
        "x": "х",
        "y": "уү",
        "h": "һ",
        "j": "ј",
        "n": "ո",
        "A": "АΑᎪ",
        "B": "ВΒ",
        "H": "НΗ",
        "K": "КΚ",
        "M": "МΜ",
        "T": "ТΤ",
        "O": "ОΟ",
        "I": "ІΙ",
        "l": "ӏ",
        "d": "ԁ",
        "q": "ԛ",
        "w": "ԝ",
        "v": "ѵν",
        "g": "ɡ",
        "r": "г",
        "b": "Ь",
    }
    return _exchanged(chance, account, alike)


def _separators(chance: random.Random, _publisher: Publisher, account: str) -> str:
    if re.search(r"[-_.]", account):
        return re.sub(r"[-_.]", chance.choice(("", "_", ".")), account)
    humps = [place.start() for place in re.finditer(r"(?<=[a-z])(?=[A-Z])", account)]
    places = humps or [place for place in (account.lower().rfind(end) for end in ("ai", "lab", "nlp")) if place > 1]
    if not places:
        return ""
    place = chance.choice(places)
    return account[:place] + chance.choice("-_.") + account[place:]


def _swapped(chance: random.Random, _publisher: Publisher, account: str) -> str:
    places = [
        at
        for at in _letters(account)[:-1]
        if account[at + 1].isalpha() and account[at].lower() != account[at + 1].lower()
    ]
    if not places:
        return ""
    at = chance.choice(places)
    return account[:at] + account[at + 1] + account[at] + account[at + 2 :]


def _doubled(chance: random.Random, _publisher: Publisher, account: str) -> str:
    places = _letters(account)
    if not places:
        return ""
    at = chance.choice(places)
    return account[:at] + account[at] + account[at:]


def _halved(chance: random.Random, _publisher: Publisher, account: str) -> str:
    places = [at for at in _letters(account)[:-1] if account[at].lower() == account[at + 1].lower()]
    if not places:
        return ""
    at = chance.choice(places)
    return account[:at] + account[at + 1 :]


def _beside(chance: random.Random, _publisher: Publisher, account: str) -> str:
    keys = {
        "a": "sq",
        "b": "vn",
        "c": "xv",
        "d": "sf",
        "e": "wr",
        "f": "dg",
        "g": "fh",
        "h": "gj",
        "i": "uo",
        "j": "hk",
        "k": "jl",
        "l": "k",
        "m": "n",
        "n": "bm",
        "o": "ip",
        "p": "o",
        "q": "wa",
        "r": "et",
        "s": "ad",
        "t": "ry",
        "u": "yi",
        "v": "cb",
        "w": "qe",
        "x": "zc",
        "y": "tu",
        "z": "x",
    }
    return _at_a_letter(chance, account, lambda letter: chance.choice(keys[letter.lower()]))


def _another(chance: random.Random, _publisher: Publisher, account: str) -> str:
    return (
        ""
        if len(account) <= _LEAST
        else _at_a_letter(
            chance, account, lambda letter: chance.choice([one for one in "aeiounrst" if one != letter.lower()])
        )
    )


def _left_out(chance: random.Random, _publisher: Publisher, account: str) -> str:
    return "" if len(account) <= _LEAST else _at_a_letter(chance, account, lambda _letter: "")


def _put_in(chance: random.Random, _publisher: Publisher, account: str) -> str:
    return (
        ""
        if len(account) <= _LEAST
        else _at_a_letter(chance, account, lambda letter: letter + chance.choice("aeiounrst"))
    )


def _with_a_word(chance: random.Random, _publisher: Publisher, account: str) -> str:
    before = ("the", "real", "official", "team", "get", "try")
    after = (
        "official",
        "team",
        "hq",
        "ai",
        "labs",
        "models",
        "hub",
        "release",
        "weights",
        "inc",
        "group",
        "downloads",
        "foundation",
        "fans",
        "store",
        "backup",
    )
    if chance.random() < 0.3:
        return f"{chance.choice(before)}{chance.choice(('-', '_'))}{account}"
    return f"{account}{chance.choice(('-', '_', '.'))}{chance.choice(after)}"


def _joined_to_a_word(chance: random.Random, _publisher: Publisher, account: str) -> str:
    if chance.random() < 0.3:
        return f"{chance.choice(('the', 'real', 'official'))}{account}"
    return account + chance.choice(("official", "hq", "team", "ai", "labs", "models", "hub", "org", "inc"))


def _with_a_version(chance: random.Random, _publisher: Publisher, account: str) -> str:
    return f"{account}-{chance.choice((2, 3, 4, 2026))}{chance.choice(('-team', '-official', '', '-models'))}"


def _family(chance: random.Random, publisher: Publisher, _account: str) -> str:
    families = [
        re.sub(r"\s+", "-", one)
        for one in publisher.families
        if len(one) >= _LEAST and one not in publisher.ordinary_words
    ]
    return chance.choice(families) if families else ""


def _family_with_a_word(chance: random.Random, publisher: Publisher, _account: str) -> str:
    families = [re.sub(r"\s+", "-", one) for one in publisher.families if len(one) >= _LEAST]
    return f"{chance.choice(families)}-{chance.choice(('official', 'team', 'hq', 'models'))}" if families else ""


def _turned_round(_chance: random.Random, _publisher: Publisher, account: str) -> str:
    words = re.split(r"[-_.]", account)
    return "-".join(reversed(words)) if len(words) > 1 else ""


def _mistyped_with_a_word(chance: random.Random, publisher: Publisher, account: str) -> str:
    mistyped = chance.choice((_alike_in_ascii, _swapped, _doubled))(chance, publisher, account)
    return f"{mistyped}-{chance.choice(('official', 'team', 'ai', 'models'))}" if mistyped else ""


def _twice(chance: random.Random, publisher: Publisher, account: str) -> str:
    apart = _separators(chance, publisher, account)
    return _alike_in_ascii(chance, publisher, apart) if apart else ""


MAKERS: dict[str, Maker] = {
    "alike in ASCII": _alike_in_ascii,
    "digits for letters": _digits_for_letters,
    "letter of another script": _other_script,
    "other separators": _separators,
    "two letters swapped": _swapped,
    "letter doubled": _doubled,
    "double letter halved": _halved,
    "key beside": _beside,
    "another letter": _another,
    "letter left out": _left_out,
    "letter put in": _put_in,
    "with a word": _with_a_word,
    "joined to a word": _joined_to_a_word,
    "with a version": _with_a_version,
    "family as account": _family,
    "family with a word": _family_with_a_word,
    "words turned round": _turned_round,
    "mistyped, with a word": _mistyped_with_a_word,
    "separators and letters": _twice,
}


def _letters(account: str) -> list[int]:
    """Where a letter can be mistyped; none in a name too short for that."""
    own = _SHARED.sub("", account) if re.search(r"[-_.]|[a-z](?:AI|Lab)", account) else account
    enough = sum(map(str.isalpha, own)) >= _LEAST
    return [at for at, letter in enumerate(account) if letter.isalpha()] if enough else []


def _at_a_letter(chance: random.Random, account: str, typed: Callable[[str], str]) -> str:
    places = _letters(account)
    if not places:
        return ""
    at = chance.choice(places)
    return account[:at] + typed(account[at]) + account[at + 1 :]


def _exchanged(chance: random.Random, account: str, alike: Mapping[str, Sequence[str]]) -> str:
    """One or two exchanges."""
    for _ in range(chance.choice((1, 1, 2))):
        places = [(at, one) for one in alike for at in range(len(account)) if account.startswith(one, at)]
        if not places:
            return ""
        at, one = chance.choice(places)
        account = account[:at] + chance.choice(alike[one]) + account[at + len(one) :]
    return account


def ordinary(count: int, seed: int) -> list[str]:
    """`count` different names as people, clubs and small laboratories give themselves."""
    chance = random.Random(seed)
    found: dict[str, None] = {}
    for shape in cycle(_SHAPES):
        name = shape.format_map(_Picked(chance))
        if _NAME.fullmatch(name):
            found.setdefault(name)
        if len(found) >= count:
            return list(found)
    raise AssertionError


class _Picked(dict[str, str]):
    """Fills the blanks of a shape at random."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance

    def __missing__(self, blank: str) -> str:
        if blank == "number":
            return str(self._chance.choice((1, 7, 21, 42, 88, 99, 123, 1987, 1994, 2001, 2024)))
        picked = self._chance.choice(_WORDS[blank.lower()])
        return picked.capitalize() if blank[0].isupper() else picked


_SHAPES = (
    "{first}{last}", "{first}-{last}", "{First}{Last}", "{first}_{last}", "{first}", "{first}{number}",
    "{last}{number}", "{First}{number}", "{quality}-{thing}", "{Quality}{Thing}", "{thing}{number}", "{thing}-{thing}",
    "{first}s-{thing}", "{place}-{field}-lab", "{place}-{field}", "{Place}{Field}Lab", "{field}-{place}", "{thing}-ai",
    "{Thing}AI", "{first}-ai", "{last}-lab", "{last}lab", "{Last}Labs", "{quality}-models", "{Thing}Research",
    "{first}-{field}", "{field}-{quality}", "the-{thing}", "team-{thing}", "{place}-university", "uni-{place}",
    "{thing}-hub", "{last}-research", "{quality}{first}",
)  # fmt: skip
_WORDS = {
    "first": """ada adam aisha akira alex alice amara amir ana andrei anna anton arjun astrid ben bianca bjorn boris
        camila carlos chen chiara chloe clara claude dan dana daniel david deepa diego dmitri elena eli elif emil emma
        erik eva farid fatima felix finn gabriel george gina grace greta gwen hana hannah hans hassan heidi hugo ida
        igor ines ingrid isla ivan jack jade jamal jan jana jin joao johan john jonas jose julia kai kara karim kate
        kenji kim klaus laila lara lars laura lea leo lily lin linda luca lucia maja marco maria mark marta mateo max
        mei mia mika milan mina mira mohamed nadia nico nina noah noor olaf oleg olga omar oscar otto owen pablo paul
        pedro petra priya quentin rafael ravi rina rosa ruth sam sara sergei simon sofia stefan sven tariq thomas tim
        tina tom uma vera victor wei xavier yara yuki yusuf zara zoe""".split(),
    "last": """abe adams ahmed almeida andersson baker banerjee barros becker bell berg bianchi brown carter chan
        costa cruz dahl das davis diaz dubois evans ferrari fischer fox garcia gomez green gupta haas hall hansen
        harris hoffmann horvat huang ito ivanov jansen jensen jones kaya keller khan kim klein kowalski kumar larsen
        lee li lopez martin meyer miller moreau mueller murphy nagy nakamura nguyen nielsen novak okafor olsen park
        patel pereira perez petrov popescu quinn rao reyes ricci richter rivera rossi roy santos sato schmidt schulz
        scott silva singh smith sokolov suzuki tanaka taylor thomas torres tran turner ueda vargas vogel wagner walker
        wang weber white wilson wolf wong wright yamamoto yang young zhang zimmermann""".split(),
    "thing": """acorn anchor anvil badger bakery bamboo basil beacon beetle birch bicycle biscuit bonsai bramble bridge
        cactus candle canoe cedar chess chisel clover comet compass copper coral cricket crow dune eagle ember fern
        fiddle finch fjord fox garden ginger glacier gull harbor harvest hawk hazel hedgehog heron honey horizon igloo
        iris island ivy jasmine juniper kayak kettle kite lagoon lantern lark lavender lemon lichen lighthouse lynx
        magnet maple marble meadow mesa mint moose moss needle nettle nutmeg oak oasis olive onion orbit orchid otter
        owl oyster panda paper pebble pepper pine pixel plum pond poppy prairie puffin pumpkin quill rabbit raven reed
        ridge river robin rocket saffron sage sail salmon sparrow spruce squid stone summit swan teapot tiger thistle
        timber tulip turtle valley velvet violet walnut willow wren yarn zebra""".split(),
    "quality": """amber ancient azure bold brave bright calm clever cold cosy crimson curious deep distant early
        electric fast fuzzy gentle golden green grumpy happy hidden humble icy jolly late lazy little lucky mellow
        mighty misty modern narrow neat noisy northern odd old orange pale patient plain polite proud purple quick
        quiet rapid red rusty sharp shy silent silver simple sleepy slow small smooth solar southern spare steady
        strange sunny swift tall tidy tiny warm wild wise wooden young""".split(),
    "place": """aarhus athens austin bangalore basel bergen berlin bern bogota bologna boston bristol brno cairo
        cambridge chicago cologne cordoba dakar delft denver dublin durham edinburgh geneva ghent glasgow graz hanoi
        heidelberg helsinki istanbul kigali krakow kyoto lagos leeds leiden leipzig leuven lima lisbon ljubljana lund
        madrid malmo manila melbourne milan montreal nagoya nairobi nantes oslo oxford padua porto prague quebec riga
        rome salzburg seattle seoul split taipei tartu tokyo torino trento trieste tromso turin utrecht valencia
        vienna vilnius warsaw york zagreb""".split(),
    "field": """acoustics agents audio bio biology chemistry climate cognition compute control data diffusion dialogue
        ecology economics genomics geometry graphics health imaging language learning linguistics logic materials
        medicine ml music nlp optics parsing perception physics planning proteins quantum reasoning robotics search
        sensing signals speech statistics systems translation video vision voice""".split(),
}
