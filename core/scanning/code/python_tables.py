"""Functions of Python and of well-known packages by what a call of them means, named as by `called_name`."""

CODE = frozenset(
    "exec eval compile execfile code.InteractiveConsole().runcode code.InteractiveInterpreter().runsource "
    "code.InteractiveInterpreter().runcode timeit.timeit timeit.Timer profile.run cProfile.run pdb.run "
    "trace.Trace().run types.FunctionType types.CodeType doctest.debug_script bdb.Bdb().run "
    "_testinternalcapi.exec get_ipython().run_cell IPython.get_ipython().run_cell numexpr.evaluate".split()
)
"""Run text (or code objects) given as their first argument."""

STARTS = tuple(
    "os.system os.popen os.exec os.spawn os.posix_spawn os.startfile subprocess.run subprocess.Popen "
    "subprocess.call subprocess.check_call subprocess.check_output subprocess.getoutput "
    "subprocess.getstatusoutput pty.spawn commands.getoutput commands.getstatusoutput asyncio.create_subprocess "
    "asyncio.subprocess. popen2. _winapi.CreateProcess _posixsubprocess. win32api.ShellExecute win32api.WinExec "
    "win32process.CreateProcess pexpect.spawn pexpect.run sh. plumbum. invoke.run "
    "get_ipython().system get_ipython().getoutput wmi.WMI().Win32_Process "
    "platform.popen test.support.script_helper. distutils.spawn. setuptools.spawn.".split()
)
"""Beginnings of names that start programs."""

SHELL_CALLS = frozenset(
    "ShellExecuteW ShellExecuteA ShellExecuteExW ShellExecute WinExec CreateProcessW CreateProcessA".split()
)
"""Functions of Windows that start programs, by whatever library they are reached."""

LOADS = frozenset(
    "pickle.load pickle.loads pickle.Unpickler marshal.load marshal.loads dill.load dill.loads joblib.load "
    "shelve.open runpy.run_path runpy.run_module importlib.util.spec_from_file_location imp.load_source "
    "importlib.machinery.SourceFileLoader importlib.machinery.ExtensionFileLoader zipimport.zipimporter "
    "ctypes.CDLL ctypes.WinDLL ctypes.cdll.LoadLibrary ctypes.windll.LoadLibrary ctypes.PyDLL jsonpickle.decode "
    "yaml.unsafe_load torch.ops.load_library torch.classes.load_library cffi.FFI().dlopen tensorflow.load_op_library "
    "torch.utils.cpp_extension.load_inline torch.utils.cpp_extension.load".split()
)
"""Run what they load; usual with files of one's own, an attack with what was fetched or decoded."""

LIBRARIES = frozenset(
    "ctypes.CDLL ctypes.WinDLL ctypes.cdll.LoadLibrary ctypes.windll.LoadLibrary ctypes.PyDLL "
    "torch.ops.load_library torch.classes.load_library cffi.FFI().dlopen tensorflow.load_op_library".split()
)
"""Those of them that load machine code from a file."""

CALL_BACK = tuple("websocket. paho.mqtt. socketio. pika. stomp.".split())
"""Beginnings of names of what calls a function with each message that comes from the network."""

FETCHES = tuple(
    "urllib.request.urlopen urllib.request.urlretrieve urllib.request.Request urllib.request.build_opener "
    "urllib.request.URLopener urllib3. requests. httpx. aiohttp. http.client. socket. ftplib. smtplib. telnetlib. "
    "paho.mqtt. socketio. pika. stomp. "
    "websocket. websockets. paramiko. pycurl. wget.download gdown. tornado.httpclient. xmlrpc.client. "
    "httplib2. curl_cffi. cloudscraper. niquests. treq. grequests. requests_html. requests_cache. requests_futures. "
    "mechanize. torch.hub.download_url_to_file asyncio.open_connection dns.resolver. socks. discord_webhook. "
    "slack_sdk. telebot. telegram.".split()
)
"""Beginnings of names that use the network."""

STORES = tuple(
    "selenium. dropbox. github.Github ipfshttpclient. feedparser. praw. web3. imaplib. poplib. nntplib. tweepy. "
    "pytube. telethon. pyrogram. googleapiclient. gspread. notion_client. redis. pymongo. boto3. google.cloud.storage. "
    "azure.storage. minio. zmq. rpyc. grpc. PyQt5.QtNetwork. PyQt6.QtNetwork. PySide6.QtNetwork. pooch.retrieve "
    "keras.utils.get_file tensorflow.keras.utils.get_file tf_keras.utils.get_file".split()
)
"""Beginnings of names that give data which somebody else may have put there: usual as data, not as something to run."""

