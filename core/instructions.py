"""Sentences that ask a person to lower a guard: switch off protection, use a password, act as administrator, pay.

Shared by the card of a repository (`core.comparison`) and by texts among its files (`core.scanning`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_PROTECTION = (
    r"(?:anti-?virus|(?:windows|microsoft)\s+(?:defender|security)|defender|smart\s?screen|real-?time\s+protection"
    r"|firewall)"
)
_OFF_PROSE = re.compile(
    rf"(?P<ask>(?:^[\s>*_-]{{0,8}}|[.!:;•|]\s*[*_]{{0,3}}|\b(?:if|when)\b(?:[^.\n,]|\.(?=\w)){{0,80}},\s*|\b(?:please|must|need\s+to|should|have\s+to|first,?|then|to|and)\s+)(?:temporarily\s+)?)?"
    rf"\b(?:turn\s+off|switch\s+off|disable|deactivate|pause|exclude\s+\S+\s+from|stop|whitelist\s+\S+\s+in)\s+"
    rf"(?:\S+\s+){{0,4}}?{_PROTECTION}\b|\b(?P<off>turn|switch)\s+(?:\S+\s+){{0,3}}?{_PROTECTION}\s+off\b"
    rf"|\badd\s+(?:\S+\s+){{0,6}}?to\s+(?:\S+\s+){{0,3}}?{_PROTECTION}(?:'s)?\s+(?:\S+\s+){{0,2}}?(?P<list>exclusions?|exceptions?|whitelist|allow-?list)\b"
    rf"|\badd\s+(?:\S+\s+){{0,5}}?(?P<exclusion>exclusions?|exceptions?)\s+(?:\S+\s+){{0,4}}?{_PROTECTION}\b",
    re.IGNORECASE | re.MULTILINE,
)
_OTHER_WORDS = re.compile(
    r"\bmore\s+info\b[^.\n]{0,60}\brun\s+anyway\b|\bclick\s+(?:on\s+)?[\"'“‘*`]{0,3}run\s+anyway\b"
    r"|\b(?:allow|enable|turn\s+on|permit)\b[^.\n]{0,40}\b(?:unknown|untrusted)\s+(?:sources?|apps?|developers?)\b"
    r"|\b(?:click|press|choose|select)\b[^.\n]{0,20}\bopen\s+anyway\b"
    r"|(?:отключите|выключите|отключить)\s+(?:\S+\s+){0,3}?(?:антивирус|защитник)"
    r"|(?:关闭|禁用|退出)[^。\n]{0,12}(?:杀毒|防火墙|安全软件|defender)"
    r"|\b(?:deaktivier\w*|schalten?\s+sie)\b[^.\n]{0,50}(?:virenscanner|virenschutz|antivirus|defender)"
    r"|\b(?:desactiv\w+|deshabilit\w+|desativ\w+|désactiv\w+|disattiv\w+)\b[^.\n]{0,50}(?:antiv[ií]rus|defender)"
    r"|\b(?:virenscanner|virenschutz|antivirus\w*)\b[^.\n]{0,40}\b(?:aus|ab)(?:zu)?schalten\b"
    r"|(?:백신|디펜더|방화벽|실시간\s*(?:보호|감시))[^.\n]{0,20}?(?:끄|꺼|비활성|중지|해제)"
    r"|(?:ウイルス対策|アンチウイルス|defender)[^。\n]{0,15}(?:無効|オフ|停止)",
    re.IGNORECASE,
)
"""What systems ask before they start something unknown, and the commonest request in other languages."""
_NEGATED = re.compile(
    r"\b(?:not|never|n't|no\s+need\s+to|without|attempts?\s+to|tries\s+to|cannot)\s*\W*$", re.IGNORECASE
)
_ARCHIVE_PASSWORD = re.compile(
    r"\b(?:zip|rar|7z|7-zip|archive)\b[^\n]{0,60}?\b(?:password|passwort|passcode|pwd)\b\s*(?:is|are|:|=|\()"
    r"|\b(?:password|passwort|passcode|pwd)\b[^\n]{0,40}?\b(?:zip|rar|7z|7-zip|archive)\b\s*(?:is|:|=)"
    r"|(?:解压|解壓|压缩包|壓縮包)[^\n]{0,8}(?:密码|密碼)\s*[:：为是]|\bархив\w*[^\n]{0,40}\bпарол\w*|\bпарол\w*[^\n]{0,30}\bархив\w*"
    r"|압축[^.\n]{0,12}(?:비밀번호|암호)|\b(?:archiv|zip|rar)\w*\b[^\n]{0,40}\bpasswort\b|(?:解凍|圧縮)[^。\n]{0,10}パスワード|パスワード[^。\n]{0,16}解凍"
    r"|\b(?:mot\s+de\s+passe|contraseña|senha)\b[^\n]{0,40}\b(?:archive|archivo|arquivo|zip|rar)\b"
    r"|\b(?:extract|unpack|unzip|decompress)\b[^\n]{0,40}?\b(?:with|using)\s+(?:the\s+)?(?:password|passwort|passcode|pwd)\b"
    r"|\b(?:archive|unzip|extract(?:ion)?)\s+password\b|\b7za?\s+[xe]\s[^\n]{0,200}\s-p\S+|\bunzip\s[^\n]{0,200}-P\s*\S+",
    re.IGNORECASE,
)
_ADMINISTRATOR = re.compile(
    r"\b(?:run|start|open|launch|execute)\b(?:(?!\bnot\b)(?:[^.\n]|\.(?=\w))){0,60}\bas\s+(?:an?\s+|the\s+)?admin(?:istrator)?\b|-verb\s+[\"']?runas\b"
    r"|\b(?:power\s?shell|terminal|cmd|command\s+prompt)\W{1,3}as\s+(?:an?\s+|the\s+)?admin(?:istrator)?\b"
    r"|\bsudo\s+(?:-\w+\s+)*(?:python[\d.]*+(?!\s+-m\s+pip\b)|(?:ba)?sh\b(?!\s+-l?c\s+[\"']?(?:echo|printf|cat|tee|mkdir|apt|dnf|yum)\b)|\./\S+)"
    r"|от\s+имени\s+администратора|以管理员身份|以系統管理員身分|管理者として実行|\ben\s+tant\s+qu['’]administrateur\b"
    r"|관리자\s*권한으로\s*실행|\bcomo\s+administrador\b|\bals\s+administrator\s+(?:aus|starten|öffnen)",
    re.IGNORECASE,
)


_TERMINAL = re.compile(
    r"\b(?:terminal|power\s?shell|prompt|cmd|console|shell|git\s+bash|visual\s+studio|vs\s?code|docker\s+desktop|"
    r"invite\s+de\s+commandes?|eingabeaufforderung|konsole|consola|símbolo\s+del\s+sistema|командн\w+\s+строк\w+)\b|命令提示符|终端|ターミナル|터미널|명령\s*프롬프트",
    re.IGNORECASE,
)
"""What installers of systems are typed into: no program of the repository."""
_KEYS = (
    r"(?:hf_\w{0,40}(?:\.{3})?|(?:access|write|read|api|hub|hugging\s?face|hf|github)\s+(?:\w+\s+)?(?:tokens?|keys?)|"
    r"(?:seed|recovery|secret)\s+phrase|private\s+key)"
)
_HAND_OVER = re.compile(
    rf"\b(?:paste|enter|submit|send|e-?mail|provide|share|give|post|message)\b(?:(?!\bnever\b|\bnot\b)[^.\n]){{0,60}}\b{_KEYS}"
    r"(?:[^.\n]|\.(?=[\w.)])){0,60}?\b(?:in(?:to)?|to|at|via|on|by)\s+(?:[^\s.]{1,40}\s+){0,3}?"
    r"(?:<?\(?https?://(?!(?:[\w-]+\.)*(?:huggingface\.co|hf\.co|hf\.space|github\.com|wandb\.ai|openai\.com|kaggle\.com|localhost)\b|127\.|0\.0\.0\.0)"
    r"|telegram\b|discord\b|e-?mail\b|[\w.+-]{0,40}@\w{3,40})"
    r"|\bsend\s+\$?[\d.,]{1,12}\s*\$?(?:eth|btc|usdt|usdc|sol|bnb|xmr|ton|ltc|doge)\b"
    r"|\b(?:contact|message|write|ask|dm)\b[^.\n]{0,60}\btelegram\b[^.\n]{0,40}\b(?:to\s+(?:get|receive|obtain|unlock)|for)\s+"
    r"[^.\n]{0,30}\b(?:weights|password|key|full|installer|download)\b",
    re.IGNORECASE,
)
"""A key, or money, that somebody wants to have."""
_WARNS = re.compile(r"(?:\b(?:not|never|nobody|avoid)\b|n't\b)[^.\n]{0,40}$", re.IGNORECASE)


class Guard(StrEnum):
    """What the person is asked to do."""

    PROTECTION_OFF = "protection-off"
    ARCHIVE_PASSWORD = "password-archive"  # noqa: S105  a name, no password
    ADMINISTRATOR = "administrator"
    HAND_OVER = "hand-over"


_PLAIN = (
    (Guard.ARCHIVE_PASSWORD, _ARCHIVE_PASSWORD),
    (Guard.ADMINISTRATOR, _ADMINISTRATOR),
    (Guard.HAND_OVER, _HAND_OVER),
)


_ENDS = ("\n", ". ", "! ", "? ")
_FAR = 2000
"""Characters that are searched for the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A stretch of the text. `plainly`: the sentence asks, rather than speaks of it; means a program, no terminal."""

    guard: Guard
    start: int
    end: int
    plainly: bool


def asked(text: str) -> Iterator[Asked]:
    """Every such place of a text."""
    for match in _OFF_PROSE.finditer(text):
        verb = match.end("ask") if match["ask"] else match.start()
        before = text[max(0, match.start() - 30) : match.start()]
        if not _NEGATED.search(before) and not _NEGATED.search(text[max(0, match.start() - 30) : verb]):
            plainly = any(match[name] is not None for name in ("ask", "off", "exclusion", "list"))
            yield Asked(Guard.PROTECTION_OFF, match.start(), match.end(), plainly)
    for match in _OTHER_WORDS.finditer(text):
        yield Asked(Guard.PROTECTION_OFF, match.start(), match.end(), False)
    for guard, expression in _PLAIN:
        for match in expression.finditer(text):
            if guard is Guard.HAND_OVER and _WARNS.search(text[max(0, match.start() - 60) : match.start()]):
                continue
            spoken = max(match.start() - 60, text.rfind("\n", 0, match.start()) + 1)
            terminal = guard is Guard.ADMINISTRATOR and _TERMINAL.search(text[spoken : match.end()]) is not None
            yield Asked(guard, match.start(), match.end(), not terminal)


def sentence(text: str, place: Asked) -> str:
    """The sentence that a place stands in; of a very long one what stands around the place."""
    first, last = max(0, place.start - _FAR), place.end + _FAR
    starts = [found for end in _ENDS if (found := text.rfind(end, first, place.start + 1)) >= 0]
    ends = [found for end in _ENDS if (found := text.find(end, place.end, last)) >= 0]
    return text[max(starts, default=first - 1) + 1 : min(ends, default=last) + 1].strip()
