"""What a line of commands would do: judged by its text, in every reading that a shell would arrive at.

Used for scripts, for commands inside Python and notebooks, and for the target of a shortcut.
"""

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.disguises import readings
from core.hosts import odd_hosts_expression

MAX_PIECE = 8192
"""Characters of one line that are searched at once; longer lines are searched in overlapping pieces."""
_OVERLAP = 1024


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that a command does. `kind` is a rule without its first words: `scanning.code-<kind>`."""

    kind: str
    text: str
    """The words that say so, with a little of what stands around them."""
    usual: bool = False
    """True if well-known tools are installed in this very way."""


_POWERSHELL = r"\b(?:powershell|pwsh)(?:\.exe)?\b"
_FETCH = (
    r"(?:\b(?:curl|wget|iwr|irm|invoke-webrequest|invoke-restmethod|start-bitstransfer)\b|"
    r"\.(?:download|upload)(?:string|data|file)(?:async)?\b|\bxmlhttp\b|\bnet\.webclient\b)"
)
_SHELL = r"(?:(?:ba|z|da|k|a|fi)?sh|python[\d.]*|perl|ruby|node|php|pwsh|powershell(?:\.exe)?)"
_DECODER = r"(?:base64\s+(?:-d|-D|--decode|-di)|openssl\s+(?:base64|enc)\s+-d|xxd\s+-r|base32\s+-d|uudecode|rev|tr\b)"
_ODD_HOSTS = "<odd hosts>"
"""Stands for the list of `core.hosts`, which is read when the first address is looked at."""
_WALLETS = r"(?:exodus|electrum|atomic|ethereum|metamask|phantom|coinomi|armory|bytecoin|jaxx|guarda|zcash|ledger live)"
_BROWSERS = r"(?:chrome|chromium|edge|brave\w*|opera|vivaldi|yandex\w*|firefox)"


def _any(*alternatives: str) -> str:
    return "|".join(f"(?:{part})" for part in alternatives)


@functools.cache
def _expression(kind: str) -> re.Pattern[str]:
    """Compiled at the first need: most files have no commands, and compiling all takes as long as starting Python."""
    expression = _DEEDS[kind]
    if _ODD_HOSTS in expression:
        expression = expression.replace(_ODD_HOSTS, odd_hosts_expression())
    return re.compile(expression, re.IGNORECASE)


_DEEDS = {
    "download-and-run": _any(
        r"\b(?:curl|wget|fetch|aria2c)\b[^|\n]{1,500}\|(?:[^|\n]{0,80}\|)?\s*(?:sudo\s+(?:-\w+\s+)*)?(?:/\S+/)?(?:env\s+)?"
        + _SHELL
        + r"\b(?!\s+-m\s+json)",
        r"\b(?:(?:ba|z|da|k)?sh|source|eval|exec|python[\d.]*|perl)\b[^\n]{0,40}(?:<\(|\$\(|`)\s*(?:curl|wget)\b",
        _FETCH + r"[^\n]{0,500}(?:\||;)\s*(?:&\s*)?\(?(?:iex|invoke-expression)\b",
        r"\b(?:iex|invoke-expression)\b[^\n]{0,200}" + _FETCH,
        r"\[scriptblock\]::create\([^\n]{0,200}" + _FETCH,
        r"\bmshta(?:\.exe)?\s+[\"']?(?:https?:|javascript:|vbscript:|\\\\)",
        r"\bregsvr32\b[^\n]{0,200}(?:/i:\S*//|scrobj)",
        r"\brundll32\b[^\n]{0,200}(?:javascript:|https?:|\\\\[\w.]+[@\\])",
        r"\bmsiexec\b[^\n]{0,200}https?://",
        r"\bcertutil\b[^\n]{0,200}[-/](?:urlcache|verifyctl)\b",
        r"\bbitsadmin\b[^\n]{0,200}/(?:transfer|addfile)\b",
        r"\b(?:cscript|wscript|installutil|odbcconf|cmstp|hh|presentationhost)(?:\.exe)?\s[^\n]{0,100}https?://",
        r"\breflection\.assembly\]?::load\b[^\n]{0,200}(?:" + _FETCH + r"|frombase64)",
    ),
    "decode-and-run": _any(
        r"\|\s*" + _DECODER + r"[^\n|]{0,80}\|(?:[^\n|]{0,60}\|){0,2}\s*(?:sudo\s+)?(?:/\S+/)?" + _SHELL + r"\b",
        r"\b(?:eval|(?:ba|z)?sh\s+-c|source|exec)\b[^\n]{0,30}(?:\$\(|`|<\()[^\n]{0,400}\|\s*" + _DECODER,
        r"\b(?:(?:ba|z|da)?sh)\s*<<<\s*[\"']?(?:\$\(|`)[^\n]{0,400}" + _DECODER,
        r"\b(?:iex|invoke-expression)\b[^\n]{0,300}(?:frombase64string|\[char\[?\]?\]|-join|-replace|-f\s*[\"'])",
        r"frombase64string[^\n]{0,600}\|\s*(?:&\s*)?\(?(?:iex|invoke-expression)\b",
        r"\b(?:eval|execute(?:global)?|settimeout|setinterval|new\s+function|function)\s*\(?\s*\(?(?:window\.)?"
        r"(?:atob|unescape|decodeuricomponent|string\.fromcharcode|strreverse|chrw?\(|base64)",
        r"\bcertutil\b[^\n]{0,100}[-/]decode(?:hex)?\b",
        r"\bexec\s*\(\s*(?:base64|codecs|zlib|marshal|binascii|bytes\.fromhex|__import__\s*\(\s*[\"'](?:base64|zlib|marshal))",
    ),
    "hidden-command": _any(
        _POWERSHELL + r"[^\n]{0,300}\s[-/–]w(?:i(?:n(?:d\w*)?)?)?[\s:]+[\"']?(?:h(?:i(?:d(?:d(?:en?)?)?)?)?|1)\b",
        r"\s[-/]windowstyle\s+[\"']?hidden\b",
        _POWERSHELL + r"[^\n]{0,300}\s[-/–]e(?:c|nc?|nco\w*)?\s+[\"']?[A-Za-z0-9+/]{16,}",
        r"\bstart\s+/b\s+[^\n]{0,20}\bpythonw?\b[^\n]{0,200}>\s*nul",
        r"\.run\s*\(?[^\n]{1,300},\s*0\s*(?:,\s*(?:true|false))?\s*\)?\s*$",
        r"\bshellexecute\b[^\n]{1,300},\s*0\s*\)?\s*$",
    ),
    "protection-off": _any(
        r"\bset-mppreference\b[^\n]{0,200}-disable\w+",
        r"\b(?:add|set)-mppreference\b[^\n]{0,200}-(?:exclusion\w+|\w+defaultaction|mapsreporting|submitsamples\w*)",
        r"\bdisable(?:antispyware|realtimemonitoring|behaviormonitoring|antivirus)\b",
        r"\bwindows defender\\+exclusions\b|\bmpcmdrun(?:\.exe)?\b[^\n]{0,60}-removedefinitions",
        r"\bsc(?:\.exe)?\s+(?:stop|delete|config)\s+(?:windefend|mpssvc|sense|wscsvc)\b",
        r"\bnet\s+stop\s+[\"']?(?:windefend|mpssvc|wscsvc)|\btaskkill\b[^\n]{0,60}(?:msmpeng|avp|avgui|mbam)",
        r"\bnetsh\b[^\n]{0,60}firewall\b[^\n]{0,60}\b(?:state\s+off|opmode\s+disable)",
        r"\bset-netfirewallprofile\b[^\n]{0,80}false",
        r"\b(?:ufw\s+disable|setenforce\s+0|spctl\s+--(?:master|global)-disable|csrutil\s+disable)\b",
        r"\bamsi(?:utils|initfailed|scanbuffer|context)\b|\betweventwrite\b",
        r"\benablelua\b[^\n]{0,60}\b0\b|\bconsentpromptbehavioradmin\b",
        r"\bvssadmin\b[^\n]{0,60}delete\s+shadows|\bbcdedit\b[^\n]{0,80}recoveryenabled\s+no|\bwevtutil\s+cl\b",
    ),
    "autostart": _any(
        r"\bschtasks(?:\.exe)?\b[^\n]{0,80}/create\b",
        r"\bregister-scheduledtask\b|\bnew-scheduledtask(?:action|trigger)\b",
        r"\\+currentversion\\+(?:run(?:once)?(?:ex)?|policies\\+explorer\\+run)\b|\\+winlogon\\+(?:shell|userinit)\b",
        r"start menu[\\/]+programs[\\/]+startup|\bshell:(?:common )?startup\b|[\\/]autostart[\\/]",
        r"library/launch(?:agents|daemons)/|\blaunchctl\s+(?:load|bootstrap)\b",
        r"\bcrontab\s+(?:-\s|-$|/|\w)|\|\s*crontab\b|>>?\s*[\"']?/etc/cron|/etc/cron\.d/|@reboot\s",
        r">>?\s*[\"']?(?:~|\$home|\$\{home\})/\.(?:bashrc|profile|zshrc|bash_profile|zprofile)\b",
        r"[\"']?(?:~|\$home)?/?\.?(?:config/systemd/user|etc/systemd/system)/\S+\.service|\bsystemctl\s+(?:--user\s+)?enable\b",
        r"\bsc(?:\.exe)?\s+create\b[^\n]{0,200}binpath|\bnew-service\b|__eventfilter\b|commandlineeventconsumer",
        r">>?\s*[\"']?\S*authorized_keys\b|/etc/ld\.so\.preload",
    ),
    "secrets": _any(
        r"\blogin data\b|\bkey[34]\.db\b|\blogins\.json\b|\bcookies\.sqlite\b",
        r"\b" + _BROWSERS + r"\b[^\n]{0,120}(?:\\|/)(?:network(?:\\|/))?(?:cookies|web data|local state|user data)\b",
        r"\bsecurity\s+(?:dump-keychain|find-(?:generic|internet)-password)\b|login\.keychain",
        r"\bwallet\.dat\b|nkbihfbeogaeaoehlefnkodbefgpgknn|bfnaelmomeimhlpmgjnjophhpkkoljpa",
        r"(?:\\|/)" + _WALLETS + r"(?:\\|/)(?:wallets|keystore|exodus\.wallet|leveldb)",
        r"\.ssh[\\/]+(?:id_(?:rsa|ed25519|ecdsa|dsa))\b(?!\.pub)|\.ssh[\\/]*(?:\*|[\"']?\s*$)|\.aws[\\/]+credentials\b|"
        r"\.kube[\\/]+config\b|\.docker[\\/]+config\.json\b|\.git-credentials\b|\.azure[\\/]+\w*token",
        r"huggingface[\\/]+(?:stored_)?tokens?\b|\.config[\\/]+gcloud[\\/]+\S*credential",
        r"/etc/shadow\b|\blsass\b[^\n]{0,60}\bdump|\bmimikatz\b|\bsekurlsa\b|\breg\s+save\s+hklm\\+(?:sam|system|security)",
        r"discord\w*[^\n]{0,60}local storage[\\/]+leveldb|telegram desktop[\\/]+tdata|steam[^\n]{0,60}\bssfn|"
        r"filezilla[\\/]+(?:recentservers|sitemanager)\.xml",
        r"\bcryptunprotectdata\b|\bvaultcmd\b|\bcmdkey\s+/list\b|\bnetsh\s+wlan\s+show\s+profile[^\n]{0,80}key=clear",
    ),
    "reverse-shell": _any(
        r"/dev/(?:tcp|udp)/",
        r"\bn(?:c|cat|etcat)(?:\.exe|\.traditional)?\b[^\n]{0,60}\s-\w*[ec]\s+\S*(?:sh|cmd|powershell)",
        r"\bsocat\b[^\n]{0,160}\bexec:",
        r"\bnet\.sockets\.tcpclient\b",
        r"\bmkfifo\b[^\n]{0,160}\b(?:nc|ncat|telnet|openssl)\b",
        r"\b(?:fsockopen|tcpsocket\.(?:new|open)|socket\(s,pf_inet)\b[^\n]{0,200}(?:exec|sh\b)",
        r"\bexec\s+\d+<>/dev/tcp",
    ),
    "sends-away": _any(r"discord(?:app)?\.com/api/webhooks/|api\.telegram\.org/bot|hooks\.slack\.com/services/"),
    "sends-secrets": _any(
        r"\b(?:curl|wget)\b[^\n]{0,300}(?:\s-(?:d|F|T)\s*|--data(?:-\w+)?[\s=]|--upload-file\s|--post-file[\s=])[^\n]{0,40}"
        r"(?:@|\$\(|`)[^\n]{0,80}(?:env\b|printenv|\.ssh|\.aws|/etc/passwd|token|history|cat\b)",
        r"\b(?:env|printenv|set)\s*\|[^\n]{0,60}\b(?:curl|nc|wget)\b",
    ),
    "policy-bypass": _any(
        r"[-/]e(?:p|x(?:ec)?(?:utionpolicy)?)\s+[\"']?(?:bypass|unrestricted)\b",
        r"\bset-executionpolicy\b[^\n]{0,60}\b(?:bypass|unrestricted)\b",
        r"\bxattr\b[^\n]{0,60}com\.apple\.quarantine|\bxattr\s+-\w*c|\bunblock-file\b|:zone\.identifier",
    ),
    "elevation": _any(
        r"\s-verb\s+[\"']?runas\b|\bshellexecute\w*\b[^\n]{0,200}[\"']runas[\"']|\bfodhelper\b|\bcomputerdefaults(?:\.exe)?\b",
        r"\bnet\s+localgroup\s+administrators\b[^\n]{0,60}/add\b|\bms-settings\\+shell\\+open\b",
        r"nopasswd:\s*all\b|\bchmod\s+(?:u?\+s|[4267]\d{3})\b",
    ),
    "self-delete": _any(
        r"\b(?:del|erase)\b[^\n&|]{0,60}%~(?:f|dp|dpnx|s)*0",
        r"\brm\s+(?:-\w+\s+)*[\"']?\$(?:0|\{0\}|\{?BASH_SOURCE)",
        r"\bremove-item\b[^\n]{0,80}(?:\$myinvocation|\$pscommandpath)|\.deletefile\s*\(?\s*wscript\.scriptfullname",
        r"(?:ping|timeout|choice)\b[^\n&]{0,60}&+\s*(?:del|erase|rmdir|rd)\b",
    ),
    "odd-address": _any(
        r"https?://(?:[\w-]+\.)*(?:" + _ODD_HOSTS + r")(?![\w.-]*\w)",
        r"https?://(?!127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.)(?:\d{1,3}\.){3}\d{1,3}\b",
        r"https?://(?:0x[0-9a-f]{8}|\d{8,10})(?:[:/]|$)",
    ),
    "destroys": _any(
        r"\brm\s+-(?:rf|fr|r\s+-f)\s+(?:--no-preserve-root\s+)?[\"']?(?:/|(?:~|\$home)/?)(?:\*|\s|[\"']|$)",
        r"\bformat\s+[c-z]:\s*/|\b(?:del|rd|rmdir)\s+(?:/\w\s+)+[\"']?[c-z]:\\(?:\*|\s|$|users|windows)",
        r"\bdd\s+if=/dev/(?:zero|u?random)\s+of=/dev/(?:sd|nvme|disk|hd)|\bmkfs(?:\.\w+)?\s+/dev/|:\(\)\s*\{\s*:\|:&\s*\};:",
    ),
    "mines": _any(
        r"\bstratum\+(?:tcp|ssl)://|\bxmrig\b|\b(?:nanopool|minexmr|supportxmr|hashvault|2miners|nicehash)\.\w+"
    ),
}
"""By kind. Every expression is bounded, so that no line takes long."""

_WORDS = {
    "download-and-run": (
        "curl wget fetch aria2c iwr irm invoke- bits download upload xmlhttp webclient mshta regsvr32 rundll32 msiexec "
        "certutil cscript wscript installutil odbcconf cmstp hh presentationhost reflection"
    ),
    "decode-and-run": (
        "base64 base32 openssl xxd uudecode rev tr iex invoke-expression eval execute settimeout setinterval function "
        "decode exec"
    ),
    "hidden-command": "powershell pwsh windowstyle start run shellexecute",
    "protection-off": (
        "mppreference disable defender mpcmdrun sc net taskkill firewall ufw setenforce spctl csrutil "
        "amsi etweventwrite enablelua consentprompt vssadmin bcdedit wevtutil"
    ),
    "autostart": (
        "schtasks scheduledtask currentversion winlogon startup autostart launchagents launchdaemons launchctl cron "
        "@reboot bashrc profile zshrc systemd systemctl binpath new-service __eventfilter eventconsumer "
        "authorized_keys ld.so.preload"
    ),
    "secrets": (
        "login key3.db key4.db cookies web wallet local user keychain security nkbih bfnael exodus electrum atomic "
        "ethereum metamask phantom coinomi armory bytecoin jaxx guarda zcash ledger .ssh .aws .kube .docker .git-cred "
        ".azure huggingface gcloud shadow lsass mimikatz sekurlsa reg tdata ssfn "
        "filezilla cryptunprotectdata vaultcmd cmdkey wlan data"
    ),
    "reverse-shell": "/dev/ nc ncat netcat socat tcpclient mkfifo fsockopen tcpsocket socket(",
    "sends-away": "discord telegram slack",
    "sends-secrets": "curl wget env set",
    "policy-bypass": "bypass unrestricted xattr unblock zone.identifier",
    "elevation": "runas fodhelper computerdefaults localgroup ms-settings nopasswd chmod",
    "self-delete": "del erase rm remove-item deletefile rmdir rd",
    "odd-address": "://",
    "destroys": "rm format del rd dd mkfs :(",
    "mines": "stratum xmrig nanopool minexmr supportxmr hashvault 2miners nicehash",
}
"""A line without any of these words is not searched for the kind: most lines have none."""
_NEEDED = {kind: tuple(words.split()) for kind, words in _WORDS.items()}

_ADDRESS = re.compile(r"https?://[^\s\"'<>|)]+", re.IGNORECASE)
_KNOWN_INSTALLER = re.compile(
    r"https://(?:astral\.sh|sh\.rustup\.rs|get\.docker\.com|install\.python-poetry\.org|(?:www\.)?ollama\.com|bun\.sh|"
    r"pixi\.sh|lmstudio\.ai|huggingface\.co|hf\.co|bootstrap\.pypa\.io|deb\.nodesource\.com|repo\.anaconda\.com|"
    r"raw\.githubusercontent\.com/(?:nvm-sh|Homebrew|pyenv))(?:/|$)",
    re.IGNORECASE,
)
_QUICK = re.compile(r"[\w$%^`\"'/\\.]{2}")


_ACCOUNT_FILES = re.compile(
    r"(?:^|[~\\/])\.(?:netrc|pgpass|npmrc|pypirc|(?:bash|zsh|python|psql|mysql)_history)$", re.IGNORECASE
)
"""Honest programs read them too, each its own: only who opens one and sends something is a thief."""


_STARTED_BY_ITSELF = re.compile(
    r"(?:^|[~\\/])\.(?:bashrc|bash_profile|bash_login|profile|zshrc|zshenv|zprofile|zlogin|xinitrc|xprofile|xsessionrc)$"
    r"|(?:^|[\\/])etc[\\/](?:cron|rc\.local|profile|init\.d|systemd|ld\.so\.preload)"
    r"|\.config[\\/](?:autostart|systemd)[\\/]|Launch(?:Agents|Daemons)[\\/]|Programs[\\/]Startup(?:[\\/]|$)"
    r"|\.git[\\/]hooks[\\/]|\.ssh[\\/](?:authorized_keys\d?|rc)$|PowerShell[\\/][^\\/]*profile\.ps1$"
    r"|\.ipython[\\/]profile_default[\\/]startup[\\/]",
    re.IGNORECASE,
)


def names_autostart(path: str) -> bool:
    """Whether what is written into a file of this path starts by itself later on."""
    return _STARTED_BY_ITSELF.search(path[:2000]) is not None


def names_secret(path: str) -> bool:
    """Whether a path leads to passwords, keys or wallets."""
    return _ACCOUNT_FILES.search(path) is not None or any(deed.kind == "secrets" for deed in deeds(path))


def deeds(line: str) -> Iterator[Deed]:
    """What a line does, in every reading of it; each kind once."""
    told: set[str] = set()
    for start in range(0, max(len(line), 1), MAX_PIECE - _OVERLAP):
        piece = line[start : start + MAX_PIECE]
        if not _QUICK.search(piece):
            continue
        for reading in readings(piece):
            low = reading.lower()
            for kind, words in _NEEDED.items():
                if kind in told or not any(word in low for word in words):
                    continue
                match = _expression(kind).search(reading)
                if match is not None:
                    told.add(kind)
                    text = reading[max(0, match.start() - 40) : match.end() + 120].strip()
                    yield Deed(kind, text, kind == "download-and-run" and _usual(reading))


def _usual(line: str) -> bool:
    """Whether all addresses are those from which well-known tools are installed."""
    addresses = _ADDRESS.findall(line)
    return bool(addresses) and all(_KNOWN_INSTALLER.match(address) for address in addresses)
