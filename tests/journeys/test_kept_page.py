"""The worker of the field program through deployments: page and modules are of one version."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from weicheng.fieldwork.views import shell

pytestmark = pytest.mark.journey

PAGE = """<!doctype html><html lang="zh"><title>x</title><body>
<script type="module" src="/static/main.{version}.js"></script></body></html>"""
MAIN = """import "./part.{version}.js";
document.body.dataset.runs = "{version}";
navigator.serviceWorker.register("/field/sw.js", {{scope: "/field/"}});
navigator.serviceWorker.ready.then(() => {{ document.body.dataset.kept = "1"; }});"""


@dataclass
class Deployed:
    """A server that stands at some version, and what it does not answer now."""

    version: str = "one"
    broken: set[str] = field(default_factory=set)
    status: int = 200
    down: bool = False
    base: str = ""

    def answer(self, path: str) -> tuple[str, str, dict[str, str]]:
        """Type, content and headers of an address."""
        if path == "/field/sw.js":
            shelf = [f"/static/{name}.{self.version}.js" for name in ("main", "part")]
            told = {"version": self.version, "page": "/field/", "shell": ["/field/", *shelf]}
            worker = (shell.FOLDER / "worker.js").read_text("utf-8")
            text = f"const SETTINGS = {json.dumps(told)};\n{worker}"
            return "text/javascript", text, {"Service-Worker-Allowed": "/field/"}
        if path.startswith("/static/"):
            return (
                "text/javascript",
                MAIN.format(version=self.version) if "main" in path else "",
                {},
            )
        return "text/html", PAGE.format(version=self.version), {"X-Field-Version": self.version}


@pytest.fixture
def server() -> Iterator[Deployed]:
    deployed = Deployed()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if deployed.down:
                self.connection.close()
                return
            path = self.path.split("?")[0]
            sort, text, headers = deployed.answer(path)
            status = 503 if path in deployed.broken else 200
            if path == "/field/" and deployed.status != 200:
                status, text, headers = deployed.status, "<p>other</p>", {}
            self.send_response(status)
            for name, value in {"Content-Type": sort, **headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_args: Any) -> None:
            """Says nothing."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    deployed.base = f"http://127.0.0.1:{httpd.server_port}"
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield deployed
    httpd.shutdown()


@pytest.fixture
def page(browser: Browser, server: Deployed) -> Iterator[Page]:
    """A phone on which the first version was opened and kept."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.base}/field/")
    expect(page.locator("body")).to_have_attribute("data-kept", "1")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    yield page
    context.close()


def runs(page: Page, version: str) -> None:
    """What the phone opens now."""
    page.reload()
    expect(page.locator("body")).to_have_attribute("data-runs", version)


UPDATE = "async () => { await (await navigator.serviceWorker.ready).update().catch(() => {}); }"


def test_a_deployment_whose_worker_could_not_be_kept_leaves_the_old_page_whole(
    page: Page, server: Deployed
) -> None:
    server.version, server.broken = "two", {"/static/part.two.js"}
    page.reload()  # the new page, whose modules do not come
    page.evaluate(UPDATE)
    server.down = True
    runs(page, "one")


def test_a_new_page_is_used_at_once_and_kept_with_its_own_worker(
    page: Page, server: Deployed
) -> None:
    server.version = "two"
    runs(page, "two")
    page.evaluate(UPDATE)
    for _ in range(100):
        if page.evaluate("() => caches.keys()") == ["weicheng-field-shell-two"]:
            break
        page.wait_for_timeout(100)
    server.down = True
    runs(page, "two")


@pytest.mark.parametrize("status", [404, 302, 500, 200])
def test_what_is_not_the_page_is_not_shown_in_its_place(
    page: Page, server: Deployed, status: int
) -> None:
    server.status = status if status != 200 else 203  # 203: a portal's page
    runs(page, "one")
