"""A clerk at a screen: Debian's Chromium, and everything it complained about meanwhile."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.district import sign_in
from weicheng.people.models import User

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
)
LACKING = (
    "浏览器测试要用 Chromium，这台机器上没有。请安装"
    "（Debian：apt-get install chromium fonts-noto-cjk），"
    "或运行 script/test，它会自己装；WEICHENG_WITHOUT_BROWSER=1 script/test 跳过浏览器测试。"
)
WIDE, PHONE = 1440, 360
HEIGHTS = {WIDE: 900, PHONE: 740}

# Words that a Chinese page may show: names of products, signs on keys, endings of files, an example
# of pinyin, letters of the tests' towns, groups of a secret to be typed into an authenticator.
ENGLISH_ALLOWED = {
    "Word", "Excel", "WPS", "Ctrl", "JK", "GPS", "English", "txt", "csv", "xlsx", "xls", "zjg",
    "HY", "FH", "SQ", "FC", "LJ", "BJ",
    "pH", "dB",  # units
    "diaoai", "akxw",  # sites that published how a city marks
}  # fmt: skip
_SECRET = re.compile(r"[A-Z]{3,4}")
_ENGLISH = re.compile(r"(?<![A-Za-z0-9_./@:#-])[A-Za-z]{2,}(?![A-Za-z0-9_/@-])")
_SHOWN = """() => {
  const words = [document.title, document.body.innerText];
  for (const name of ['aria-label', 'title', 'placeholder', 'alt'])
    for (const e of document.querySelectorAll(`[${name}]`)) words.push(e.getAttribute(name));
  return words.join('\\n');
}"""
_LISTEN = """
document.addEventListener('securitypolicyviolation', e =>
  console.error(`CSP ${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
"""
_WIDER = """() => {
  const room = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= room) return [];
  return [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > room + 1 && e.checkVisibility())
    .slice(0, 5).map(e => `${e.tagName}.${e.className} ${e.getBoundingClientRect().right}`)
    .concat([`page ${document.documentElement.scrollWidth} > ${room}`]);
}"""
_AXE = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}


def chromium() -> str:
    """Where Chromium is; the test fails with what to install when it is nowhere."""
    found = os.environ.get("WEICHENG_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), "")
    if not found:
        pytest.fail(LACKING, pytrace=False)
    return found


@contextmanager
def opened(*more: str) -> Iterator[Browser]:
    """One Chromium, with further switches where a test needs them."""
    path = chromium()
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # playwright's loop runs in this thread
    try:
        expect.set_options(timeout=15_000)  # a busy machine is not a fault of the product
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=[*SWITCHES, *more])
            yield browser
            browser.close()
    finally:
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Clerk:
    """One person before one screen."""

    page: Page
    base: str
    width: int
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("dialog", self._dialog)

    def _hear(self, message: ConsoleMessage) -> None:
        superseded = message.text.startswith(("htmx:afterRequest,", "htmx:sendAbort,"))
        if message.type == "error" and not superseded:
            self.complaints.append(f"{self.page.url}: {message.text}")

    def _dialog(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def goes_to(self, path: str) -> Page:
        """Open an address of the product; it must answer."""
        answer = self.page.goto(path if "://" in path else f"{self.base}{path}")
        assert answer is not None
        assert answer.status < 400, f"{answer.status} {path}"
        return self.page

    def reads(self) -> str:
        """The visible words of the page."""
        return self.page.inner_text("body")

    def wider(self) -> list[str]:
        """What sticks out of the screen to the right."""
        found: list[str] = self.page.evaluate(_WIDER)
        return found

    def english(self) -> set[str]:
        """English words that the page shows."""
        found = set(_ENGLISH.findall(self.page.evaluate(_SHOWN))) - ENGLISH_ALLOWED
        return {word for word in found if not _SECRET.fullmatch(word)}

    def barriers(self) -> list[str]:
        """What axe calls serious or critical."""
        found = Axe().run(self.page, options=_AXE).response["violations"]
        return [
            f"{v['impact']} {v['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
            for v in found
            if v["impact"] in {"serious", "critical"}
            for node in v["nodes"][:3]
        ]


@dataclass
class Office:
    """Hands out screens; people who sit before the same width share nothing but the house."""

    browser: Browser
    base: str
    contexts: list[BrowserContext] = field(default_factory=list)

    def clerk(
        self, user: User | None = None, width: int = WIDE, *, script: bool = True, **more: Any
    ) -> Clerk:
        """Somebody logged in (or nobody) at a screen of this width."""
        context = self.browser.new_context(
            viewport={"width": width, "height": HEIGHTS[width]},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            java_script_enabled=script,
            has_touch=width == PHONE,
            is_mobile=width == PHONE,
            **more,
        )
        context.set_default_timeout(15_000)
        context.add_init_script(_LISTEN)
        if user is not None:
            self.signs_in(context, user)
        self.contexts.append(context)
        return Clerk(context.new_page(), self.base, width)

    def signs_in(self, context: BrowserContext, user: User) -> None:
        """This screen belongs to that account from now on."""
        key = sign_in(Client(), user).session.session_key
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": str(key), "url": self.base}])

    def close(self, but: Sequence[BrowserContext] = ()) -> None:
        """Everybody goes home, but these."""
        for context in self.contexts:
            if context not in but:
                context.close()
        self.contexts[:] = but