OPENS_ADDRESSES = frozenset({"fsspec.open", "smart_open.open", "smart_open.smart_open", "tensorflow.io.gfile.GFile"})
"""Open files and addresses alike."""

HUB = tuple(
    "huggingface_hub. transformers.utils.hub. transformers.utils.cached_file torch.hub.load datasets.load_dataset "
    "modelscope.".split()
)

ASKS = frozenset("urlopen urlretrieve Request get post put request connect create_connection socket Session".split())
"""Last parts of names of functions that are given an address, or make what is."""

SENDS = frozenset(
    "request send sendall sendto sendmail send_message post put patch storbinary storlines upload_file".split()
)
SENT = frozenset("data json files params content body".split())
"""Keywords that carry what is sent."""

WRITERS = frozenset("write writelines write_bytes write_text copyfileobj".split())

SECRET_READERS = tuple("browser_cookie3. win32crypt.CryptUnprotectData".split())
INPUT_WATCHERS = tuple(
    "pyperclip.paste pynput.keyboard.Listener pynput.mouse.Listener keyboard.on_press keyboard.record keyboard.hook "
    "PIL.ImageGrab.grab pyautogui.screenshot mss.mss pyWinhook. pyHook. pyscreenshot.grab "
    "scapy.all.sniff scapy.sendrecv.sniff pyshark.LiveCapture pcapy.open_live".split()
)
WATCHES_KEYS = frozenset("GetAsyncKeyState GetKeyboardState SetWindowsHookExA SetWindowsHookExW".split())
"""Functions of Windows that tell which keys are pressed, by whatever library they are reached."""
DEBUGGER = frozenset(
    "IsDebuggerPresent CheckRemoteDebuggerPresent NtQueryInformationProcess NtSetInformationThread "
    "OutputDebugStringA".split()
)
MACHINES = frozenset(
    "vmware virtualbox vboxservice vboxguest vmtoolsd qemu-ga sandboxie sbiedll wireshark procmon ollydbg x64dbg "
    "x32dbg processhacker fiddler cuckoomon joeboxserver vmwaretray windbg ghidra immunitydebugger pestudio "
    "httpdebugger tcpview".split()
)
"""Names of programs that analysts use, in lower case. Two of them in one file are no accident."""

NATIVE = frozenset(
    "VirtualAlloc VirtualAllocEx VirtualProtect WriteProcessMemory CreateRemoteThread CreateThread RtlMoveMemory "
    "NtCreateThreadEx NtUnmapViewOfSection QueueUserAPC SetThreadContext NtAllocateVirtualMemory memmove "
    "NtWriteVirtualMemory mprotect OpenProcess".split()
)
"""Calls that put machine code into memory and start it; two of them together."""

HARMLESS_PROGRAMS = frozenset(
    "git git-lfs ffmpeg ffprobe nvidia-smi rocm-smi nvcc gcc g++ clang cc make cmake ninja ls df du ldconfig "
    "which where lscpu free uname hostname sysctl sw_vers system_profiler lspci wc head tail cat cp mv mkdir tar "
    "unzip gzip rm tee python python3 py pip pip3 uv conda torchrun accelerate deepspeed mpirun srun sbatch "
    "squeue llama-quantize quantize llama-cli convert espeak espeak-ng sox latex pdflatex dvipng dot node npm "
    "java javac cargo rustc go black ruff isort pytest nosetests tensorboard jupyter streamlit gradio wandb hf "
    "huggingface-cli ollama echo pwd date clear cls gsutil aws nproc nsys ncu tesseract perl sed awk sort uniq "
    "apt apt-get brew kaggle "
    "vllm sglang lmdeploy text-generation-launcher llama-server uvicorn gunicorn pre-commit patchelf strip meson "
    "bazel twine aria2c rsync scontrol sinfo sacct mpg123 aplay afplay ffplay paplay "
    "cut xargs find grep pandoc protoc docker tmux kill killall taskkill tasklist lsof pkill ps top env true false "
    "sleep test zip 7z zstd pigz xz lz4 bzip2 gunzip md5sum sha256sum diff stat touch ln gcloud az kubectl open "
    "xdg-open lt cloudflared npx".split()
)
"""Programs that training, conversion and demo scripts usually start."""

FETCHING_PROGRAMS = frozenset("curl wget wmic".split())
"""As usual, where they only fetch or only ask."""
