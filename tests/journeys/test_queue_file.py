"""The queue as a file, by the real program: read again it brings back nothing; a colleague's
queue goes to the office in pieces."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.district import District
from tests.journeys import pocket

pytestmark = pytest.mark.journey

_AGAIN = """async (times) => {
  const file = await tools.toFile(store, {id: store.user, name: ''});
  window.text = await file.blob.text();
}"""
_IMPORT = """async () => {
  const file = new File([window.text], 'queue.json');
  return tools.takeIn(store, await tools.fromFile(file));
}"""


def test_a_queue_file_read_again_brings_back_nothing_and_spoils_nothing(page: Page) -> None:
    page.context.set_offline(True)
    first, second = pocket.keeps(page, 1, 2), pocket.keeps(page, 2, 1)
    page.evaluate(_AGAIN)
    page.evaluate(
        "(id) => store.change('acts', id, (row) => ({...row, tries: 5}))", second["op_id"]
    )
    page.evaluate("(sha) => store.drop(sha)", first["photos"][0])
    page.evaluate("(sha) => store.drop(sha)", first["photos"][1])
    page.evaluate("(id) => store.receive(id, {state: 'received'})", first["op_id"])
    page.evaluate("() => store.tidy(Date.now() + 2 * 86400000)")  # the receipt is of another day
    assert page.evaluate(_IMPORT) == 0
    acts, photos = pocket.waits(page)
    assert [(act["op_id"], act["tries"]) for act in acts] == [(second["op_id"], 5)]
    assert [(row["sha256"], row["act"]) for row in photos] == [
        (second["photos"][0], second["op_id"])
    ]


def test_a_queue_file_gives_another_phone_everything_and_its_bad_rows_are_left_out(
    page: Page,
) -> None:
    page.context.set_offline(True)
    kept = pocket.keeps(page, 1, 2)
    page.evaluate(_AGAIN)
    page.evaluate("(id) => store.remove(id)", kept["op_id"])
    assert pocket.waits(page) == ([], [])
    page.evaluate("""() => {
      const told = JSON.parse(window.text);
      told.acts.push(7, null, {op_id: 'x'}, {op_id: 'y', type: 'visit', photos: [], body: null});
      told.photos.push(null, {sha256: 'z'});
      window.text = JSON.stringify(told);
    }""")
    assert page.evaluate(_IMPORT) == 1
    acts, photos = pocket.waits(page)
    assert [act["op_id"] for act in acts] == [kept["op_id"]]
    assert {row["act"] for row in photos} == {kept["op_id"]} and len(photos) == 2


_OTHERS = """async ([user, n]) => {
  const letters = 'A'.repeat(300000);
  const shas = Array.from({length: n}, (_, i) => i.toString(16).padStart(64, '0'));
  const acts = Array.from({length: 70}, (_, i) => ({op_id: `act-${i}`, type: 'finding',
    photos: shas.slice(i, i + 1), occurred_at: new Date().toISOString(), offset_seconds: 0,
    body: {kind: 'bin'}}));
  const photos = shas.map((sha) => ({sha256: sha, size: 225000, data: letters}));
  return JSON.stringify({format: 'weicheng-queue-1', user: {id: user, name: ''}, acts, photos});
}"""


def test_a_colleague_s_queue_of_many_photos_goes_over_in_pieces(page: Page, city: District) -> None:
    told = page.evaluate(_OTHERS, [str(city.office.pk), 16])
    failed: list[int] = []

    def take(sent: Any) -> Any:
        if len(asked) == 3 and not failed:
            failed.append(1)
            return 502
        return {"results": [], "photos": len(sent["photos"]), "errors": []}

    asked = pocket.answers(page.context, "**/field/import", take)
    page.locator("[data-open-queue]").evaluate("(it) => it.click()")
    page.locator("[data-import-file]").set_input_files(
        {"name": "queue.json", "mimeType": "application/json", "buffer": told.encode()}
    )
    expect(page.locator("[data-queue-note]")).to_contain_text("70件已交服务器", timeout=30_000)
    assert max(len(json.dumps(one)) for one in asked) < 4_000_000
    assert max(len(one["acts"]) for one in asked) <= 50
    assert sorted({act["op_id"] for one in asked for act in one["acts"]}) == sorted(
        f"act-{n}" for n in range(70)
    )
    assert len({row["sha256"] for one in asked for row in one["photos"]}) == 16
