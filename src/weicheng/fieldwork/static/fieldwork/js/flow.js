// What an inspector does, as rows to keep: the camera's shots, problems, passed sites, checks of repairs.
// Every step is on disk before it is said to be kept, and before this page counts with it.
import { newId } from "./digest.js";
import { byDistance } from "./place.js";
import { atOnce } from "./rows.js";
import { shasOf } from "./store.js";
import { dayOf, say } from "./text.js";
import { Undoing } from "./undoing.js";
import { unowned } from "./waiting.js";

export const SAME_PROBLEM = 60_000;
export const UNDO = 10_000;
export const MOST_SHOTS = 9; // of one problem: the server takes no more

export class Flow extends Undoing {
  constructor(store, wire, camera, fixes) {
    super(wire, fixes);
    Object.assign(this, { store, camera });
    this.tray = []; // shots without a chip
    this.keptAt = new Map(); // of the shots without a chip
    this.voice = ""; // a spoken note without a problem
    this.notes = {}; // site → a note that was spoken there, whose look ended without a problem
    this.last = null; // the problem that further shots belong to
    this.mode = null; // a repair to be judged by the next shot
    this.saved = null; // what was kept last, for the bar and 撤销
  }

  async load() {
    this.pack = (await this.store.get("pack")) || null;
    this.recall((await this.store.get("flow")) || {});
    const { acts, photos } = await this.store.queue();
    const loose = unowned(acts, photos);
    loose.sort((a, b) => a.kept_at - b.kept_at);
    this.tray = loose.filter((photo) => photo.purpose !== "voice").map((photo) => photo.sha256);
    this.keptAt = new Map(loose.map((photo) => [photo.sha256, photo.kept_at]));
    const notes = loose.filter((photo) => photo.purpose === "voice");
    this.voice = (notes.find((note) => !note.site) || {}).sha256 || "";
    this.notes = Object.fromEntries(notes.filter((note) => note.site).map((note) => [note.site, note.sha256]));
    this.stand();
  }

  async takePack(pack) {
    await this.store.keep({ meta: { pack } });
    this.pack = pack;
    this.here = this.here && (this.places().find((row) => row.site === this.here.site) || this.here);
    this.renew();
  }

  // A new day, new tasks, another fix: not under a shot that waits for its kind, nor under a problem at hand.
  renew() {
    if (this.open || (this.here && this.tray.length)) return;
    if (!this.still()) this.recall(this.memory);
    this.follow();
  }

  // A site that the pack does not have, as the server told it, with the sheet of its type.
  async learn(site, sheets) {
    const { pack } = this;
    if (!pack) return;
    await this.takePack({ ...pack, sites: [...pack.sites, site], sheets: { ...pack.sheets, ...sheets } });
  }

  async choose(site, plan = null) {
    const left = site && !plan && this.route && this.route.sealed ? { plan: null } : {};
    const change = { site, byHand: Boolean(site), detail: "", ...(plan ? { plan } : left) };
    await this.remember(change);
    this.settle();
    this.stand();
  }

  describe(detail) {
    return this.remember({ detail });
  }

  async remember(change = {}) {
    await this.store.keep({ meta: { flow: this.written(change) } });
    Object.assign(this.memory, change);
  }

  // --- shots

  get open() {
    return this.last && Date.now() < this.last.until ? this.last : null;
  }

  // Shots of a day before: where they were taken nobody knows now but the inspector.
  get old() {
    return this.tray.filter((sha) => dayOf(this.keptAt.get(sha) ?? Date.now()) < dayOf(Date.now()));
  }

  // Whether the place has to be chosen by hand before a kind.
  get unplaced() {
    return this.old.length > 0 && !this.memory.byHand;
  }

  // The note that the next problem here takes.
  get note() {
    return this.voice || (this.here && this.notes[this.here.site]) || "";
  }

  settle() {
    this.last = null;
    this.saved = null;
  }

  // Whether the next shot would be one too many for the problem to be.
  get full() {
    return !this.mode && this.tray.length >= MOST_SHOTS;
  }

