"""A phone in the hands of the journeys: what lies in its database, and the taps of an inspector."""

from __future__ import annotations

import time
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect

from tests.journeys.browser import Clerk
from tests.journeys.looks import SHOTS
from tests.journeys.test_offline_day import SITES

#: Sites stand 111 m apart to the north; the first of the list has no position.
PLACES = {name: (27.2389 + n / 1000, 111.4679) for n, name in enumerate(SITES) if n}
ROWS = """(name) => new Promise((done, refuse) => {
  const asked = indexedDB.open('weicheng-field-' + document.body.dataset.user);
  asked.onerror = () => refuse(asked.error);
  asked.onsuccess = () => {
    const rows = asked.result.transaction(name).objectStore(name).getAll();
    rows.onsuccess = () => {
      asked.result.close();
      done(rows.result.map(({ bytes, ...row }) => row));
    };
  };
})"""
#: The database as the first program made it; the open connection.
FIRST_VERSION = """new Promise((done, refuse) => {
  const name = 'weicheng-field-' + document.body.dataset.user;
  indexedDB.deleteDatabase(name);
  const asked = indexedDB.open(name, 1);
  asked.onerror = () => refuse(asked.error);
  asked.onupgradeneeded = () => {
    const db = asked.result;
    db.createObjectStore('acts', {keyPath: 'op_id'});
    db.createObjectStore('photos', {keyPath: 'sha256'});
    db.createObjectStore('received', {keyPath: 'op_id'});
    db.createObjectStore('meta');
  };
  asked.onsuccess = () => done(asked.result);
})"""
REWRITE = """(change) => new Promise((done, refuse) => {
  const asked = indexedDB.open('weicheng-field-' + document.body.dataset.user);
  asked.onerror = () => refuse(asked.error);
  asked.onsuccess = () => {
    const work = asked.result.transaction('meta', 'readwrite');
    const store = work.objectStore('meta');
    store.get('pack').onsuccess = (event) => {
      const pack = event.target.result;
      pack.server_now = change.made;
      for (const route of pack.routes) if (route.hidden) route.until = change.until;
      store.put(pack, 'pack');
    };
    work.oncomplete = () => { asked.result.close(); done(); };
  };
})"""
SLOW_FIX = """(ms) => {
  const quick = Geolocation.prototype.getCurrentPosition;
  Geolocation.prototype.getCurrentPosition = function (done, ...more) {
    quick.call(this, (told) => setTimeout(() => done(told), ms), ...more);
  };
}"""
CANNOT_OPEN = """() => {
  IDBFactory.prototype.open = () => {
    const asked = { error: new DOMException('Internal error', 'UnknownError') };
    setTimeout(() => asked.onerror());
    return asked;
  };
}"""
FULL_DISK = """() => {
  window.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); };
}"""


def rows(page: Page, name: str = "acts") -> list[dict[str, Any]]:
    """What lies in the phone's own database, without the bytes."""
    found: list[dict[str, Any]] = page.evaluate(ROWS, name)
    return found


def stands_at(page: Page, name: str) -> None:
    """The satellites see the phone there."""
    north, east = PLACES[name]
    page.context.set_geolocation({"latitude": north, "longitude": east, "accuracy": 8})


def shoots(page: Page, waiting: int) -> None:
    """The shutter; so many shots wait for a kind then."""
    page.locator("[data-shutter]").click()
    expect(page.locator("[data-saved-words]")).to_have_text(f"已拍{waiting}张，点一个类型")


def chooses(page: Page, kind: str) -> None:
    page.locator(f'.chip[data-kind="{kind}"]').click()
    expect(page.locator(f'.chip.is-on[data-kind="{kind}"]')).to_be_visible()


def passes(page: Page) -> str:
    """A site in one tap; its name."""
    name = page.locator("[data-place]").inner_text()
    page.locator("[data-pass]").click()
    expect(page.locator("[data-saved-about]")).to_contain_text(name)
    return name


def shot(clerk: Clerk, name: str) -> None:
    if SHOTS:
        clerk.page.screenshot(path=Path(SHOTS) / f"recording-{name}-{clerk.width}.png")


def speaks(page: Page) -> None:
    page.locator("[data-voice]").click()
    expect(page.locator("[data-voice-words]")).to_have_text("说完再按")
    time.sleep(1)
    page.locator("[data-voice]").click()
    expect(page.locator("[data-voice-words]")).to_have_text("语音")


def picture(taken: str, colour: str) -> bytes:
    """A JPEG that says when it was taken."""
    image, told = Image.new("RGB", (320, 240), colour), Image.Exif()
    told.get_ifd(0x8769)[0x9003] = taken
    buffer = BytesIO()
    image.save(buffer, "JPEG", exif=told.tobytes())
    return buffer.getvalue()
