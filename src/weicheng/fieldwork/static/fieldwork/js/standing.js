// Where the inspector stands, and whose round that is: the routes that still run, their stops, sites, what is done,
// and the look at the site at hand.
import { newId } from "./digest.js";
import { byDistance, nearest } from "./place.js";
import { dayOf } from "./text.js";

const FRESH_FIX = 120_000; // an older fix says nothing of where one stands now

export const UNDER_THE_THUMB = 1_500; // a press so soon after the place changed was meant for the place before

const freshVisit = () => ({ op_id: newId(), findings: 0, failed: [], na: [], unseen: [] });

// `earlier`: sites of `done` that were done on a day before, which only the tasks of that day do not know.
const blank = () => ({
  plan: null, site: null, byHand: false, detail: "", visits: {}, done: {}, earlier: [], answered: {},
});

export class Standing {
  constructor(wire, fixes) {
    Object.assign(this, { wire, fixes });
    this.pack = null;
    this.here = null;
    this.check = ""; // the failed check of this place that the next problem is of
    this.movedAt = 0; // when the place last changed without having been chosen
    this.still = () => false; // whether a sheet is open that speaks of the place
    this.memory = blank();
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

  // The one chosen by hand, else the first that is not finished. A sealed one only by hand: until its seal is
  // broken the day's other work goes on.
  get route() {
    const { routes } = this;
    const chosen = routes.find((route) => route.plan === this.memory.plan);
    const unfinished = (route) => !route.sealed && route.stops.some((stop) => !this.isDone(stop));
    return chosen || routes.find(unfinished) || routes.find((route) => !route.sealed) || null;
  }

  // The round whose seal is to be broken: the one chosen, or any while there is no other route.
  get sealed() {
    const { route } = this;
    return (route ? [route] : this.routes).find((one) => one.sealed) || null;
  }

  get justMoved() {
    return Date.now() - this.movedAt < UNDER_THE_THUMB;
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
    const before = this.here && this.here.site;
    const known = this.places();
    const todo = (row) => !this.isDone(row);
    const near = (rows) => nearest(shot ? rows : rows.filter(todo), this.fixes.fresh(FRESH_FIX));
    const chosen = known.find((row) => row.site === site);
    const left = chosen && (todo(chosen) || shot) ? chosen : null;
    const onRoute = left && this.stops.includes(left) ? left : null;
    const held = (byHand || this.still()) && chosen;
    this.here = held || near(this.stops) || near(known) || onRoute || this.stops.find(todo) || left || null;
    if ((this.here && this.here.site) !== before) this.check = "";
    if (this.here && this.here.site !== site) Object.assign(this.memory, { site: this.here.site, detail: "" });
  }

  // Nobody chose the place: a fix or new tasks came, or the look here has ended. Stand where that leads, and have
  // it told.
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

  // At the start, and again whenever the day or the tasks may be others. Of another day only what the pack of that
  // day cannot know: what was done since.
  recall(kept) {
    const { done = {}, answered = {}, earlier = [] } = kept;
    const { today } = this;
    const pack = this.pack && this.pack.server_now;
    const same = kept.pack === pack;
    const left = same ? done : Object.fromEntries(Object.entries(done).filter(([site]) => !earlier.includes(site)));
    const now = { day: today, pack };
    if (kept.day === today) Object.assign(this.memory, kept, { done: left, earlier: same ? earlier : [] }, now);
    else Object.assign(this.memory, blank(), pack && same ? { done, answered, earlier: Object.keys(done) } : {}, now);
  }

  // This page's memory with a change, as it is kept.
  written(change = {}) {
    return { ...this.memory, ...change };
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