  // A row for a photo or a voice; its fix is added when the phone knows it. A picture from the album says nothing
  // of where the phone is now.
  photoRow(shot, purpose, act = null) {
    const { album = false, ...rest } = shot;
    const fix = album ? null : this.fixes.fresh();
    const { lat = null, lon = null, accuracy_m = null } = fix || {};
    return {
      ...rest, purpose, act, lat, lon, accuracy_m, offset_seconds: this.wire.offset, kept_at: Date.now(),
      settled: Boolean(fix) || album || purpose === "voice", tries: 0, error: "", album,
    };
  }

  // The one fix of a shot, added to its row and to the problem that was made of it; then the place follows it.
  async locate(shas, op_id = null) {
    const fix = await this.fixes.take();
    const settled = (row) => ({ ...row, ...(row.settled ? {} : pick(fix)), settled: true });
    for (const sha of shas) await this.store.change("photos", sha, settled);
    const place = (act) => {
      if (act.tries || act.body.lat != null || !("lat" in act.body)) return null;
      return { ...act, body: { ...act.body, ...pick(fix) } };
    };
    const placed = fix && op_id && (await this.store.change("acts", op_id, place));
    if (placed && placed.body.visit_op === this.visit.op_id) await this.rehome(op_id);
    if (fix && !op_id && !this.open) this.follow({ shot: shas.some((sha) => this.tray.includes(sha)) });
    await this.store.tell();
  }

  // A problem got its chip before the phone knew where it is, and the look there goes on: it moves with the place.
  async rehome(op_id) {
    const { here, visit } = this;
    this.follow({ shot: true });
    if (!this.here || (here && here.site === this.here.site)) return;
    const left = { ...visit, findings: Math.max(0, visit.findings - 1) };
    const visits = { ...this.visits({ findings: this.visit.findings + 1 }), [here ? here.site : ""]: left };
    const moved = await atOnce(this.store, async (rows) => {
      const act = await rows.act(op_id);
      if (!act || act.tries) return false;
      const { visit_op, stop, plan, site, region, place } = this.body({}, []);
      rows.put({ ...act, place, body: { ...act.body, visit_op, stop, plan, site, region, place } });
      rows.remember(this.written({ visits }));
      return true;
    });
    if (moved) this.memory.visits = visits;
  }

  // Whether an act that waits has this picture already: picked a second time it is no second one.
  async has(sha) {
    const { acts } = await this.store.queue();
    return acts.some((act) => shasOf(act).includes(sha));
  }

  // The shutter. Returns what was kept, or null when there was no picture.
  async shoot(chosen = null) {
    const shot = chosen || (await this.camera.shoot());
    if (!shot) return null;
    if (this.mode) return this.judge(shot);
    if (chosen && (await this.has(shot.sha256))) return { twin: true };
    const row = this.photoRow(shot, "before");
    await this.store.keep({ photos: [row] });
    this.keptAt.set(row.sha256, row.kept_at);
    const open = this.tray.length ? null : this.open;
    const grown = open && (await this.grow(open, row.sha256));
    if (!grown) {
      if (!this.tray.includes(row.sha256)) this.tray.push(row.sha256);
      this.saved = null;
    }
    if (!row.album) this.locate([row.sha256]);
    return { loose: !grown, album: row.album };
  }

  async dropTray(shas) {
    await this.store.discard(shas);
    this.tray = this.tray.filter((sha) => !shas.includes(sha));
    if (shas.includes(this.voice)) this.voice = "";
    this.notes = Object.fromEntries(Object.entries(this.notes).filter(([, sha]) => !shas.includes(sha)));
    await this.store.tell();
  }

