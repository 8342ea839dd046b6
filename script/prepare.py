"""What script/server, test, check and bench do: prepare this machine, then hand over."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import environment
from environment import ROOT, Missing, say

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts")
LINT_IMPORTS = "from importlinter.cli import lint_imports_command as lint; lint()"
RULES = ("tests/test_repository.py", "tests/test_documents.py")
CJK = ("*CJK*", "*wqy*", "*Source Han*", "*SourceHan*", "*Fandol*", "*simsun*", "*WenKai*")


def server(arguments: list[str]) -> int:
    """Starts the product; this process becomes the starter."""
    began = str(time.time())
    python = environment.ready("run")
    os.environ.update(WEICHENG_BEGAN=began, PYTHONUTF8="1")
    # Without compiled modules every start would compile the libraries anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.execv(python, [str(python), "-m", "weicheng.cli", "serve", *arguments])


def test(arguments: list[str]) -> int:
    """The whole suite against a private database; pytest's exit code."""
    python = environment.ready("dev")
    if os.environ.get("WEICHENG_WITHOUT_BROWSER") == "1":
        arguments = ["-m", "not journey", *arguments]
    else:
        _browser()
    if not any(word.startswith(("-n", "--numprocesses", "--pdb")) for word in arguments):
        arguments = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder", *arguments]
    return _with_database(python, [], [str(python), "-m", "pytest", *arguments])


def bench(arguments: list[str]) -> int:
    """The measured claims, against a database that really writes to the disk.

    ``forecast`` is pure reckoning and needs none.
    """
    python = environment.ready("dev")
    if arguments[:1] == ["forecast"]:
        command = [str(python), "-m", "bench.forecast", *arguments[1:]]
        return subprocess.run(command, cwd=ROOT, check=False).returncode
    return _with_database(python, ["--durable"], [str(python), "-m", "bench", *arguments])


def check(arguments: list[str]) -> int:
    """Every static check; runs all of them and names those that failed."""
    python = str(environment.ready("dev"))
    tools = ROOT / ".venv" / "bin"
    checks = {
        "ruff format": [str(tools / "ruff"), "format", "--check", "."],
        "ruff check": [str(tools / "ruff"), "check", "."],
        "mypy": [python, "-m", "mypy", "src", "tests"],
        "mypy script": [python, "-m", "mypy", "script"],
        "lint-imports": [python, "-c", LINT_IMPORTS],
        "djlint": [python, "-m", "djlint", "src", "--lint", "--quiet"],
        "migrations": [
            python,
            "-W",
            "ignore",
            "-m",
            "django",
            "makemigrations",
            "--check",
            "--dry-run",
        ],
        "repository": [python, "-m", "pytest", "-q", "-p", "no:xdist", *RULES],
    }
    if (ROOT / "src" / "weicheng" / "locale").exists():
        checks["translations"] = [python, "-m", "weicheng.cli", "translations", "--check"]
    made = {**os.environ, "DJANGO_SETTINGS_MODULE": "weicheng.settings", "PYTHONUTF8": "1"}
    failed = []
    for name, command in checks.items():
        if arguments and name not in arguments:
            continue
        say(f"— {name}")
        if subprocess.run(command, cwd=ROOT, env=made, check=False).returncode:
            failed.append(name)
    say(f"没有通过：{'、'.join(failed)}" if failed else "检查全部通过。")
    return 1 if failed else 0


def bootstrap(arguments: list[str]) -> int:
    """Only the installer, for script/lock."""
    environment.bootstrap()
    return 0


def _with_database(python: Path, options: list[str], command: list[str]) -> int:
    made = {**os.environ, "PYTHONUTF8": "1", "DJANGO_SETTINGS_MODULE": "weicheng.settings"}
    if os.environ.get("DATABASE_URL"):
        return subprocess.run(command, cwd=ROOT, env=made, check=False).returncode
    starter = [str(python), str(ROOT / "script" / "private_database.py"), *options, "--"]
    return subprocess.run([*starter, *command], cwd=ROOT, env=made, check=False).returncode


def _browser() -> None:
    """Chromium and a Chinese font, installed by apt when it may."""
    missing = _missing()
    if missing:
        environment.apt(*missing)
        missing = _missing()
    if missing:
        raise Missing(
            f"浏览器测试还缺：{'、'.join(missing)}。"
            f"请安装（Debian：apt-get install {' '.join(missing)}），"
            f"或用 WEICHENG_WITHOUT_BROWSER=1 script/test 跳过浏览器测试。"
        )


def _missing() -> list[str]:
    lacking = []
    if not os.environ.get("WEICHENG_CHROMIUM") and not any(map(shutil.which, CHROMIUM)):
        lacking.append("chromium")
    folders = [Path(name) for name in (*FONT_FOLDERS, "~/.fonts", "~/.local/share/fonts")]
    fonts = (
        found for folder in folders for name in CJK for found in folder.expanduser().rglob(name)
    )
    if next(fonts, None) is None:
        lacking.append("fonts-noto-cjk")
    return lacking


COMMANDS = {"server": server, "test": test, "check": check, "bench": bench, "bootstrap": bootstrap}

if __name__ == "__main__":
    try:
        sys.exit(COMMANDS[sys.argv[1]](sys.argv[2:]))
    except Missing as reason:
        say(str(reason))
        sys.exit(1)
    except PermissionError as reason:
        say(f"没有权限：{reason.filename}。它可能由另一个用户创建，请用同一个用户运行。")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
