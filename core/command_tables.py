"""What commands do, as data: expressions by kind; the words that they cannot do without are in `core.command_words`.

Read by `core.command_lines`. Every expression is bounded, so that no line takes long.
"""

import re

_POWERSHELL = r"\b(?:powershell|pwsh)(?:\.exe)?\b"
_FETCH = (
    r"(?:\b(?:curl|wget|iwr|irm|invoke-webrequest|invoke-restmethod|start-bitstransfer)\b|"
    r"\.(?:download|upload)(?:string|data|file)(?:async)?\b|\bxmlhttp\b|\bnet\.webclient\b)"
)
_SHELL = r"(?:(?:ba|z|da|k|a|fi)?sh|python[\d.]*|perl|ruby|node|php|pwsh|powershell(?:\.exe)?|cmd(?:\.exe)?|source|iex)"
_WRAPPERS = (
    r"(?:(?:sudo|doas|env|exec|nohup|setsid|busybox|command|chroot|nsenter|timeout|time|stdbuf|xargs)\s++"
    r"(?:(?!(?:(?:ba|z|da)?sh|sudo|doas|env|exec|nohup|setsid|busybox|command|chroot|nsenter|timeout|time|stdbuf|xargs)\b)"
    r"[-\w=/.:@$]{1,60}\s++){0,6}){0,6}"
)
"""Programs that start another one, with their own arguments."""
_FILTER = r"(?!\s+-\w*[en]\w*\s+(?![^|\n]{0,200}\b(?:eval|exec|system)\b))"
"""Not behind an interpreter that is given its program as an option (`perl -pe`): it only reads what is handed to it."""
_DECODER = (
    r"(?:base64\s+(?:-d|-D|--decode|-di)|openssl\s+(?:base64|enc)\s[^|\n]{0,120}-d|xxd\s+-r|base32\s+-d|uudecode|rev|tr\b|"
    r"gpg\s[^|\n]{0,80}-d|gunzip|zcat|gzip\s+-d|bunzip2|xz\s+-d)"
)
ODD_HOSTS = "<odd hosts>"
"""Stands for the list of `core.hosts`, which is read when the first address is looked at."""
_WALLETS = r"(?:exodus|electrum|atomic|ethereum|metamask|phantom|coinomi|armory|bytecoin|jaxx|guarda|zcash|ledger live)"
_BROWSERS = r"(?:chrome|chromium|edge|brave\w*|opera|vivaldi|yandex\w*|firefox)"


def _any(*alternatives: str) -> str:
    return "|".join(f"(?:{part})" for part in alternatives)