  // One more shot of the problem at hand, unless it is on its way by now.
  async grow(open, sha) {
    const until = Date.now() + SAME_PROBLEM;
    const grown = await atOnce(this.store, async (rows) => {
      const act = await rows.act(open.op_id);
      if (!act || act.tries || act.photos.includes(sha) || act.photos.length >= MOST_SHOTS) return null;
      const more = { ...act, photos: [...act.photos, sha], ready_at: until };
      rows.own(more, await rows.photos([sha]));
      return more;
    });
    if (!grown) return false;
    open.until = until;
    this.extra = sha;
    this.saved = { op_id: grown.op_id, label: grown.label, photos: grown.photos.length, extra: sha };
    return true;
  }

  // A chip: the shots that have none become a problem; without any, the kind of the last problem changes.
  async chip(kind) {
    const open = this.open;
    if (this.unplaced) return null;
    if (this.tray.length) return this.finding(kind, this.tray.slice(0, MOST_SHOTS));
    if (open && this.extra) return this.finding(kind, [this.extra], open.op_id);
    if (open) return this.rename(open, kind);
    return null;
  }

  async rename(open, kind) {
    const change = (act) => (act.tries ? null : { ...act, label: kind.short || kind.name, body: { ...act.body, kind: kind.key } });
    const act = await this.store.change("acts", open.op_id, change);
    if (!act) return null;
    this.saved = { op_id: act.op_id, label: act.label, photos: act.photos.length };
    await this.store.tell();
    return this.saved;
  }

  // A problem of these shots and of the note that was spoken before; `from`: the problem that gives them away.
  async finding(kind, shas, from = "") {
    const { here, visit } = this;
    const voice = from ? "" : this.note;
    const since = Math.min(...this.old.filter((sha) => shas.includes(sha)).map((sha) => this.keptAt.get(sha)));
    const visits = this.visits({ findings: visit.findings + 1 });
    const act = await atOnce(this.store, async (rows) => {
      const giver = from ? await rows.act(from) : null;
      if (from && (!giver || giver.tries)) return null;
      const mine = await rows.photos(shas);
      const body = { ...this.body(kind, mine), ...(voice ? { voice } : {}) };
      const made = this.act("finding", kind.short || kind.name, body, shas, SAME_PROBLEM);
      if (since < Infinity) made.occurred_at = new Date(since).toISOString();
      if (giver) rows.put({ ...giver, photos: giver.photos.filter((sha) => !shas.includes(sha)) });
      rows.own(made, voice ? [...mine, ...(await rows.photos([voice]))] : mine);
      rows.remember(this.written({ visits }));
      return { made, here: mine.some((photo) => !photo.album) };
    });
    if (!act) return null;
    this.memory.visits = visits;
    this.tray = this.tray.filter((sha) => !shas.includes(sha));
    Object.assign(this, { check: "", extra: "" }, voice === this.voice ? { voice: "" } : {});
    if (here && this.notes[here.site] === voice) delete this.notes[here.site];
    this.last = { op_id: act.made.op_id, until: act.made.ready_at, site: here && here.site };
    this.saved = { op_id: act.made.op_id, label: act.made.label, photos: shas.length };
    if (act.here) this.locate(shas, act.made.op_id);
    return this.saved;
  }

  body(kind, photos) {
    const { site = null, region = null } = this.here || {};
    const { lat = null, lon = null, accuracy_m = null } = photos.find((photo) => photo.lat != null) || {};
    return {
      visit_op: this.visit.op_id, ...this.belongs, site, region, place: this.placeName, kind: kind.key,
      check: this.check || "", words: "", lat, lon, accuracy_m, ...this.corrected(),
    };
  }

  corrected() {
    const { here, memory } = this;
    if (!memory.byHand || !here || here.lat == null) return {};
    return { corrected_lat: here.lat, corrected_lon: here.lon };
  }

  // Every act says who wrote it: nobody else's session sends it.
  act(type, label, body, photos, hold) {
    return {
      op_id: newId(), type, label, place: this.placeName, occurred_at: new Date().toISOString(), by: this.store.user,
      offset_seconds: this.wire.offset, photos, body, ready_at: Date.now() + hold, tries: 0, error: "",
    };
  }

  // --- a spoken note

