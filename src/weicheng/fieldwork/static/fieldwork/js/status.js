// What the page says of itself: heading, counts, place, the bar of what was kept, the strip of what waits.
// Every count is read from the database at the moment it is shown.
import { find, write } from "./make.js";
import { shasOf } from "./store.js";
import { dayOf, hourOf, say } from "./text.js";

const HINT = 6_000;
const SHOWN = 10_000;

export class Status {
  constructor(store, wire, sender, flow) {
    Object.assign(this, { store, wire, sender, flow });
    this.words = "";
    this.until = 0;
  }

  say(words) {
    this.words = words;
    this.until = Date.now() + HINT;
  }

  async draw() {
    this.queue = await this.store.queue();
    this.receipts = await this.store.receipts();
    this.heading();
    this.place();
    this.strip();
    this.bar();
    this.route();
  }

  heading() {
    const { flow } = this;
    const route = flow.route;
    const title = route ? (flow.secret ? say("undercover") : route.title) : say("title");
    write("title", title);
    const done = flow.stops.filter((stop) => flow.isDone(stop)).length;
    write("count", flow.stops.length ? say("stops_done", { done, all: flow.stops.length }) : "");
    const today = dayOf(Date.now());
    const rows = [...this.queue.acts, ...this.receipts].filter((row) => dayOf(row.occurred_at) === today);
    const found = rows.filter((row) => row.type === "finding").length;
    write("today", say("today", { n: found, m: rows.filter((row) => row.passed).length }));
  }

  place() {
    const { flow } = this;
    write("place", flow.placeName || say("no_place"));
    const fix = flow.fixes.last;
    const words = flow.memory.byHand ? say("by_hand") : fix ? say("fix", { n: Math.round(fix.accuracy_m) }) : say("no_fix");
    write("fix", words);
    write("pass-words", say(flow.flawed ? "finished" : "passed"));
  }

  strip() {
    const n = this.queue.acts.length;
    const m = this.queue.photos.length;
    const strip = find("strip");
    const last = this.receipts.length ? this.receipts.reduce((a, b) => (a.received_at > b.received_at ? a : b)) : null;
    const sending = this.sender.now.size > 0;
    strip.hidden = this.wire.reached && !n && !m && !last;
    strip.classList.toggle("is-well", this.wire.reached && !n && !m);
    strip.classList.toggle("is-near", this.wire.reached);
    write("reach", this.wire.reached ? (sending ? say("sending") : "") : say("offline"));
    write("waits", n || m ? say("waits", { n, m }) : last ? say("received", { at: hourOf(last.received_at) }) : say("nothing_waits"));
    document.body.dataset.unsent = String(n);
    const app = navigator.setAppBadge;
    if (app) (n || m ? navigator.setAppBadge(n || m) : navigator.clearAppBadge()).catch(() => {});
  }

  kindOf(op_id) {
    const act = this.queue.acts.find((row) => row.op_id === op_id);
    return act ? act.body.kind : "";
  }

  // The bar: what was kept, its state in one of three words, and 撤销 while it is here alone.
  bar() {
    const { flow } = this;
    const saved = flow.saved;
    if (saved && (saved.op_id !== this.savedId || !this.savedAt)) [this.savedId, this.savedAt] = [saved.op_id, Date.now()];
    const hint = Date.now() < this.until ? this.words : "";
    const wanted = flow.unplaced ? "old_shots" : "choose_kind_for";
    const tray = flow.tray.length ? say(wanted, { n: flow.tray.length }) : "";
    const act = saved && this.queue.acts.find((row) => row.op_id === saved.op_id);
    const receipt = saved && this.receipts.find((row) => row.op_id === saved.op_id);
    const judging = Boolean(flow.mode);
    const over = receipt && Date.now() - this.savedAt > SHOWN;
    if (over) flow.saved = null;
    const words = judging ? hint : hint || tray || (saved && !over ? this.stateOf(act, receipt, saved) : "");
    const bar = find("saved");
    bar.classList.toggle("is-shown", Boolean(words));
    bar.classList.toggle("is-question", Boolean(!hint && tray));
    write("saved-words", words);
    write("saved-about", !hint && !tray && saved && words ? about(saved) : "");
    find("undo").hidden = Boolean(hint || tray || !act || act.tries);
  }

  stateOf(act, receipt, saved) {
    if (receipt) return say("received", { at: hourOf(receipt.received_at) });
    if (!act) return "";
    const sending = this.sender.now.has(saved.op_id) || shasOf(act).some((sha) => this.sender.now.has(sha));
    return say(sending ? "sending" : "kept");
  }

  route() {
    const { route, sealed } = this.flow;
    document.body.classList.toggle("is-sealed", Boolean(sealed && route));
    document.body.classList.toggle("has-seal", Boolean(sealed && !route));
    document.body.classList.toggle("is-secret", this.flow.secret);
    if (!sealed) return;
    write("sealed-words", say(sealed.leads ? "sealed_leader" : "sealed_member"));
    find("unseal").hidden = !sealed.leads;
  }
}

function about(saved) {
  if (!saved.photos) return saved.label;
  return say(saved.extra ? "about_more" : "about_photos", { label: saved.label, n: saved.photos });
}
