"""One starter per installation: a lock that the kernel frees when its holder dies."""

from __future__ import annotations

import fcntl
import os
from types import TracebackType

from weicheng.server.layout import Layout
from weicheng.server.refusals import CannotRun


class StarterLock:
    """Held from start to end by whoever runs the installation's database."""

    def __init__(self, layout: Layout) -> None:
        self._path = layout.lock
        self._file: int | None = None

    def __enter__(self) -> StarterLock:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(handle, 20).decode("ascii", "replace").strip()
            os.close(handle)
            raise CannotRun(
                f"已有一个卫城在使用 {self._path.parents[1]}（进程 {holder}）。"
                f"请先停止它，或用 WEICHENG_VAR 指定另一个数据目录。"
            ) from None
        os.truncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        self._file = handle
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
