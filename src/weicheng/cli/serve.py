"""`weicheng serve`: database, tables, demo, web and worker in one go, kept alive until Ctrl-C."""

from __future__ import annotations

import contextlib
import http.client
import os
import sys
import time

import click

from weicheng.cli import stages
from weicheng.server import addresses, orphans
from weicheng.server.layout import Layout
from weicheng.server.lock import StarterLock
from weicheng.server.postgres import Postgres
from weicheng.server.processes import Service, Stopped, Supervisor, ending_on_signals
from weicheng.server.refusals import CannotRun

WEB_WORKERS = 2
BLOCKING_THREADS = 4


@click.command("serve")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="监听地址；0.0.0.0 供办公网访问"
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--no-demo", is_flag=True, help="不装演示数据：空的一个区，从拖进第一张表开始")
def command(host: str, port: int, no_demo: bool) -> None:
    """启动卫城：数据库、网页、后台任务，Ctrl-C 全部停止。"""
    began = float(os.environ.pop("WEICHENG_BEGAN", "") or time.time())
    layout = Layout.of_environment()
    with contextlib.suppress(Stopped), ending_on_signals(), StarterLock(layout):
        if not addresses.is_free(host, port):
            raise CannotRun(f"端口 {port} 已被占用，请用 --port 换一个。")
        layout.make()
        orphans.end_services(str(layout.var))
        _serve(layout, host, port, demo=not no_demo, began=began)
    say("卫城已停止。")


def say(sentence: str) -> None:
    """Prints one line at once."""
    click.echo(sentence)
    sys.stdout.flush()


def _serve(layout: Layout, host: str, port: int, *, demo: bool, began: float) -> None:
    database = None if os.environ.get("DATABASE_URL") else Postgres(layout)
    supervisor = Supervisor(database=database, say=say)
    try:
        if database is not None:
            database.start()
        made = stages.environment(layout, database)
        made["WEICHENG_HOSTS"] = _hosts(host)
        kind = _prepare(layout, made, demo=demo)
        made["WEICHENG_DEMO"] = "1" if kind == "demo" else "0"
        services = stages.for_services(made)
        supervisor.add(_web(layout, services, host, port))
        supervisor.add(_worker(layout, services))
        base = f"http://{addresses.to_show(host)}:{port}"
        links = stages.run("links", services, base, kind, hear=say)
        _wait_for_web(supervisor, host, port)
        _greet(layout, base, links, time.time() - began)
        supervisor.watch()
    finally:
        supervisor.end()


def _prepare(layout: Layout, made: dict[str, str], *, demo: bool) -> str:
    """Brings tables, files and first content up to date; says whether this is the demo."""
    facts = stages.run("everything", made, hear=say)
    noted = layout.note("installation") or {"kind": None, "complete": False}
    if noted["kind"] is None and ["empty", "yes"] in facts:
        noted = {"kind": "demo" if demo else "own", "complete": not demo}
        layout.keep_note("installation", noted)
    if noted["kind"] == "demo" and not noted["complete"]:
        say("正在装入演示区……")
        stages.run("demo", {**stages.for_services(made), "WEICHENG_DEMO": "1"}, hear=say)
        layout.keep_note("installation", {"kind": "demo", "complete": True})
    return "demo" if noted["kind"] == "demo" and demo else "own"


def _hosts(host: str) -> str:
    given = os.environ.get("WEICHENG_HOSTS", "")
    return ",".join(filter(None, [given, *addresses.allowed(host)]))


def _web(layout: Layout, made: dict[str, str], host: str, port: int) -> Service:
    pool = {"WEICHENG_DB_POOL": "1", "WEICHENG_DB_POOL_SIZE": str(BLOCKING_THREADS)}
    command = [sys.executable, "-m", "granian", "weicheng.wsgi:application"]
    command += ["--interface", "wsgi", "--host", host, "--port", str(port), "--no-ws"]
    command += ["--workers", str(WEB_WORKERS), "--blocking-threads", str(BLOCKING_THREADS)]
    command += ["--respawn-failed-workers", "--respawn-interval", "0.1"]
    command += ["--workers-kill-timeout", "8"]
    return Service(
        name="网页服务",
        command=command,
        environment={**made, **pool},
        log=layout.logs / "web.log",
    )


def _worker(layout: Layout, made: dict[str, str]) -> Service:
    return Service(
        name="后台任务",
        command=[sys.executable, "-m", "django", "procrastinate", "worker"],
        environment=made,
        log=layout.logs / "worker.log",
    )


def _wait_for_web(supervisor: Supervisor, host: str, port: int, seconds: float = 30) -> None:
    near = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        supervisor.look()
        probe = http.client.HTTPConnection(near, port, timeout=5)
        try:
            probe.request("GET", "/", headers={"Host": addresses.to_show(near)})
            if probe.getresponse().status < 500:
                return
        except OSError:
            pass
        finally:
            probe.close()
        time.sleep(0.05)
    raise CannotRun(f"网页服务没有启动成功，原因见 {supervisor.services[0].log}。")


def _greet(layout: Layout, base: str, links: list[list[str]], seconds: float) -> None:
    say("")
    say(f"卫城已就绪（{seconds:.1f} 秒） / Weicheng is ready: {base}")
    if links:
        say("一次性登录链接，每个只能用一次 / one-time log-in links:")
    for _, role, address in links:
        say(f"  {role}\t{address}")
    home = layout.note("database-home")
    if home:
        say(f"数据库在 / the database is in: {home['folder']}")
    say(f"数据 / data: {layout.var}    日志 / logs: {layout.logs}")
    say("按 Ctrl-C 停止 / Ctrl-C ends it.")
