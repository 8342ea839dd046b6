// Where the inspector stands, and whose round that is: the routes that still run, their stops, sites, what is done,
// and the look at the site at hand.
import { newId } from "./digest.js";
import { byDistance, nearest } from "./place.js";

const FRESH_FIX = 120_000; // an older fix says nothing of where one stands now
const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" });

const dayOf = (ms) => day.format(new Date(ms)); // 2026-11-28

const freshVisit = () => ({ op_id: newId(), findings: 0, failed: [], na: [], unseen: [] });

export class Standing {
  constructor(wire, fixes) {
    Object.assign(this, { wire, fixes });
    this.pack = null;
    this.here = null;
    this.movedAt = 0; // when the place last changed without a tap
    this.still = () => false; // whether a sheet is open that speaks of the place
    this.memory = { plan: null, site: null, byHand: false, detail: "", visits: {}, done: {}, answered: {} };
  }

  // Today by the server's clock, as far as it was ever measured.
  get today() {
    return dayOf(Date.now() - (this.wire.offset || 0) * 1000);
  }

  // {at, old}: when the pack was made, and whether that was on another day.
  get packed() {
    const at = this.pack && this.pack.server_now;
    return at ? { at, old: dayOf(Date.parse(at)) < this.today } : null;
  }

  // The routes that still run: none whose last day is over.
  get routes() {
    const { today } = this;
    return this.pack ? this.pack.routes.filter((route) => !route.until || route.until >= today) : [];
  }

  // The one chosen by hand, else the first that is not finished.
  get route() {
    const { routes } = this;
    const chosen = routes.find((route) => route.plan === this.memory.plan);
    const unfinished = (route) => !route.sealed && route.stops.some((stop) => !this.isDone(stop));
    return chosen || routes.find(unfinished) || routes[0] || null;
  }

  get secret() {
    return Boolean(this.route && this.route.hidden);
  }

  get stops() {
    return this.route ? this.route.stops : [];
  }

  isDone(row) {
    return Boolean(row.done) || row.site in this.memory.done;
  }

  // Chosen by hand; else the nearest that is still to do, by a fix of the last minutes; else where one stood, the
  // next of the route. `shot`: a picture without a kind was taken here just now, so what is done counts too.
  stand({ shot = false } = {}) {
    const { byHand, site } = this.memory;
    const known = this.places();
    const todo = (row) => !this.isDone(row);
    const near = (rows) => nearest(shot ? rows : rows.filter(todo), this.fixes.fresh(FRESH_FIX));
    const chosen = known.find((row) => row.site === site);
    const left = chosen && (todo(chosen) || shot) ? chosen : null;
    const onRoute = left && this.stops.includes(left) ? left : null;
    const held = (byHand || this.still()) && chosen;
    this.here = held || near(this.stops) || near(known) || onRoute || this.stops.find(todo) || left || null;
    if (this.here && this.here.site !== site) Object.assign(this.memory, { site: this.here.site, detail: "" });
  }

  // Something came that nobody tapped, a fix or new tasks: stand where it says, and have it told.
  follow(how) {
    const before = this.here;
    this.stand(how);
    if (before && this.here && before.site !== this.here.site) this.movedAt = Date.now();
  }

  // Every place known here, those of the route first, then those of other routes.
  places() {
    const stops = [...this.stops, ...this.routes.flatMap((route) => route.stops)];
    const known = new Map();
    for (const row of [...stops, ...(this.pack ? this.pack.sites : [])]) if (!known.has(row.site)) known.set(row.site, row);
    return [...known.values()];
  }

  near(text = "") {
    const wanted = text.trim().toLowerCase();
    const rows = byDistance(this.places(), this.fixes.last);
    return rows.filter((row) => !wanted || row.name.toLowerCase().includes(wanted) || row.plate === wanted);
  }

  // {stop, plan} of what is done here: a hidden round comes first, and takes what is on no route at all, so that
  // nothing of it is told before its release.
  get belongs() {
    const site = this.here && this.here.site;
    const open = this.routes.filter((route) => !route.sealed);
    const first = open.filter((route) => route === this.route);
    const ranked = [...first, ...open.filter((route) => route !== this.route)];
    const hidden = ranked.filter((route) => route.hidden);
    for (const route of [...hidden, ...ranked.filter((one) => !one.hidden)]) {
      const stop = route.stops.find((row) => row.site === site);
      if (stop) return { stop: stop.stop, plan: stop.plan || route.plan };
    }
    return { stop: null, plan: hidden.length ? hidden[0].plan : null };
  }

  get placeName() {
    return this.here ? `${this.here.name}${this.memory.detail}` : this.memory.detail;
  }

  // --- what this page remembers

  // Of another day only what the pack of that day cannot know: what was done since.
  recall(kept) {
    const { done = {}, answered = {} } = kept;
    if (kept.day === this.today) Object.assign(this.memory, kept);
    else if (this.pack && kept.pack === this.pack.server_now) Object.assign(this.memory, { done, answered });
  }

  // This page's memory with a change, as it is kept.
  written(change = {}) {
    const pack = this.pack && this.pack.server_now;
    return { ...this.memory, ...change, day: this.today, pack };
  }

  get visit() {
    const key = this.here ? this.here.site : "";
    if (!this.memory.visits[key]) this.memory.visits[key] = freshVisit();
    return this.memory.visits[key];
  }

  get flawed() {
    return this.visit.findings > 0 || this.visit.failed.length > 0;
  }

  // Visits with a change to the one at hand.
  visits(change) {
    const key = this.here ? this.here.site : "";
    return { ...this.memory.visits, [key]: { ...this.visit, ...change } };
  }
}
