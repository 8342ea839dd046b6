// What an inspector does, as rows to keep: the camera's shots, problems, passed sites, checks of repairs.
// Every step is on disk before it is said to be kept.
import { newId } from "./digest.js";
import { byDistance, nearest } from "./place.js";
import { say } from "./text.js";

export const SAME_PROBLEM = 60_000;
export const UNDO = 10_000;
const MOST_SHOTS = 9;

const freshVisit = () => ({ op_id: newId(), findings: 0, failed: [], na: [], unseen: [] });

export class Flow {
  constructor(store, wire, camera, fixes) {
    Object.assign(this, { store, wire, camera, fixes });
    this.pack = null;
    this.here = null;
    this.tray = []; // shots without a chip
    this.last = null; // the problem that further shots belong to
    this.mode = null; // a repair to be judged by the next shot
    this.saved = null; // what was kept last, for the bar and 撤销
    this.memory = { plan: null, site: null, byHand: false, detail: "", visits: {}, done: {}, answered: {} };
  }

  async load() {
    this.pack = (await this.store.get("pack")) || null;
    const kept = await this.store.get("flow");
    if (kept && kept.day === today()) Object.assign(this.memory, kept);
    const { photos } = await this.store.queue();
    const loose = photos.filter((photo) => !photo.act);
    this.tray = loose.filter((photo) => photo.purpose !== "voice").map((photo) => photo.sha256);
    this.voice = (loose.find((photo) => photo.purpose === "voice") || {}).sha256 || "";
    this.stand();
  }

  async takePack(pack) {
    this.pack = pack;
    await this.store.keep({ meta: { pack } });
    this.stand();
  }

  // --- where

  get routes() {
    return this.pack ? this.pack.routes : [];
  }

  // The one chosen by hand, else the first that is not finished.
  get route() {
    const chosen = this.routes.find((route) => route.plan === this.memory.plan);
    const unfinished = (route) => !route.sealed && route.stops.some((stop) => !this.isDone(stop));
    return chosen || this.routes.find(unfinished) || this.routes[0] || null;
  }

  get secret() {
    return Boolean(this.route && this.route.hidden);
  }

  get stops() {
    return this.route ? this.route.stops : [];
  }

  isDone(stop) {
    return stop.done || stop.stop in this.memory.done;
  }

  // Chosen by hand, else the nearest one, else the next of the route.
  stand() {
    const { byHand, site } = this.memory;
    const known = this.places();
    const chosen = known.find((row) => row.site === site);
    const near = nearest(this.stops, this.fixes.last) || nearest(known, this.fixes.last);
    const next = this.stops.find((stop) => !this.isDone(stop)) || this.stops[0];
    const onRoute = this.stops.includes(chosen) ? chosen : null;
    this.here = (byHand && chosen) || near || onRoute || next || chosen || null;
    if (this.here) this.memory.site = this.here.site;
  }

  places() {
    const stops = this.stops;
    const known = new Set(stops.map((stop) => stop.site));
    return [...stops, ...(this.pack ? this.pack.sites : []).filter((site) => !known.has(site.site))];
  }

  near(text = "") {
    const wanted = text.trim().toLowerCase();
    const rows = byDistance(this.places(), this.fixes.last);
    return rows.filter((row) => !wanted || row.name.toLowerCase().includes(wanted) || row.plate === wanted);
  }

  async choose(site, plan = null) {
    if (plan) this.memory.plan = plan;
    Object.assign(this.memory, { site, byHand: Boolean(site), detail: "" });
    this.settle();
    this.stand();
    await this.remember();
  }

  async describe(detail) {
    this.memory.detail = detail;
    await this.remember();
  }

  get placeName() {
    return this.here ? `${this.here.name}${this.memory.detail}` : this.memory.detail;
  }

  get visit() {
    const key = this.here ? this.here.site : "";
    if (!this.memory.visits[key]) this.memory.visits[key] = freshVisit();
    return this.memory.visits[key];
  }

  get flawed() {
    return this.visit.findings > 0 || this.visit.failed.length > 0;
  }

  remember() {
    return this.store.keep({ meta: { flow: { ...this.memory, day: today() } } });
  }

  // --- shots

  get open() {
    return this.last && Date.now() < this.last.until ? this.last : null;
  }

  settle() {
    this.last = null;
    this.saved = null;
  }

  // A row for a photo or a voice; its fix is added when the phone knows it.
  photoRow(shot, purpose, act = null) {
    const fix = this.fixes.fresh();
    const { lat = null, lon = null, accuracy_m = null } = fix || {};
    return {
      ...shot, purpose, act, lat, lon, accuracy_m, offset_seconds: this.wire.offset, kept_at: Date.now(),
      settled: Boolean(fix) || purpose === "voice", tries: 0, error: "",
    };
  }

