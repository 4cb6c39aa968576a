"""A new user with a keyboard and no mouse, on a real display: from the address to the released files."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "artifacts" / "pictures"

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(sys.platform != "linux", reason="Xvfb"),
    pytest.mark.skipif(shutil.which("xvfb-run") is None or shutil.which("Xvfb") is None, reason="Xvfb is missing"),
]


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("appearance", ["light", "dark"])
def test_the_whole_journey_by_keyboard_alone(tmp_path: Path, data_dir: Path, appearance: str, scale: int) -> None:
    release = tmp_path / "released"
    release.mkdir()
    pictures = PICTURES / f"{appearance}-{scale}00"
    display = ("xvfb-run", "-a", "-s", "-screen 0 1920x1400x24")
    journey = (sys.executable, "-m", "tests.e2e.journey", str(pictures), str(release))
    done = subprocess.run(
        [*display, *journey, "--appearance", appearance, "--scale", str(scale)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "xcb", "SALLYPORT_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    log = data_dir / "logs" / "sallyport.log"
    told = log.read_text(encoding="utf-8") if log.exists() else ""
    assert done.returncode == 0, done.stderr + told
    assert "Qt " not in told, told

    files = {path.name: path for path in release.rglob("*") if path.is_file()}
    assert set(files) == {"config.json", "model.safetensors"}
    assert not any(path.stat().st_mode & stat.S_IXUSR for path in files.values())
    assert (pictures / "quarantine-released.png").stat().st_size > 10_000
