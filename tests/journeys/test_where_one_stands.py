"""The phone's own reckoning of place and day: nothing found at one site is written down at another,
and nothing of yesterday at a site of today."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import pocket
from tests.journeys.browser import Clerk, Office
from tests.journeys.phones import FIRST_VERSION
from weicheng.people.models import User

pytestmark = pytest.mark.journey

#: A Flow of its own on the page's database, with made-up tasks, fixes and time.
_BENCH = """() => {
  const real = Date.now.bind(Date);
  const bench = { ahead: 0, kind: { key: 'bin', name: '垃圾桶满溢' } };
  Date.now = () => real() + bench.ahead;
  const place = (site, lat) => ({ site, name: site, lat, lon: 111, region: 'r', type: 't' });
  const stop = (site, lat) => ({ ...place(site, lat), stop: `stop-${site}`, plan: 'P' });
  bench.pack = (more = {}) => ({
    server_now: new Date(Date.now()).toISOString(), user: { id: 'u' }, sites: [], sheets: {},
    kinds: [], accept: [], look_backs: [],
    routes: [{
      plan: 'P', hidden: false, sealed: false, until: '2999-12-31',
      stops: [stop('A', 27), stop('B', 27.0005), stop('C', 27.01)],
    }], ...more,
  });
  bench.place = place;
  bench.flow = async (pack = bench.pack()) => {
    const fixes = {
      last: null, fix: null,
      fresh(age = 10000) {
        return this.last && Date.now() - this.last.at <= age ? this.last : null;
      },
      async take() {
        if (this.wait) await this.wait;
        if (this.fix) this.last = { ...this.fix, lon: 111, accuracy_m: 9, at: Date.now() };
        return this.fix ? this.last : null;
      },
    };
    const flow = new window.tools.Flow(window.store, { offset: 0 }, {}, fixes);
    await window.store.keep({ meta: { pack } });
    await flow.load();
    return flow;
  };
  bench.shot = async (text, album = true) => {
    const bytes = new TextEncoder().encode(text).buffer;
    const sha256 = await window.tools.sha256(bytes);
    return { bytes, sha256, size: bytes.byteLength, taken_at: new Date().toISOString(), album };
  };
  bench.acts = async (type) => (await window.store.queue()).acts.filter((act) => act.type === type);
  window.bench = bench;
}"""


@pytest.fixture
def page(clerk: Clerk) -> Page:
    """A phone without a network; its program has its tasks and rests, the bench works."""
    expect(clerk.page.locator("[data-age]")).to_contain_text("更新")
    clerk.page.context.set_offline(True)
    clerk.page.evaluate(_BENCH)
    return clerk.page


def run(page: Page, steps: str) -> Any:
    return page.evaluate(f"async () => {{ const {{ store, bench }} = window; {steps} }}")


def test_what_was_done_yesterday_is_to_do_again_on_a_page_that_stayed_open(page: Page) -> None:
    told = run(page, """
      const flow = await bench.flow();
      await flow.choose('A');
      await flow.finish();
      await flow.choose('B');
      await flow.mark('t-01', 'failed', true);
      bench.ahead = 86400000;
      flow.renew();
      const offline = [flow.isDone({ site: 'A' }), flow.flawed, flow.memory.byHand];
      await flow.finish();
      await flow.takePack(bench.pack());
      return [offline, Object.keys(flow.memory.done).length, flow.isDone({ site: 'A' })];
    """)  # fmt: skip
    assert told == [[True, False, False], 1, False]


def test_a_failed_check_and_a_note_stay_with_the_site_where_they_were_taken(page: Page) -> None:
    told = run(page, """
      const flow = await bench.flow();
      await flow.mark('t-01', 'failed', true);
      const note = await bench.shot('note');
      await flow.speak(note);
      await flow.finish();
      await flow.shoot(await bench.shot('one'));
      await flow.chip(bench.kind);
      const [there] = await bench.acts('finding');
      const again = await bench.flow();
      await again.choose('A');
      await again.shoot(await bench.shot('two'));
      await again.chip(bench.kind);
      const here = (await bench.acts('finding')).find((act) => act.body.site === 'A');
      const { site, check, voice } = there.body;
      return [site, check, !voice, here.body.voice === note.sha256];
    """)  # fmt: skip
    assert told == ["B", "", True, True]


def test_the_same_picture_chosen_twice_is_one_and_leaving_it_out_takes_nothing(page: Page) -> None:
    told = run(page, """
      const flow = await bench.flow();
      await flow.shoot(await bench.shot('one'));
      await flow.chip(bench.kind);
      const twin = await flow.shoot(await bench.shot('one'));
      const [act] = await bench.acts('finding');
      await flow.dropTray(act.photos);
      const photo = (await store.queue()).photos[0];
      const bytes = await store.bytes(photo.sha256);
      return [twin.twin, flow.tray.length, photo.act === act.op_id, Boolean(bytes)];
    """)  # fmt: skip
    assert told == [True, 0, True, True]


def test_tasks_that_come_late_move_no_place_under_a_shot(page: Page) -> None:
    told = run(page, """
      const flow = await bench.flow();
      flow.fixes.fix = { lat: 27 };
      await flow.fixes.take();
      await flow.finish();
      await flow.shoot(await bench.shot('one', false));
      await new Promise((done) => setTimeout(done, 100));
      await flow.takePack(bench.pack());
      await flow.chip(bench.kind);
      return (await bench.acts('finding'))[0].body.site;
    """)  # fmt: skip
    assert told == "A"


def test_a_problem_before_any_place_was_known_is_of_the_site_that_the_fix_tells(
    page: Page,
) -> None:
    told = run(page, """
      const flow = await bench.flow(bench.pack({ routes: [], sites: [bench.place('S', 27)] }));
      flow.fixes.fix = { lat: 27 };
      let go;
      flow.fixes.wait = new Promise((done) => { go = done; });
      await flow.shoot(await bench.shot('one', false));
      await flow.chip(bench.kind);
      const before = flow.here;
      go();
      await new Promise((done) => setTimeout(done, 300));
      await flow.finish();
      const [finding] = await bench.acts('finding');
      const [look] = await bench.acts('visit');
      const { site, visit_op } = finding.body;
      return [before, site, look.body.site, look.passed, visit_op === look.op_id];
    """)  # fmt: skip
    assert told == [None, "S", "S", False, True]


def test_a_shot_of_yesterday_waits_for_a_place_chosen_by_hand(page: Page) -> None:
    told = run(page, """
      const first = await bench.flow();
      await first.shoot(await bench.shot('one', false));
      const then = new Date(Date.now()).toISOString().slice(0, 16);
      bench.ahead = 86400000;
      const flow = await bench.flow();
      const refused = await flow.chip(bench.kind);
      const passed = await flow.finish();
      await flow.choose('C');
      await flow.chip(bench.kind);
      const [finding] = await bench.acts('finding');
      const [look] = await bench.acts('visit');
      const { site, corrected_lat } = finding.body;
      const at = finding.occurred_at.startsWith(then);
      return [refused, passed.photos, look.photos.length, site, corrected_lat, at];
    """)  # fmt: skip
    assert told == [None, 0, 0, "C", 27.01, True]


def test_an_act_on_its_way_is_not_changed_though_its_row_could_not_say_so(page: Page) -> None:
    told = run(page, """
      const flow = await bench.flow();
      await flow.finish();
      store.begun.add(flow.saved.op_id);
      return [await flow.undo(), (await bench.acts('visit')).length];
    """)  # fmt: skip
    assert told == [False, 1]


def test_an_older_page_that_keeps_the_database_is_told_and_its_end_waited_for(
    office: Office, inspector: User
) -> None:
    clerk = pocket.opens(office, inspector)
    old = clerk.goes_to("/me/")
    old.evaluate(f"async () => {{ window.older = await {FIRST_VERSION}; }}")
    page = old.context.new_page()
    page.goto(f"{clerk.base}/field/")
    expect(page.locator("[data-warning]")).to_contain_text("请关掉它")
    old.evaluate("older.close()")
    expect(page.locator("body")).to_have_attribute("data-ready", "1")
    expect(page.locator("[data-warning-box]")).to_be_hidden()