  async locate(shas, op_id = null) {
    const fix = await this.fixes.take();
    const settled = (row) => ({ ...row, ...(row.settled ? {} : pick(fix)), settled: true });
    for (const sha of shas) await this.store.change("photos", sha, settled);
    if (!fix || !op_id) return;
    await this.store.change("acts", op_id, (act) => {
      if (act.tries || act.body.lat != null || !("lat" in act.body)) return null;
      return { ...act, body: { ...act.body, ...pick(fix) } };
    });
  }

  // The shutter. Returns what was kept: {words, undo}; null when there was no picture.
  async shoot() {
    const shot = await this.camera.shoot();
    if (!shot) return null;
    if (this.mode) return this.judge(shot);
    const open = this.open;
    const row = this.photoRow(shot, "before", open && open.op_id);
    const grown = open && (await this.grow(open, row));
    if (!grown) {
      row.act = null;
      await this.store.keep({ photos: [row] });
      this.tray.push(row.sha256);
      this.saved = null;
    }
    this.latest = row.sha256;
    this.locate([row.sha256]);
    return { loose: !grown };
  }

  async dropTray(shas) {
    this.tray = this.tray.filter((sha) => !shas.includes(sha));
    if (shas.includes(this.voice)) this.voice = "";
    await this.store.discard(shas);
  }

  // One more shot of the problem at hand, unless it is on its way by now.
  async grow(open, row) {
    const until = Date.now() + SAME_PROBLEM;
    const { acts } = await this.store.queue();
    const act = acts.find((found) => found.op_id === open.op_id);
    if (!act || act.tries || act.photos.length >= MOST_SHOTS) return false;
    const grown = { ...act, photos: [...act.photos, row.sha256], ready_at: until };
    await this.store.keep({ acts: [grown], photos: [row] });
    open.until = until;
    this.extra = row.sha256;
    this.saved = { op_id: act.op_id, label: act.label, photos: grown.photos.length, extra: row.sha256 };
    return true;
  }

  // A chip: the shots that have none become a problem; without any, the kind of the last problem changes.
  async chip(kind) {
    const open = this.open;
    if (this.tray.length) return this.finding(kind, this.tray.splice(0));
    if (open && this.extra) return this.split(open, kind);
    if (open) return this.rename(open, kind);
    return null;
  }

  async split(open, kind) {
    const sha = this.extra;
    const act = (await this.store.queue()).acts.find((found) => found.op_id === open.op_id);
    if (!act || act.tries) return null;
    const rest = act.photos.filter((photo) => photo !== sha);
    await this.store.keep({ acts: [{ ...act, photos: rest }] });
    return this.finding(kind, [sha]);
  }

  async rename(open, kind) {
    const change = (act) => (act.tries ? null : { ...act, label: kind.short || kind.name, body: { ...act.body, kind: kind.key } });
    const act = await this.store.change("acts", open.op_id, change);
    if (!act) return null;
    this.saved = { op_id: act.op_id, label: act.label, photos: act.photos.length };
    await this.store.tell();
    return this.saved;
  }

  async finding(kind, shas) {
    const here = this.here || {};
    const visit = this.visit;
    const { photos } = await this.store.queue();
    const mine = photos.filter((photo) => shas.includes(photo.sha256));
    const fix = mine.find((photo) => photo.lat != null) || {};
    const body = {
      visit_op: visit.op_id, stop: here.stop || null, plan: here.stop ? this.route.plan : null, site: here.site || null,
      region: here.region || null, place: this.placeName, kind: kind.key, check: this.check || "", words: "",
      lat: fix.lat ?? null, lon: fix.lon ?? null, accuracy_m: fix.accuracy_m ?? null, ...this.corrected(), ...this.spoken(),
    };
    const act = this.act("finding", kind.short || kind.name, body, shas, SAME_PROBLEM);
    visit.findings += 1;
    const owned = mine.map((photo) => ({ ...photo, act: act.op_id }));
    await this.store.keep({ acts: [act], photos: owned, meta: { flow: { ...this.memory, day: today() } } });
    this.check = "";
    this.extra = "";
    this.last = { op_id: act.op_id, until: act.ready_at, site: here.site };
    this.saved = { op_id: act.op_id, label: act.label, photos: shas.length };
    this.locate(shas, act.op_id);
    return this.saved;
  }