DEEDS = {
    "download-and-run": _any(
        r"\b(?:curl|wget|fetch|aria2c)\b[^|\n]{1,500}\|(?:[^|\n]{0,80}\|)?\s*"
        + _WRAPPERS
        + r"(?:/\S{1,60}/)?(?:env\s+)?"
        + _SHELL
        + r"\b(?!\s+-m\s+json)",
        r"\b(?:(?:ba|z|da|k)?sh|source|eval|exec|python[\d.]*|perl)\b[^\n]{0,40}(?:<\(|\$\(|(?<=[\s\"'(=])`)\s*(?:/\S{1,20}/)?(?:curl|wget|dig|nslookup)\b",
        _FETCH + r"[^\n]{0,500}(?:\||;)\s*(?:&\s*)?\(?(?:iex|invoke-expression)\b",
        r"\b(?:iex|invoke-expression)\b\s*(?:-\w+\s*)?[\"'(&${\[][^\n]{0,200}" + _FETCH,
        r"\[scriptblock\]::create\([^\n]{0,200}" + _FETCH,
        r"\b(?:lynx\s+-(?:source|dump)|GET)\s[^|\n]{1,300}\|\s*(?:sudo\s+)?" + _SHELL + r"\b",
        r"(?:^|[;&|]\s*)\.\s+<\(\s*(?:curl|wget)\b",
        r"\bfor\s+/f\b[^\n]{0,80}\([\s'`\"]*(?:curl|wget|powershell|pwsh|certutil)[^\n]{1,400}\)\s*do\s+(?:call\s+|cmd\s+/c\s+|start\s+)?%{1,2}~?\w\s*$",
        r"\b(?:exec|eval)\s*\(?[^\n]{0,200}\b(?:urlopen|requests\.get|httpx\.get|urlretrieve|file_get_contents|uri\.open|lwp|http::tiny)\b",
        r"\bcreatewritestream\(\s*(?P<saved>[^\n,;]{3,80}?)\s*\)(?=[\s;,.)])[^\n]{0,2000}\b(?:spawn|exec|execfile|fork)(?:sync)?\(\s*(?P=saved)",
        r"\becho\b[^\n]{0,300}\b(?:xmlhttp|winhttprequest|adodb\.stream)\b[^\n]{0,300}>\s*[\"']?\S{1,200}\.(?:vbs|vbe|js|wsf|hta)\b",
        r"\\\\[\w.-]{1,100}@(?:ssl|\d{2,5})[@\\]",
        r"(?:^\s*-?include\s+|\$\(eval\s+)\$\(shell\s[^\n]{0,80}\b(?:curl|wget)\b",
        r"[\"']curl\s[^\"'\n]{1,300}[\"']\s*\.execute\(\)\s*\|\s*[\"'](?:ba)?sh\b",
        r"\buse\s+lwp\b[^\n]{0,200}\beval\b|\bsource\s*\(\s*[\"']https?://",
        r"\beval\s*\([^\n)]{0,60}\bresponsetext\b|\bgetobject\s*\(?\s*[\"']script:",
        r"(?:\bhttps?(?:[\"']\s*\))?\.(?:get|request)|\bfetch|\baxios(?:\.get)?)\s*\([^\n;]{0,300}?(?<![\w.])(?:eval|new\s+function|child_process)\b",
        r"\bwmic\b[^\n]{0,80}/format:\s*[\"']?(?:https?:|\\\\)|\bftp(?:\.exe)?\s[^\n]{0,40}-s:",
        r"\b(?:start|call|cmd\s+/c)\s+(?:\"\"\s+)?[\"']?\\\\(?:\d{1,3}\.){3}\d{1,3}\\|\bnet\s+use\s[^\n]{0,20}\\\\(?:\d{1,3}\.){3}\d{1,3}\\",
        r"\bscp\s[^\n]{1,200}:\S+\s+(?P<copied>\S+)\s*(?:&&|;)\s*(?:(?:ba|z)?sh|python[\d.]*)\s+(?P=copied)\b",
        r"\bmshta(?:\.exe)?\s+[\"']?(?:https?:|javascript:|vbscript:|\\\\)",
        r"\bregsvr32\b[^\n]{0,200}(?:/i:\S*//|scrobj)",
        r"\brundll32\b[^\n]{0,200}(?:javascript:|https?:|\\\\[\w.]+[@\\])",
        r"\bmsiexec\b[^\n]{0,200}https?://",
        r"\bcertutil\b[^\n]{0,200}[-/](?:urlcache|verifyctl)\b",
        r"\bbitsadmin\b[^\n]{0,200}/(?:transfer|addfile)\b",
        r"\b(?:cscript|wscript|installutil|odbcconf|cmstp|hh|presentationhost)(?:\.exe)?\s[^\n]{0,100}https?://",
        r"\bscrobj\.dll[\"']?\s*,\s*ni\s*,\s*[\"']?(?:https?:|\\\\)",
        r"(?:^|[;&(`]\s*)[\"']?\$\{?\w+\}?[\"']?\s[^|\n]{0,200}https?://[^|\n]{1,300}\|\s*(?:sudo\s+)?"
        + _SHELL
        + r"\b",
        r"\bscrobj\.dll\b[^\n]{0,40}https?://",
        r"\breflection\.assembly\]?::load\b[^\n]{0,200}(?:" + _FETCH + r"|frombase64)",
    ),
    "decode-and-run": _any(
        r"\|\s*"
        + _DECODER
        + r"[^\n|]{0,80}\|(?:[^\n|]{0,60}\|){0,2}\s*(?:sudo\s+)?(?:/\S+/)?"
        + _SHELL
        + r"\b"
        + _FILTER,
        r"\b(?:eval|(?:ba|z)?sh\s+-c|source|exec)\b[^\n]{0,30}(?:\$\(|`|<\()[^\n]{0,400}(?<!\|)\|\s*" + _DECODER,
        r"\b(?:(?:ba|z|da)?sh)\s*<<<\s*[\"']?(?:\$\(|`)[^\n]{0,400}" + _DECODER,
        r"\b(?:iex|invoke-expression)\b[^\n]{0,300}(?:frombase64string|\[char\[?\]?\]|-join|-replace|-f\s*[\"'])",
        r"frombase64string[^\n]{0,600}\|\s*(?:&\s*)?\(?(?:iex|invoke-expression)\b",
        r"\b(?:eval\s*\(?|execute(?:global)?\s*\(?|settimeout\s*\(|setinterval\s*\(|function\s*\()\s*\(?(?:window\.)?"
        r"(?:atob|unescape|decodeuricomponent|string\.fromcharcode|strreverse|chrw?\(|base64|"
        r"buffer\.from\([^\n]{1,4000}?,\s*[\"'](?:base64|hex)[\"'])",
        _DECODER + r"\s*(?:-\s*)?<<-?\s*[\"']?\w+[\"']?\s*\|\s*(?:sudo\s+)?" + _SHELL + r"\b",
        r"\b(?:tail|sed|awk|head|dd)\b[^|\n]{0,80}\$\{?0[^|\n]{0,40}\|(?:[^|\n]{0,80}\|){0,2}\s*(?:sudo\s+)?"
        + _SHELL
        + r"\b",
        r"\b(?:tail|sed|awk|head|dd)\b[^|\n]{0,80}\$\{?0[^\n]{0,200}(?:&&|;)\s*(?:sudo\s+)?(?:exec\s+)?"
        r"(?:(?:ba|z|da)?sh\s+[^-\s]|\./|/(?:tmp|var/tmp|dev/shm)/)",
        r"^\s*" + _DECODER + r"[^\n|]{1,200}\|\s*(?:sudo\s+)?" + _SHELL + r"\b",
        r"\b(?:eval|execute(?:global)?)\b[\s(]+[^\n]{0,400}(?:\.reverse\(\)\.join|fromcharcode|base64_decode|gzinflate|str_rot13|unpack\s*\()",
        r"\brequire\s*\(\s*[\w$]{1,40}(?:\([^()\n]{0,60}\)|\[[^\[\]\n]{1,60}\])\s*\)\s*(?:\[[^\]\n\"']{1,80}\]|\.(?:exec|spawn|eval)\w{0,8})\s*\(",
        r"\bimport\s*\(\s*[\"'`]data:(?:text|application)/(?:java|ecma)script\b",
        r"[\[\]()!+]{150,}|\beval\s*\(\s*function\s*\(\s*p\s*,\s*a\s*,\s*c\s*,\s*k|^#@~\^|\.run\b[\s(]+strreverse\b",
        r"\bcertutil\b[^\n]{0,100}[-/]decode(?:hex)?\b",
        r"\bexec\s*\(\s*(?:base64|codecs|zlib|marshal|binascii|bytes\.fromhex|__import__\s*\(\s*[\"'](?:base64|zlib|marshal))",
    ),
    "hidden-command": _any(
        _POWERSHELL + r"[^\n]{0,300}\s[-/–]w(?:i(?:n(?:d\w*)?)?)?[\s:]+[\"']?(?:h(?:i(?:d(?:d(?:en?)?)?)?)?|1)\b",
        r"\s[-/]windowstyle\s+[\"']?hidden\b",
        _POWERSHELL + r"[^\n]{0,300}\s[-/–]e(?:c|nc?|nco\w*)?\s+[\"']?[A-Za-z0-9+/]{16,}",
        r"\bwmic\b[^\n]{0,40}\bprocess\s+call\s+create\b|\bwin32_process\b[^\n]{0,300}\.create\b|\btype\s+[^\n>]{1,80}>\s*[^\s:>]{2,80}:[\w.]+",
        r"\b[cw]script(?:\.exe)?\b[^\n]{0,60}//e:\w+|\b(?:installutil|msbuild|regasm|regsvcs)(?:\.exe)?\b[^\n]{0,80}\s[\w.%~\\-]+\.(?:dll|xml|exe)\b",
        r"\bforfiles\b[^\n]{0,200}/c\s+[\"']?(?:cmd(?:\.exe)?\s+/c\s+)?(?:start|powershell|mshta|[\w.\\%~-]{1,200}\.(?:exe|dll|bat|vbs|js))\b",
        r"\bpcalua(?:\.exe)?\s[^\n]{0,40}-a\s|\bcmstp(?:\.exe)?\s[^\n]{0,60}/(?:s|au|ni)\b|\bscriptrunner(?:\.exe)?\s[^\n]{0,40}-appvscript\b",
        r"\brundll32(?:\.exe)?\s[^\n]{0,120}(?:launchinfsection|installhinfsection|shellexec_rundll|routethecall|launchapplication"
        r"|url\.dll[\"']?\s*,\s*(?:fileprotocolhandler|openurl)\w*\s+[\"']?(?!https?:))|\bconhost(?:\.exe)?\s+--headless\b",
        r"\bregsvr32(?:\.exe)?\s[^\n]{0,40}/s\b[^\n]{0,60}%~dp0|\bcontrol(?:\.exe)?\s+[\"']?\S+\.cpl\b|\brundll32\b[^\n]{0,60}%~dp0",
        r"^\s*update\s*=\s*!|^\s*url\s*=\s*[\"']?(?:ext::|-)|^\s*(?:fsmonitor|sshcommand|gitproxy)\s*=\s*[\"']?(?!true|false)\S",
        r"\bstart\s+/b\s+[^\n]{0,20}\bpythonw?\b[^\n]{0,200}>\s*nul",
        r"\.run\s*\(?[^\n]{1,300}(?<!\}),\s*0\s*(?:,\s*(?:true|false))?\s*\)?\s*$",
        r"\bshellexecute\b[^\n]{1,300},\s*0\s*\)?\s*$",
    ),
    "protection-off": _any(
        r"\bset-mppreference\b[^\n]{0,200}-disable\w+",
        r"\b(?:add|set)-mppreference\b[^\n]{0,200}-(?:exclusion\w+|\w+defaultaction|mapsreporting|submitsamples\w*)",
        r"\bdisable(?:antispyware|realtimemonitoring|behaviormonitoring|antivirus)\b",
        r"\b(?:stop|set|remove)-service\b[^\n]{0,80}\b(?:windefend|mpssvc|wscsvc|sense)\b|\buninstall-windowsfeature\b[^\n]{0,60}defender",
        r"\bsmartscreenenabled\b|\bexclusion(?:path|process|extension)\s*=|\bnonpublic,\s*static\b[^\n]{0,400}(?:setvalue|marshal\]?::copy)",
        r"\b(?:get-process\b[^\n]{0,40}\bmsmpeng\b[^\n]{0,60}\bstop-process|stop-process\b[^\n]{0,60}\bmsmpeng)\b"
        r"|\b(?:remove-item|rmdir|rd|del)\b[^\n]{0,120}\\windows defender\b",
        r"\bfsutil\s+usn\s+deletejournal\b|\bwbadmin\s+delete\b",
        r"\b(?:ms-settings|mscfile|exefile)\\+shell\\+(?:open|runas)\b|\bwin32_shadowcopy\b[^\n]{0,80}\bdelete\b",
        r"\bwindows defender\\+exclusions\b|\bmpcmdrun(?:\.exe)?\b[^\n]{0,60}-removedefinitions",
        r"\bsc(?:\.exe)?\s+(?:stop|delete|config)\s+(?:windefend|mpssvc|sense|wscsvc)\b",
        r"\bnet\s+stop\s+[\"']?(?:windefend|mpssvc|wscsvc)|\btaskkill\b[^\n]{0,60}(?:msmpeng|avp|avgui|mbam)",
        r"\bnetsh\b[^\n]{0,60}firewall\b[^\n]{0,60}\b(?:state\s+off|opmode\s+disable)",
        r"\bset-netfirewallprofile\b[^\n]{0,80}false",
        r"\b(?:ufw\s+disable|setenforce\s+0|spctl\s+--(?:master|global)-disable|csrutil\s+disable)\b",
        r"\bamsi(?:utils|initfailed|scanbuffer|context)\b|\betweventwrite\b",
        r"\b(?:takeown|icacls|cacls|ren|move)\b[^\n]{0,160}\\system32\\|\bfdenytsconnections\b[^\n]{0,40}\b0+\b",
        r"\bpsetwlogprovider\b|\beventing\.eventprovider\b",
        r"\benablelua\b[^\n]{0,60}\b0\b|\bconsentpromptbehavioradmin\b",
        r"\bvssadmin\b[^\n]{0,60}delete\s+shadows|\bbcdedit\b[^\n]{0,80}recoveryenabled\s+no|\bwevtutil\s+cl\b",
    ),
    "autostart": _any(
        r"(?:^|[&|]\s*)at(?:\.exe)?\s+\d{1,2}:\d\d\s",
        r"\bschtasks(?:\.exe)?\b[^\n]{0,80}/create\b",
        r"\bregister-scheduledtask\b|\bnew-scheduledtask(?:action|trigger)\b",
        r"\\+currentversion\\+(?:run(?:once)?(?:ex)?|policies\\+explorer\\+run)\b|\\+winlogon\\+\"?(?:shell|userinit|taskman)\b|\\+windows\\+\"?(?:load|run|appinit_dlls)\"?\s*=",
        r"\b(?:getfolderpath|specialfolders)\s*\(\s*[\"']\w{0,6}startup[\"']|\badd-content\s+[^\n]{0,20}\$profile\b",
        r"\\image file execution options\\",
        r"start menu[\\/]+programs[\\/]+startup|\bshell:(?:common )?startup\b|[\\/]autostart[\\/]",
        r"library/launch(?:agents|daemons)/|\blaunchctl\s+(?:load|bootstrap)\b",
        r"\bcrontab\s+(?:-\s|-$|/|\w)|\|\s*crontab\b|>>?\s*[\"']?/etc/cron|/etc/cron\.d/|@reboot\s",
        r"(?:>>?|\btee\s+(?:-a\s+)?)\s*[\"']?(?:~|\$home|\$\{home\})/\.(?:bashrc|profile|zshrc|bash_profile|zprofile|zshenv|xprofile)\b",
        r"(?:>>?|\btee\s+(?:-a\s+)?|\bcp\s+\S+\s+)\s*[\"']?/etc/(?:rc\.local|profile\.d|cron\.\w+|init\.d|sudoers)",
        r"[\"']?(?:~|\$home)?/?\.?(?:config/systemd/user|etc/systemd/system)/\S+\.service|\bsystemctl\s+(?:--user\s+)?enable\b",
        r"\bsc(?:\.exe)?\s+create\b[^\n]{0,200}binpath|\bnew-service\b|__eventfilter\b|commandlineeventconsumer",
        r"\buserinitmprlogonscript\b|\bclsid\\+\{[0-9a-f-]{36}\}\\+(?:inprocserver32|localserver32|scriptleturl)\b",
        r"^\s*(?:export\s+|ENV\s+)?(?:PYTHONSTARTUP|BASH_ENV|PERL5OPT|RUBYOPT)=\S|\bNODE_OPTIONS=[^\n]{0,60}--(?:require|import)\b",
        r"\bgit\s+config\s+--(?:global|system)\s+core\.hookspath\b",
        r">>?\s*[\"']?\S*authorized_keys\b|/etc/ld\.so\.preload",
    ),
    "secrets": _any(
        r"\blogin data\b|\bkey[34]\.db\b|\blogins\.json\b|\bcookies\.sqlite\b",
        r"\b"
        + _BROWSERS
        + r"\b[^\n]{0,120}(?:\\|/)(?:network(?:\\|/))?(?:profiles|cookies|web data|local state|user data)\b",
        r"\b(?:tar|zip|cp|scp|rsync|copy|xcopy|robocopy|compress-archive|copy-item)\b[^\n|]{0,80}"
        r"(?:~|\$home|\$\{home\}|/root|%userprofile%|\$env:userprofile)[\\/]\.(?:ssh|aws|gnupg|kube)\b",
        r"\bsecurity\s+(?:dump-keychain|find-(?:generic|internet)-password)\b|login\.keychain",
        r"\bwallet\.dat\b|\bget-clipboard\b[^\n]{0,400}(?:\bbc1|\[13\]|\b0x\[|\{2\d,3\d\}|\{40\})[^\n]{0,400}\bset-clipboard\b|nkbihfbeogaeaoehlefnkodbefgpgknn|bfnaelmomeimhlpmgjnjophhpkkoljpa",
        r"(?:\\|/)" + _WALLETS + r"(?:\\|/)(?:wallets|keystore|exodus\.wallet|leveldb)",
        r"(?<!-i ~/)\.ssh[\\/]+(?:id_(?:rsa|ed25519|ecdsa|dsa))\b(?!\.pub)|\.ssh[\\/]*(?:\*|[\"']?\s*$)|"
        r"\.aws[\\/]+credentials\b|\.kube[\\/]+config\b|\.docker[\\/]+config\.json\b|\.git-credentials\b|\.azure[\\/]+\w*token",
        r"huggingface[\\/]+(?:stored_)?tokens?\b|\.config[\\/]+gcloud[\\/]+\S*credential",
        r"/etc/shadow\b|\blsass\b[^\n]{0,60}\bdump|\bmimikatz\b|\bsekurlsa\b|\breg\s+save\s+hklm\\+(?:sam|system|security)",
        r"discord\w*[^\n]{0,60}local storage[\\/]+leveldb|telegram desktop[\\/]+tdata|steam[^\n]{0,60}\bssfn|"
        r"filezilla[\\/]+(?:recentservers|sitemanager)\.xml",
        r"\b(?:get-childitem|gci|dir|ls)\b[^\n]{0,200}(?:\*\.kdbx\b|\bid_(?:rsa|ed25519)\b(?!\.pub)|\*\.wallet\b)",
        r"\bfind\b[^\n]{0,200}\s-i?name\s+[\"']?(?:id_(?:rsa|ed25519|ecdsa|dsa)|\*\.kdbx|wallet)",
        r"\bcryptunprotectdata\b|\bvaultcmd\b|\bcmdkey\s+/list\b|\bnetsh\s+wlan\s+show\s+profile[^\n]{0,80}key=clear",
    ),
    "reverse-shell": _any(
        r"/dev/(?:tcp|udp)/(?!127\.|localhost\b|0\.0\.0\.0|::1|[\"'{$])|"
        r"\bsh\s+-\w*i\b[^\n]{0,80}/dev/(?:tcp|udp)/|/dev/(?:tcp|udp)/[^\n]{0,120}(?:0>&1|0<&|<&\s*\d|<&\d)",
        r"\bn(?:c|cat|etcat)(?:\.exe|\.traditional)?\b[^\n]{0,60}\s-\w*[ec]\s+\S*(?:sh|cmd|powershell)",
        r"\bsocat\b[^\n]{0,160}\bexec:",
        r"\bnet\.sockets\.tcpclient\b|/inet/tcp/\d+/",
        r"\bspawn(?:sync)?\s*\(\s*[\"'](?:/bin/)?(?:ba)?sh[\"'][^\n]{0,300}\bnet\.socket|\bnet(?:[\"']\s*\))?\.(?:socket|connect|createconnection)\b[^\n]{0,300}(?:/bin/(?:ba)?sh|cmd\.exe)",
        r"\brequire[\s(]*[\"']socket[\"'][^\n]{0,400}\b(?:popen|os\.execute)\b",
        r"\b(?:system|exec|shell_exec|passthru|eval|popen|assert)\s*\(\s*[\"']?\$_(?:get|post|request|cookie)\b",
        r"\$\w{1,40}\s*\(\s*\$_(?:get|post|request|cookie)\b",
        r"\bssh\s[^\n]{0,160}\s-R\s+\S+:\S+",
        r"\bmkfifo\b[^\n]{0,160}\b(?:nc|ncat|telnet|openssl)\b",
        r"\b(?:fsockopen|stream_socket_client|tcpsocket\.(?:new|open)|socket::inet|socket\.tcp|socket\(s,\s*pf_inet)\b[^\n]{0,400}"
        r"(?:\bexec\b|popen|proc_open|\bsystem\s*\(|/bin/(?:ba)?sh\b)",
        r"\b(?:exec(?:sync|file|filesync)?|spawn(?:sync)?|eval)\s*\(\s*(?:string\(\s*)?"
        r"(?:req(?:uest)?\.(?:query|body|params|headers)\b|[\w.]{1,60}\.searchparams\.get\()",
        r"\bexec\s+\d+<>/dev/tcp",
    ),
    "sends-away": _any(
        r"\b(?:whoami|hostname|ipconfig|ifconfig|systeminfo|uname)\b[^\n]{0,200}[;&|>][^\n]{0,200}\bcurl\b[^\n]{0,120}\s(?:-T|--upload-file|-F|-d|--data\S*)\s",
        r"\b(?:tar|zip|7z)\b[^\n]{1,200}(?:&&|;)[^\n]{0,60}\bcurl\b[^\n]{0,100}\s(?:-T|--upload-file|-F)\s",
        r"\b(?:invoke-restmethod|invoke-webrequest|irm|iwr)\b[^\n]{0,200}\s-infile\b",
        r"\b(?:tar|zip|7z)\b[^\n|]{1,200}\|[^\n]{0,40}\b(?:curl|nc|ncat)\b",
        r"discord(?:app)?\.com/api/webhooks/|api\.telegram\.org/bot|hooks\.slack\.com/services/",
    ),
    "sends-secrets": _any(
        r"\b(?:curl|wget)\b[^\n]{0,300}(?:\s-(?:d|F|T)\s*|--data(?:-\w+)?[\s=]|--upload-file\s|--post-file[\s=])[^\n]{0,40}"
        r"(?:@|\$\(|`)[^\n]{0,80}(?:env\b|printenv|\.ssh|\.aws|/etc/(?:passwd|shadow)|token|history|cat\b|\.netrc|credentials)",
        r"\b(?:env|printenv|set)\s*\|[^\n]{0,60}\b(?:curl|nc|wget)\b",
        r"\b(?:invoke-restmethod|invoke-webrequest|irm|iwr|upload(?:string|data))\b[^\n]{0,200}\b(?:get-childitem|gci|dir|ls)\s+env:",
        r"\b(?:get-childitem|gci|dir|ls)\s+env:[^\n]{0,200}\|[^\n]{0,200}\b(?:invoke-restmethod|invoke-webrequest|irm|iwr|upload(?:string|data))\b",
        r"\b(\w{1,40})\s*=\s*\{[^{}\n]{0,200}\bprocess\.env\s*[,}][^\n]{0,300}\b(?:axios(?:\.post)?|post|fetch|send|write|end)\s*\([^\n]{0,200}\b\1\b",
        r"(?:\baxios(?:\.post)?|\.post|\bfetch)\s*\([^\n;]{0,200}\bprocess\.env\s*[,})]",
        r"\b(?:curl|wget)\b[^\n]{0,300}https?://(?!(?:[\w-]+\.)*(?:huggingface\.\w+|hf\.co|hf-mirror\.com|localhost|127\.))[^\s\"']{1,200}[?&/=]\$\{?(?:hf_token|hugging_?face\w*token|aws_secret\w*)\b",
        r"\btojson\(\s*secrets\s*\)",
        r"\bgetbalance\b[^\n]{0,800}\bsendtransaction\s*\(\s*\{[^}\n]{0,200}\bto\s*:\s*[\"']0x[0-9a-f]{40}\b",
        r"(?:\bfetch\s*\(|\bsendbeacon\s*\(|\blocation(?:\.href)?\s*=|\.src\s*=|\.open\s*\(\s*[\"']\w+[\"']\s*,|\bwindow\.open\s*\(|\$\.(?:get|post)\s*\()\s*[\"'`]https?://"
        r"(?![^\n;]{0,300}\b(?:headers|authorization|bearer)\b)[^\n;]{0,300}\b(?:document\.cookie|(?:local|session)storage\.getitem\(\s*[\"'][^\"']{0,40}(?:token|auth|key|secret)|json\.stringify\(\s*(?:local|session)storage\b)",
        r"\bjson\.stringify\(\s*\{[^{}\n]{0,200}:\s*process\.env\s*[,}]",
        r"\.(?:(?:ba|z)sh_history|netrc|pgpass|git-credentials)\b[^\n]{0,160}\|[^\n]{0,80}\b(?:curl|wget|nc|ncat)\b",
        r"\bjson\.stringify\(\s*process\.env\s*\)|\.write\(\s*process\.env\s*\)",
    ),
    "policy-bypass": _any(
        r"[-/]e(?:p|x(?:ec)?(?:utionpolicy)?)\s+[\"']?(?:bypass|unrestricted)\b",
        r"\bset-executionpolicy\b[^\n]{0,60}\b(?:bypass|unrestricted)\b",
        r"\bxattr\b[^\n]{0,60}com\.apple\.quarantine|\bxattr\s+-\w*c|\bunblock-file\b|:zone\.identifier",
    ),
    "elevation": _any(
        r"\s-verb\s+[\"']?runas\b|\bshellexecute\w*\b[^\n]{0,200}[\"']runas[\"']|\bfodhelper\b|\bcomputerdefaults(?:\.exe)?\b",
        r"\bnet\s+localgroup\s+administrators\b[^\n]{0,60}/add\b|\bms-settings\\+shell\\+open\b",
        r"\bnet1?(?:\.exe)?\s+user\s[^\n]{1,120}/add\b|\bnew-localuser\b|\buseradd\b[^\n]{0,80}\s-(?:o\s+-u\s*|ou\s*|u\s*)0\b",
        r"(?:^|[\s\"'-])/var/run/docker\.sock\s*:|^\s*privileged\s*:\s*true\b|^\s*-\s*[\"']?/:/\w|\bhostpath:\s*\{?\s*path:\s*[\"']?/[\"']?\s*(?:\}|$)",
        r"\brelease_agent\b|/proc/sys/kernel/core_pattern|\bnsenter\b[^\n]{0,80}(?:-t|--target)[\s=\",]*1\b|"
        r"\bdocker\s+run\b[^\n]{0,200}\s(?:-v|--volume)[\s=]+[\"']?/:/",
        r"nopasswd:\s*all\b|\bchpasswd\b|\bchmod\s+(?:u?\+s|[4267]\d{3})\b",
    ),
    "self-delete": _any(
        r"\b(?:del|erase)\b[^\n&|]{0,60}%~(?:f|dp|dpnx|s)*0",
        r"\brm\s+(?:-\w+\s+)*[\"']?\$(?:0|\{0\}|\{?BASH_SOURCE)",
        r"\bremove-item\b[^\n]{0,80}(?:\$myinvocation|\$pscommandpath)|\.deletefile\s*\(?\s*wscript\.scriptfullname",
        r"(?:ping|timeout|choice)\b[^\n&]{0,60}&+\s*(?:del|erase|rmdir|rd)\b",
    ),
    "odd-address": _any(
        r"https?://(?:[\w-]+\.)*(?:" + ODD_HOSTS + r")(?![\w.-]*\w)",
        r"https?://(?!127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)(?:\d{1,3}\.){3}\d{1,3}\b",
        r"https?://(?:0x[0-9a-f]{8}|\d{8,10})(?:[:/]|$)",
    ),
    "destroys": _any(
        r"\brm\s+-(?:rf|fr)\s+(?:[^\n;&|]{0,200}\s)?[\"']?(?:~|\$home|\$\{home\})[\"']?/?[\"']?(?:\*|\s|$)",
        r"\brm\s+-(?:rf|fr|r\s+-f)\s+(?:--no-preserve-root\s+)?[\"']?(?:/(?:\*|\s|[\"']|$)|(?:~|\$home)/?(?:\*|\s|[\"'](?![/\w])|$))",
        r"\bformat\s+[c-z]:\s*/|\b(?:del|rd|rmdir)\s+(?:/\w\s+)+[\"']?[c-z]:\\(?:\*|\s|$|users|windows)",
        r"\bdd\s+if=/dev/(?:zero|u?random)\s+of=/dev/(?:sd|nvme|disk|hd)|\bmkfs(?:\.\w+)?\s+/dev/|:\(\)\s*\{\s*:\s*\|\s*:\s*&\s*\}\s*;\s*:|%0\s*\|\s*%0",
    ),
    "tls-off": _any(
        r"\bNODE_TLS_REJECT_UNAUTHORIZED\s*[=:]\s*[\"']?0\b|\bPYTHONHTTPSVERIFY\s*[=:]\s*[\"']?0\b|\bGIT_SSL_NO_VERIFY\s*[=:]\s*[\"']?(?:1|true)\b",
    ),
    "native": _any(
        r"\bdllimport\b[^\n]{0,2000}\b(?:virtualalloc\w*|createthread|createremotethread|writeprocessmemory|rtlmovememory)\b",
    ),
    "watches-input": _any(r"\bget-clipboard\b|\bgetasynckeystate\b|\bcopyfromscreen\b|\bwith hidden answer\b"),
    "installs": _any(
        r"\bpip[\d.]*(?:\.exe)?[\"']?,?\s[^\n|;&]{0,20}\binstall(?:\s+[\w.\[\]=<>~!,-]{1,60}){0,8}\s+[\"']?(?:[\w.\[\]-]{1,60}\s*@\s*)?"
        r"(?:(?:https?|ftp)://|(?:git|hg|svn)\+)\S+",
        r"\bpip[\d.]*(?:\.exe)?[\"']?,?\s[^\n|;&]{0,20}\binstall\b[^\n|;&]{0,200}?(?:-i|--index-url|--extra-index-url|-f|--find-links)[\s=]+https?://\S+",
    ),
    "mines": _any(
        r"\s-o\s+[\w.-]{4,100}:\d{2,5}\s+(?:-\w{1,8}\s+){0,3}-u\s+\w{4,}",
        r"\bstratum\+(?:tcp|ssl)://|\bxmrig\b|\bcoin-?hive\b|\bcryptoloot\b|\b(?:nanopool|minexmr|supportxmr|hashvault|2miners|nicehash)\.\w+",
    ),
}
"""By kind. Every expression is bounded, so that no line takes long."""

