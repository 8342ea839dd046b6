"""What the phone's own program does when sending goes wrong: nothing is lost, nothing doubles,
nothing waits for ever, and what the server does not take has a way out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys import pocket
from tests.journeys.browser import PHONE, Clerk, Office
from tests.journeys.phones import CANNOT_OPEN, FIRST_VERSION
from weicheng.fieldwork.models import Held, Sent, Upload
from weicheng.people.models import User

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("fate", ["remark", "quarantined"])
def test_an_act_whose_photos_the_server_lacks_stays_until_they_are_there(
    page: Page, fate: str
) -> None:
    has: set[str] = set()

    def take(sent: Any) -> Any:
        act = sent["acts"][0]
        missing = len(set(act["photos"]) - has)
        return pocket.receipts(fate, missing=missing, sentence="情况已变")(sent)

    def photo(sent: Any) -> Any:
        if len(asked) > 1:  # the first time the line is closed
            has.add(sent["sha256"])
            return pocket.got(sent)
        return 502

    asked = pocket.answers(page.context, "**/field/photos", photo)
    acts = pocket.answers(page.context, "**/field/acts", take)
    pocket.keeps(page)
    pocket.settles(page, lambda: len(acts) >= 1)
    assert len(pocket.waits(page)[0]) == 1
    pocket.until_empty(page)
    assert len(has) == 1
    assert page.evaluate("async () => (await store.receipts()).map((row) => row.state)") == [fate]


_KEPT_BY_THE_FIRST = f"""async ([act, photos]) => {{
  store.close();
  const db = await {FIRST_VERSION};
  const work = db.transaction(['acts', 'photos'], 'readwrite');
  if (act) work.objectStore('acts').put(act);
  for (const photo of photos) {{
    const bytes = new Uint8Array(photo.size).fill(7).buffer;
    work.objectStore('photos').put({{...photo, bytes}});
  }}
  await new Promise((done) => {{ work.oncomplete = done; }});
  db.close();
}}"""


def old_photo(letter: str, act: str | None) -> dict[str, Any]:
    return {
        "sha256": letter * 64, "size": 300, "act": act, "kept_at": 0, "settled": True, "tries": 2,
        "purpose": "before", "taken_at": pocket.now(), "error": "",
    }  # fmt: skip


def test_what_an_earlier_program_kept_is_taken_over_and_its_orphaned_photos_are_sent(
    clerk: Clerk,
) -> None:
    page = clerk.page
    pocket.answers(page.context, "**/field/photos", 502)
    gone = "01890000-0000-7000-8000-00000000000{}"
    acts = [gone.format(n) for n in (1, 2)]
    pocket.answers(
        page.context, "**/field/receipts", {"results": [{"op_id": acts[0]}], "photos": []}
    )
    rows = [old_photo("a", acts[0]), old_photo("b", None), old_photo("c", acts[1])]
    page.evaluate(_KEPT_BY_THE_FIRST, [None, rows])
    context = page.context
    page.close()
    clerk.page = page = context.new_page()
    pocket.at_field(clerk)
    row = page.evaluate("async () => (await store.db.getAll('photos'))[0]")
    assert "bytes" not in row and row["tries"] >= 2
    assert page.evaluate("async () => (await store.bytes('a'.repeat(64))).byteLength") == 300
    page.context.unroute("**/field/photos")
    taken = pocket.answers(page.context, "**/field/photos", pocket.got)
    pocket.settles(page, lambda: len(pocket.waits(page)[1]) == 2)
    assert {one["sha256"] for one in taken} == {"a" * 64}  # the others wait for a kind
    left = [(row["sha256"][0], row["act"]) for row in pocket.waits(page)[1]]
    assert left == [("b", None), ("c", None)]


@pytest.mark.parametrize("ahead", [47 * 60_000, 40 * 86_400_000])
def test_a_clock_that_was_fast_and_is_right_again_holds_nothing_back(
    page: Page, ahead: int
) -> None:
    acts = pocket.answers(page.context, "**/field/acts", pocket.receipts())
    pocket.keeps(page, photos=0, ready_at=int(timezone.now().timestamp() * 1000) + ahead)
    pocket.until_empty(page)
    assert len(acts) == 1


_FULL = """() => {
  IDBObjectStore.prototype.put = function () {
    throw new DOMException('full', 'QuotaExceededError');
  };
}"""


def test_a_full_storage_does_not_keep_the_phone_from_sending(page: Page) -> None:
    page.context.set_offline(True)
    pocket.keeps(page, 1, 2)
    page.evaluate(_FULL)
    pocket.answers(page.context, "**/field/acts", pocket.receipts())
    pocket.answers(page.context, "**/field/photos", pocket.got)
    page.context.set_offline(False)
    pocket.until_empty(page)


def test_a_database_whose_connection_was_cut_is_opened_anew(page: Page) -> None:
    page.context.set_offline(True)
    page.evaluate("() => store.db.close()")
    pocket.keeps(page, 1, 1)
    acts, photos = pocket.waits(page)
    assert len(acts) == len(photos) == 1


def test_what_the_server_does_not_take_is_not_asked_for_ever_and_has_a_way_out(
    clerk: Clerk,
) -> None:
    page = clerk.page
    acts = pocket.answers(
        page.context, "**/field/acts", pocket.receipts("waiting_photos", missing=1)
    )
    photos = pocket.answers(
        page.context, "**/field/photos", {"refused": "broken", "sentence": "不是照片"}, status=422
    )
    kept = pocket.keeps(page)
    pocket.settles(page, lambda: len(photos) >= 3)
    page.wait_for_timeout(500)
    asked = len(acts)
    for _ in range(8):
        pocket.hurries(page)
        page.wait_for_timeout(100)
    assert (len(acts), len(photos)) == (asked, 3)
    page.locator("[data-open-queue]").click()
    row = page.locator(f'[data-op="{kept["op_id"]}"]')
    expect(row).to_contain_text("不是照片")
    with page.expect_download() as download:
        row.get_by_role("button", name="导出后从本机移除").click()
    told = json.loads(download.value.path().read_text("utf-8"))
    assert [act["op_id"] for act in told["acts"]] == [kept["op_id"]] and len(told["photos"]) == 1
    assert len(pocket.waits(page)[0]) == 1  # the file alone removes nothing
    expect(row).to_contain_text(download.value.suggested_filename)
    assert clerk.barriers() == []
    row.get_by_role("button", name="从本机移除").click()
    expect(row).to_have_count(0)
    assert pocket.waits(page) == ([], [])


def test_a_photo_that_nobody_has_any_more_is_told(page: Page) -> None:
    acts = pocket.answers(
        page.context, "**/field/acts", pocket.receipts("waiting_photos", missing=1)
    )
    pocket.keeps(page, photos=0)
    pocket.settles(page, lambda: pocket.waits(page)[0][0].get("stuck"))
    page.locator("[data-open-queue]").click()
    expect(page.locator("[data-waiting]")).to_contain_text("服务器还缺1张照片，本机已经没有")
    assert len(acts) == 1


def test_after_somebody_else_s_change_both_are_shown_and_the_server_s_stands(page: Page) -> None:
    def take(sent: Any) -> Any:
        if sent["acts"][0]["body"].get("version") == 5:
            return pocket.receipts()(sent)
        both = {"server": {"place": "东门"}, "yours": {"place": "西门"}, "version": 5}
        return pocket.receipts("refused", sentence="被别人改过", conflict=both, version=5)(sent)

    acts = pocket.answers(page.context, "**/field/acts", take, status=412)
    kept = [pocket.keeps(page, n, 0, type="amend", body={"version": 3}) for n in (1, 2)]
    pocket.settles(page, lambda: all(act.get("conflict") for act in pocket.waits(page)[0]))
    page.locator("[data-open-queue]").click()
    asked = len(acts)
    page.locator("[data-send-all]").click()  # does not put one's own over the other's
    page.wait_for_timeout(300)
    assert len(acts) == asked
    rows = [page.locator(f'[data-op="{one["op_id"]}"]') for one in kept]
    expect(rows[0]).to_contain_text("服务器上的：东门")
    expect(rows[0]).to_contain_text("本机改的：西门")
    rows[0].get_by_role("button", name="保留服务器的").click()
    expect(rows[0]).to_have_count(0)
    assert len(acts) == asked
    rows[1].get_by_role("button", name="改用本机的").click()
    expect(rows[1]).to_have_count(0)
    assert acts[-1]["acts"][0]["body"]["version"] == 5


def test_one_photo_over_which_the_server_stumbles_holds_up_no_other(page: Page) -> None:
    pocket.answers(page.context, "**/field/acts", pocket.receipts("waiting_photos", missing=1))
    page.context.set_offline(True)
    worst = min(pocket.keeps(page, n)["photos"][0] for n in range(5))  # the first to be sent
    pocket.answers(
        page.context,
        "**/field/photos",
        lambda sent: 500 if sent["sha256"] == worst else pocket.got(sent),
    )
    page.context.set_offline(False)
    pocket.settles(page, lambda: [row["sha256"] for row in pocket.waits(page)[1]] == [worst])


def test_an_act_that_passes_later_holds_up_no_photo(page: Page) -> None:
    later = pocket.receipts("refused", retry=True, sentence="服务器正忙")
    pocket.answers(page.context, "**/field/acts", later, status=503)
    pocket.answers(page.context, "**/field/photos", pocket.got)
    pocket.keeps(page)
    pocket.settles(page, lambda: not pocket.waits(page)[1])
    assert len(pocket.waits(page)[0]) == 1


def test_while_the_server_looks_into_a_whole_photo_it_is_not_asked_again_and_again(
    page: Page,
) -> None:
    pieces = pocket.answers(page.context, "**/field/photos/**", {"have": 0, "state": "uploading"})
    pocket.answers(page.context, "**/field/acts", pocket.receipts("waiting_photos", missing=1))
    photos = pocket.answers(
        page.context, "**/field/photos", lambda sent: {**pocket.got(sent), "state": "uploading"}
    )
    pocket.keeps(page)
    pocket.settles(page, lambda: photos)
    page.wait_for_timeout(1_000)
    assert pieces == [] and len(photos) == 1


def test_who_does_other_work_by_now_is_heard_and_the_office_decides(
    office: Office, inspector: User
) -> None:
    clerk = pocket.opens(office, inspector)
    page = clerk.page
    page.context.set_offline(True)
    kept = pocket.keeps(page, 1, 1)
    User.objects.filter(pk=inspector.pk).update(role="unit")
    try:
        page.context.set_offline(False)
        pocket.until_empty(page)
        page.evaluate("() => dispatchEvent(new Event('visibilitychange'))")
        assert page.request.get(f"{clerk.base}/field/pack").status == 404
    finally:
        User.objects.filter(pk=inspector.pk).update(role="inspector")
    held = Held.objects.get(op_id=kept["op_id"])
    assert held.reason == "no_field_work"
    assert Sent.objects.get(op_id=kept["op_id"]).missing == []
    assert Upload.objects.get(sha256=kept["photos"][0]).state == "received"


def test_a_closed_account_is_told_to_hand_the_queue_to_the_office(
    office: Office, inspector: User
) -> None:
    clerk = pocket.opens(office, inspector)
    page = clerk.page
    page.context.set_offline(True)
    pocket.keeps(page, 1, 1)
    User.objects.filter(pk=inspector.pk).update(is_active=False)
    try:
        page.context.set_offline(False)
        pocket.hurries(page)
        expect(page.get_by_role("alert").first).to_contain_text(
            "这个账号已停用，登录不了。本机1件不会丢：请导出到文件交创卫办"
        )
    finally:
        User.objects.filter(pk=inspector.pk).update(is_active=True)


_CLEARED = """(user) => new Promise((done, refuse) => {
  localStorage.clear();
  const gone = indexedDB.deleteDatabase('weicheng-field-' + user);
  Object.assign(gone, { onsuccess: done, onerror: refuse });
})"""


def test_what_a_browser_cleared_with_all_marks_of_scripts_is_told_by_the_server_s_mark(
    clerk: Clerk,
) -> None:
    page, context = clerk.page, clerk.page.context
    pocket.answers(context, "**/field/acts", 503)
    pocket.answers(context, "**/field/photos", 503)
    pocket.keeps(page, 1, 0)
    pocket.keeps(page, 2, 0)
    for _contact in range(5):  # the server knows what waited at the last contact
        with page.expect_response("**/field/pack"):
            page.reload()
        marks = {one["name"]: one["value"] for one in context.cookies()}
        if marks["weicheng_field_kept"].endswith(".2"):
            break
    assert marks["weicheng_field_kept"].endswith(".2")
    page.goto(f"{clerk.base}/me/")
    page.evaluate(_CLEARED, marks["weicheng_field_kept"].split(".")[0])
    context.clear_cookies(name="weicheng_field_unsent")
    page.goto(f"{clerk.base}/field/")
    expect(page.locator("[data-warning]")).to_contain_text("至少2件")


_PICTURES = """async () => {
  const cache = await caches.open('weicheng-field-pictures');
  for (const name of ['near', 'gone']) await cache.put(`/evidence/${name}`, new Response('x'));
  const asked = [];
  const whole = window.fetch;
  window.fetch = async (address) => {
    asked.push(new URL(address).pathname);
    return new Response('x');
  };
  const photo = (name) => ({ photo: `/evidence/${name}` });
  await tools.warm({
    accept: [photo('near'), { photo: null }], look_backs: [photo('next')],
    routes: [{ stops: [{ open: [photo('stop')] }] }, {}],
  });
  window.fetch = whole;
  return [asked, (await cache.keys()).map((one) => new URL(one.url).pathname)];
}"""


def test_pictures_that_the_pack_names_stay_and_are_not_fetched_again(
    office: Office, inspector: User
) -> None:
    clerk = pocket.at_field(office.clerk(inspector, PHONE))
    clerk.page.wait_for_function("() => navigator.serviceWorker.controller")
    asked, kept = clerk.page.evaluate(_PICTURES)
    assert asked == ["/evidence/next", "/evidence/stop"]
    assert kept == ["/evidence/near"]


def test_the_log_out_is_refused_while_the_browser_cannot_open_what_waits(clerk: Clerk) -> None:
    page = clerk.page
    pocket.answers(page.context, "**/field/acts", 502)
    pocket.keeps(page, photos=0)
    page.goto(f"{clerk.base}/me/")
    page.evaluate(CANNOT_OPEN)
    page.get_by_role("button", name="退出登录").click()
    expect(page.locator("[data-leave-note]")).to_contain_text("本机还有1件没有传完")
    pocket.at_field(clerk)
    assert len(pocket.waits(page)[0]) == 1
