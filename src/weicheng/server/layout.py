"""Where one installation keeps its things: everything under var/, which nothing ever deletes."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Layout:
    """The folders of one installation. All paths are absolute."""

    var: Path

    @classmethod
    def of_environment(cls) -> Layout:
        """WEICHENG_VAR, or var/ inside the clone."""
        named = os.environ.get("WEICHENG_VAR")
        return cls(Path(named).expanduser().resolve() if named else REPOSITORY / "var")

    @property
    def run(self) -> Path:
        """Lock and state of what runs now."""
        return self.var / "run"

    @property
    def logs(self) -> Path:
        """One log per process."""
        return self.var / "log"

    @property
    def secrets(self) -> Path:
        """Passwords of the database; readable by the keeper only."""
        return self.var / "secrets"

    @property
    def evidence(self) -> Path:
        """Photos and files, content-addressed."""
        return self.var / "evidence"

    @property
    def static(self) -> Path:
        """Collected style sheets and scripts."""
        return self.var / "static"

    @property
    def backups(self) -> Path:
        """Nightly backups; WEICHENG_BACKUPS puts them on another disk."""
        named = os.environ.get("WEICHENG_BACKUPS")
        return Path(named).expanduser().resolve() if named else self.var / "backups"

    @property
    def lock(self) -> Path:
        """Held by the one starter."""
        return self.run / "starter.lock"

    def make(self) -> None:
        """Makes the folders that are missing."""
        self.var.mkdir(parents=True, exist_ok=True)
        for folder in (self.run, self.logs, self.evidence):
            folder.mkdir(exist_ok=True)
        for folder in (self.run, self.logs, self.secrets):
            folder.mkdir(exist_ok=True)
            folder.chmod(0o700)

    def note(self, name: str) -> Any:
        """A small fact kept between starts (JSON), or None."""
        try:
            return json.loads((self.var / f"{name}.json").read_text("utf-8"))
        except (FileNotFoundError, json.JSONDecodeError):
            return None

    def keep_note(self, name: str, value: Any) -> None:
        """Writes a small fact so that a crash leaves the old one or the new one."""
        write_private(self.var / f"{name}.json", json.dumps(value, ensure_ascii=False))


def write_private(path: Path, text: str) -> None:
    """Writes a file that only its owner reads; whole or not at all."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    number = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(number, "w", encoding="utf-8") as f:
        f.write(text)
        f.flush()
        os.fsync(f.fileno())
    fresh.replace(path)