KNOWN_INSTALLER = re.compile(
    r"https://(?:astral\.sh|sh\.rustup\.rs|get\.docker\.com|install\.python-poetry\.org|(?:www\.)?ollama\.com|bun\.sh|"
    r"pixi\.sh|deno\.land|micro\.mamba\.pm|mise\.run|mlflow\.org|nixos\.org|get\.pnpm\.io|sdk\.cloud\.google\.com|tailscale\.com|"
    r"claude\.ai|lmstudio\.ai|llama\.app|(?:www\.)?unsloth\.ai|huggingface\.co|hf\.co|bootstrap\.pypa\.io|deb\.nodesource\.com|repo\.anaconda\.com|"
    r"raw\.githubusercontent\.com/(?:nvm-sh|Homebrew|pyenv))(?:/|$)",
    re.IGNORECASE,
)
CODE_HOST = re.compile(
    r"https://(?:git@)?(?:[\w-]+\.)*(?:github\.com|githubusercontent\.com|gitlab\.com|huggingface\.co|hf\.co|pypi\.org|pythonhosted\.org|pytorch\.org|"
    r"pyg\.org|nvidia\.com|amd\.com|intel\.com|googleapis\.com|aliyuncs\.com|aliyun\.com|edu\.cn|tencent\.com|douban\.com|github\.io|vllm\.ai|flashinfer\.ai)(?::\d+)?(?:/|$)",
    re.IGNORECASE,
)
"""Where packages are installed from by address, and indexes of packages."""