  // What a note that begins now is about: {op_id} of the problem at hand, held back until the note has ended; {} for
  // the next problem; null where there is a note already.
  async listen(longest) {
    const open = this.tray.length ? null : this.open;
    if (!open) return this.note ? null : {};
    const until = Date.now() + longest;
    const hold = (act) => (act.tries || act.body.voice ? null : { ...act, ready_at: Math.max(act.ready_at, until) });
    const held = await this.store.change("acts", open.op_id, hold);
    if (held) {
      open.until = Math.max(open.until, until);
      return { op_id: open.op_id };
    }
    const { acts } = await this.store.queue();
    const sent = !acts.some((act) => act.op_id === open.op_id && act.body.voice);
    return sent && !this.note ? {} : null;
  }

  // The note: to the problem that it is about, else to the next one.
  async speak(note, { op_id = "" } = {}) {
    const row = this.photoRow(note, "voice");
    await this.store.keep({ photos: [row] });
    const open = op_id || (!this.tray.length && this.open && this.open.op_id);
    const act = open && (await atOnce(this.store, async (rows) => {
      const found = await rows.act(open);
      if (!found || found.tries || found.body.voice) return null;
      rows.own({ ...found, body: { ...found.body, voice: row.sha256 } }, await rows.photos([row.sha256]));
      return found;
    }));
    if (!act) this.voice = row.sha256;
    return act || null;
  }

  // --- sites

  // One mark of the sheet, or none, for one check.
  async mark(check, list, on) {
    const visit = { ...this.visit };
    for (const name of ["failed", "na", "unseen"]) visit[name] = visit[name].filter((key) => key !== check);
    if (on) visit[list] = [...visit[list], check];
    await this.remember({ visits: this.visits(visit) });
    this.check = on && list === "failed" ? check : "";
  }

  // The look at a site ends; shots that got no kind are of the site, not of a problem, unless they are of another
  // day. A note that no problem took stays with the site.
  async finish({ closed = false, note = "" } = {}) {
    const { here, memory, voice } = this;
    if (!here) return null;
    const { op_id, failed, na, unseen } = this.visit;
    const shas = this.tray.filter((sha) => !this.old.includes(sha));
    const body = { ...this.belongs, site: here.site, failed, na, unseen, closed, note };
    const passed = !closed && !this.flawed;
    const label = say(closed ? "not_checked" : passed ? "passed" : "finished");
    const act = { ...this.act("visit", label, body, shas, UNDO), op_id, passed };
    const { [here.site]: _ended, ...visits } = memory.visits;
    const earlier = memory.earlier.filter((site) => site !== here.site);
    const change = { visits, done: { ...memory.done, [here.site]: passed }, earlier, byHand: false };
    await atOnce(this.store, async (rows) => {
      rows.own(act, await rows.photos(shas), { purpose: "other" });
      if (voice) rows.leaveAt(here.site, await rows.photos([voice]));
      rows.remember(this.written(change));
    });
    const { visits: looks, done, byHand, site } = memory;
    const before = { visits: looks, done, byHand, site };
    Object.assign(memory, change);
    this.settle();
    this.tray = this.tray.filter((sha) => !shas.includes(sha));
    if (voice) [this.notes[here.site], this.voice] = [voice, ""];
    this.saved = { op_id: act.op_id, label: `${label} ${here.name}`, photos: shas.length, before };
    this.follow();
    return this.saved;
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
    const answered = { ...this.memory.answered, [keyOf(row)]: result };
    await this.store.keep({ acts: [act], photos: [photo], meta: { flow: this.written({ answered }) } });
    this.memory.answered = answered;
    this.mode = null;
    this.settle();
    this.saved = { op_id: act.op_id, label: act.label, photos: 1, answered: keyOf(row) };
    if (!photo.album) this.locate([shot.sha256]);
    return { ...this.saved, album: photo.album };
  }
}

const pick = (fix) => (fix ? { lat: fix.lat, lon: fix.lon, accuracy_m: fix.accuracy_m } : {});
const keyOf = (row) => (row.look_back ? `look_back:${row.look_back}` : `accept:${row.problem}:${row.version}`);
