"""What a test does with the real phone program: keeps acts and photos by its own store, reads what
waits, answers in the place of the server."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.browser import PHONE, Clerk, Office

#: The program's own modules, as the page runs them; its database in `store`.
_TOOLS = """async () => {
  const told = (await (await fetch('/field/sw.js')).text()).split('\\n', 1)[0];
  const { shell } = JSON.parse(told.slice('const SETTINGS = '.length, -1));
  window.tools = {};
  for (const name of ['store', 'carry', 'digest', 'send', 'wire', 'pictures', 'flow']) {
    const address = shell.find((one) => one.includes(`/js/${name}.`));
    Object.assign(window.tools, await import(address));
  }
  window.store = await window.tools.Store.open(document.body.dataset.user);
}"""
#: One problem with pictures of noise of about so many bytes, kept as the shutter and a chip do.
_KEEP = """async ([n, photos, bytes, more]) => {
  const { tools, store } = window;
  const edge = Math.max(40, Math.round(Math.sqrt(bytes / 1.2)));
  const canvas = Object.assign(document.createElement('canvas'), { width: edge, height: edge });
  const pen = canvas.getContext('2d');
  const rows = [];
  const act = {
    op_id: tools.newId(), type: 'finding', label: `第${n}处`, place: '', photos: [], ready_at: 0,
    occurred_at: new Date().toISOString(), offset_seconds: 0, tries: 0, error: '', ...more,
    body: {
      kind: 'bin', lat: 27.2 + n / 1000, lon: 111.4, accuracy_m: 8, words: `第${n}处`,
      ...(more.body || {}),
    },
  };
  for (let i = 0; i < photos; i += 1) {
    const image = pen.createImageData(edge, edge);
    for (let at = 0; at < image.data.length; at += 65536) {
      crypto.getRandomValues(image.data.subarray(at, at + 65536));
    }
    for (let at = 3; at < image.data.length; at += 4) image.data[at] = 255;
    pen.putImageData(image, 0, 0);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85));
    const data = await blob.arrayBuffer();
    rows.push({
      bytes: data, sha256: await tools.sha256(data), size: data.byteLength, purpose: 'before',
      act: act.op_id, taken_at: act.occurred_at, lat: 27.2, lon: 111.4, accuracy_m: 8,
      offset_seconds: 0, kept_at: 0, settled: true, tries: 0, error: '',
    });
  }
  act.photos = rows.map((row) => row.sha256);
  await store.keep({ acts: [act], photos: rows });
  return act;
}"""
_WAITS = (
    "async () => { const { acts, photos } = await window.store.queue(); return [acts, photos]; }"
)


def opens(office: Office, who: Any, **more: Any) -> Clerk:
    """The field program without its worker: a test may then break what goes over the line."""
    return at_field(office.clerk(who, PHONE, service_workers="block", **more))


def at_field(clerk: Clerk) -> Clerk:
    """The page has read its database; its modules are at hand."""
    clerk.goes_to("/field/")
    expect(clerk.page.locator("body")).to_have_attribute("data-ready", "1")
    clerk.page.evaluate(_TOOLS)
    return clerk


def keeps(
    page: Page, n: int = 1, photos: int = 1, size: int = 4_000, **more: Any
) -> dict[str, Any]:
    """A problem with photos in the phone's database; its row."""
    made: dict[str, Any] = page.evaluate(_KEEP, [n, photos, size, more])
    return made


def waits(page: Page) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The acts and the photos that wait, as rows."""
    acts, photos = page.evaluate(_WAITS)
    return acts, photos


def hurries(page: Page) -> None:
    """The phone believes that it has just come back to a network, and tries at once."""
    page.evaluate("() => window.dispatchEvent(new Event('online'))")


def until_empty(page: Page, *, seconds: float = 20) -> None:
    """Nothing waits any more; the phone is hurried meanwhile."""
    for _ in range(int(seconds / 0.25)):
        if waits(page) == ([], []):
            return
        hurries(page)
        page.wait_for_timeout(250)
    raise AssertionError(waits(page))


def answers(context: BrowserContext, path: str, told: Any, *, status: int = 200) -> list[Any]:
    """What the phone sends to this address is answered so, by a value or by what a function makes
    of the question; what it sent stands in the list."""
    asked: list[Any] = []

    def answer(route: Any) -> None:
        request = route.request
        sent = request.post_data_json if request.method == "POST" else request.url
        asked.append(sent)
        made = told(sent) if callable(told) else told
        if isinstance(made, int):
            route.fulfill(status=made, content_type="text/html", body="<p>…</p>")
        else:
            route.fulfill(status=status, json=made)

    context.route(path, answer)
    return asked


def now() -> str:
    return timezone.now().isoformat()


def receipts(state: str = "received", **more: Any) -> Any:
    """An answer to acts, all of the same fate."""
    return lambda sent: {
        "server_now": now(),
        "results": [
            {"op_id": act["op_id"], "state": state, "received_at": now(), "missing": 0, **more}
            for act in sent["acts"]
        ],
    }


def got(sent: Any) -> dict[str, Any]:
    """A photo that the server has."""
    return {"sha256": sent["sha256"], "have": sent["size"], "state": "received"}


def settles(page: Page, gone: Any) -> None:
    """Hurry the phone until something is so."""
    for _ in range(80):
        if gone():
            return
        hurries(page)
        page.wait_for_timeout(150)
    raise AssertionError(waits(page))
