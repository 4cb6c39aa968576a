"""Words that the expressions of `core.command_tables` cannot do without, by kind of deed: most lines have none."""

WORDS = {
    "download-and-run": (
        "curl wget dig nslookup "
        "fetch aria2c iwr irm invoke- bits download upload xmlhttp webclient mshta regsvr32 rundll32 msiexec "
        "certutil cscript wscript installutil odbcconf cmstp hh presentationhost reflection "
        "lynx get urlopen requests.get httpx.get file_get_contents uri.open lwp http source( responsetext script: wmic "
        "ftp \\\\ scp scrobj :// writestream winhttprequest adodb"
    ),
    "decode-and-run": (
        "require import base64 base32 openssl xxd uudecode rev tr iex invoke-expression eval execute settimeout "
        "setinterval function decode "
        "exec gpg gunzip zcat gzip bunzip2 xz tail sed awk dd [][( p,a,c,k #@~ strreverse unpack"
    ),
    "hidden-command": (
        "update ext:: url fsmonitor sshcommand gitproxy "
        "powershell pwsh windowstyle win32_process start run shellexecute wmic type script installutil msbuild regasm "
        "regsvcs regsvr32 control rundll32 forfiles pcalua cmstp conhost"
    ),
    "protection-off": (
        "mppreference disable defender mpcmdrun sc net taskkill firewall ufw setenforce spctl csrutil "
        "amsi smartscreen exclusion nonpublic ms-settings shadowcopy -service windowsfeature etweventwrite enablelua "
        "consentprompt vssadmin bcdedit wevtutil msmpeng fsutil wbadmin system32 fdenyts eventing.eventprovider "
        "psetwlog"
    ),
    "autostart": (
        "schtasks scheduledtask currentversion winlogon startup autostart launchagents launchdaemons launchctl cron "
        "@reboot bashrc profile zshrc systemd systemctl binpath new-service __eventfilter eventconsumer "
        "at authorized_keys ld.so.preload hookspath userinit getfolderpath specialfolders execution zshenv xprofile "
        "rc.local init.d sudoers pythonstartup bash_env perl5opt rubyopt node_options clsid"
    ),
    "secrets": (
        "login key3.db key4.db cookies web wallet local user keychain security nkbih bfnael exodus electrum atomic "
        "ethereum metamask phantom coinomi armory bytecoin jaxx guarda zcash ledger .ssh .aws .kube .docker .git-cred "
        ".azure huggingface gcloud shadow lsass mimikatz sekurlsa reg tdata ssfn "
        ".gnupg filezilla cryptunprotectdata vaultcmd cmdkey wlan data clipboard name"
    ),
    "reverse-shell": (
        "/dev/ nc ncat netcat socat tcpclient mkfifo fsockopen tcpsocket socket( socket::inet stream_socket socket.tcp "
        "/inet/ spawn net. $_ req. request. searchparams ssh popen os.execute"
    ),
    "sends-away": "discord telegram slack curl nc",
    "sends-secrets": "curl wget env set tojson( cookie storage sendtransaction",
    "native": "dllimport",
    "tls-off": "tls_reject httpsverify ssl_no_verify",
    "watches-input": "clipboard getasynckeystate copyfromscreen hidden",
    "installs": "install",
    "policy-bypass": "bypass unrestricted xattr unblock zone.identifier",
    "elevation": (
        "runas fodhelper computerdefaults localgroup ms-settings nopasswd chpasswd chmod user release_agent "
        "core_pattern nsenter docker privileged :/ hostpath"
    ),
    "self-delete": "del erase rm remove-item deletefile rmdir rd",
    "odd-address": "://",
    "destroys": "rm format del rd dd mkfs :( %0",
    "mines": "-u stratum coinhive coin-hive cryptoloot xmrig nanopool minexmr supportxmr hashvault 2miners nicehash",
}
"""A line without any of these words is not searched for the kind: most lines have none."""
WORDS_IN_LONG = {
    "download-and-run": (
        "curl|wget|fetch(|fetch -|aria2c|iwr|irm|invoke-w|invoke-r|bitsadmin|bitstransfer|downloadstring|downloadfile|"
        "downloaddata|xmlhttp|webclient|mshta|regsvr32|rundll32|msiexec|certutil|cscript|wscript|installutil|odbcconf|"
        "cmstp|presentationhost|reflection.|lynx -|get http|responsetext|urlopen|requests.get|httpx.get|urlretrieve|"
        "file_get_contents|uri.open|lwp|http::|source(|getobject|wmic|ftp -s|\\\\\\\\|scp |writestream"
    ),
    "decode-and-run": (
        "require(|import(|base64 -|base32|openssl|xxd|uudecode|rev|tr a-|iex|invoke-expression|atob(|unescape(|"
        "decodeuricomponent|fromcharcode|strreverse|chr(|chrw(|certutil|exec(base64|exec(zlib|exec(codecs|exec(marshal|exec(__import__|"
        "exec(bytes.|gpg |gunzip|zcat|gzip -|bunzip2|xz -|[][(|p,a,c,k|#@~|gzinflate|base64_decode|rot13|unpack(|"
        "reverse().join"
    ),
    "hidden-command": (
        "powershell|pwsh|windowstyle|start /b|.run |.run(|shellexecute|wmic|cscript|wscript|installutil|msbuild|regasm|"
        "regsvcs|regsvr32|control.exe|rundll32|forfiles|pcalua|cmstp|conhost"
    ),
    "protection-off": (
        "mppreference|disableanti|disablereal|disablebeh|defender|mpcmdrun|sc stop|sc config|sc delete|sc.exe|net stop|"
        "taskkill|firewall|ufw |setenforce|spctl|csrutil|amsi|smartscreen|exclusion|nonpublic|ms-settings|shadowcopy|"
        "-service|windowsfeature|etwevent|enablelua|consentprompt|vssadmin|bcdedit|wevtutil|takeown|icacls|fdenyts|eventing.eventprovider|psetwlog"
    ),
    "reverse-shell": (
        "/dev/tcp|/dev/udp|nc -|ncat|netcat|socat|tcpclient|mkfifo|fsockopen|tcpsocket|socket::inet|stream_socket|"
        "socket.tcp|socket(s|/inet/|(req.|(request.|net.socket|"
        "net.connect|$_get|$_post|$_request|$_cookie|ssh "
    ),
    "sends-away": "discord|telegram|slack|curl|ncat|netcat",
    "self-delete": "%~|$0|${0|bash_source|remove-item|deletefile|& del|&del|& erase|& rd",
    "destroys": "rm -|format |del /|rd /|rmdir /|dd if|mkfs|:()|%0",
}
"""The same for long lines, minified or encoded: only what stands in a command for certain, with "|" between."""