  corrected() {
    const { here, memory } = this;
    if (!memory.byHand || !here || here.lat == null) return {};
    return { corrected_lat: here.lat, corrected_lon: here.lon };
  }

  spoken() {
    const voice = this.voice;
    this.voice = "";
    return voice ? { voice } : {};
  }

  act(type, label, body, photos, hold) {
    return {
      op_id: newId(), type, label, place: this.placeName, occurred_at: new Date().toISOString(),
      offset_seconds: this.wire.offset, photos, body, ready_at: Date.now() + hold, tries: 0, error: "",
    };
  }

  // A spoken note: to the problem at hand, else to the next one.
  async speak(note) {
    const row = this.photoRow(note, "voice", this.open && this.open.op_id);
    await this.store.keep({ photos: [row] });
    const open = this.open;
    const add = (act) => (act.tries ? null : { ...act, body: { ...act.body, voice: row.sha256 } });
    const act = open ? await this.store.change("acts", open.op_id, add) : null;
    if (!act) this.voice = row.sha256;
    await this.store.tell();
    return act;
  }

  // --- sites

  async finish({ closed = false, note = "" } = {}) {
    const here = this.here;
    if (!here) return null;
    const visit = this.visit;
    const { failed, na, unseen } = visit;
    const body = { stop: here.stop || null, plan: here.stop ? this.route.plan : null, site: here.site, failed, na, unseen, closed, note };
    const passed = !closed && !this.flawed;
    const label = say(closed ? "not_checked" : passed ? "passed" : "finished");
    const act = { ...this.act("visit", label, body, [], UNDO), op_id: visit.op_id, passed };
    const before = { visits: { ...this.memory.visits }, done: { ...this.memory.done }, byHand: this.memory.byHand, site: this.memory.site };
    delete this.memory.visits[here.site];
    if (here.stop) this.memory.done[here.stop] = passed;
    this.memory.byHand = false;
    this.settle();
    await this.store.keep({ acts: [act], meta: { flow: { ...this.memory, day: today() } } });
    this.saved = { op_id: act.op_id, label: `${label} ${here.name}`, photos: 0, before };
    this.move();
    return this.saved;
  }

  // On to the next stop, unless the phone knows better.
  move() {
    const next = this.stops.find((stop) => !this.isDone(stop));
    if (next && !nearest(this.stops, this.fixes.fresh(60_000))) this.memory.site = next.site;
    this.stand();
  }

  // --- repairs

  waiting() {
    const pack = this.pack || { accept: [], look_backs: [] };
    const open = (row) => !(keyOf(row) in this.memory.answered);
    return byDistance([...pack.accept, ...(pack.look_backs || [])].filter(open), this.fixes.last);
  }

  async judge(shot) {
    const { row, result } = this.mode;
    const type = row.look_back ? "look_back" : "accept";
    const body = row.look_back ? { look_back: row.look_back, result } : { problem: row.problem, version: row.version, result };
    const act = this.act(type, say(result), body, [shot.sha256], UNDO);
    act.place = row.title;
    const photo = this.photoRow(shot, "after", act.op_id);
    this.memory.answered[keyOf(row)] = result;
    await this.store.keep({ acts: [act], photos: [photo], meta: { flow: { ...this.memory, day: today() } } });
    this.mode = null;
    this.settle();
    this.saved = { op_id: act.op_id, label: act.label, photos: 1, answered: keyOf(row) };
    this.locate([shot.sha256]);
    return this.saved;
  }

  // Takes back the further shot alone.
  async shed(saved) {
    const rest = (act) => (act.tries ? null : { ...act, photos: act.photos.filter((sha) => sha !== saved.extra) });
    const act = await this.store.change("acts", saved.op_id, rest);
    if (!act) return false;
    this.extra = "";
    this.saved = { op_id: act.op_id, label: act.label, photos: act.photos.length };
    await this.store.discard([saved.extra]);
    return true;
  }

  async undo() {
    const saved = this.saved;
    if (saved && saved.extra) return this.shed(saved);
    if (!saved || !(await this.store.undo(saved.op_id))) return false;
    if (saved.before) Object.assign(this.memory, saved.before);
    else if (saved.answered) delete this.memory.answered[saved.answered];
    else this.visit.findings = Math.max(0, this.visit.findings - 1);
    this.settle();
    this.stand();
    await this.remember();
    return true;
  }
}

const pick = (fix) => (fix ? { lat: fix.lat, lon: fix.lon, accuracy_m: fix.accuracy_m } : {});
const keyOf = (row) => (row.look_back ? `look_back:${row.look_back}` : `accept:${row.problem}:${row.version}`);
const today = () => new Date().toDateString();
