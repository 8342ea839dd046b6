// Sends what waits: acts in batches, then each photo alone in pieces, then asks again for acts that waited
// for their photos. One sender at a time in this browser; what fails waits longer each time. A row leaves
// the database only by a receipt of the server: an act when the server has all its photos too. What the
// server says no to waits for a tap and is not asked again by itself.
import { shasOf } from "./store.js";
import { say } from "./text.js";
import { isBlocked, isReady, isSettled, strays } from "./waiting.js";
import { Away, Refused, SignedOut } from "./wire.js";

const PIECE = 131_072;
const BATCH = 50;
const FIRST_WAIT = 2_000;
const QUIET_WAIT = 10_000;
const LONGEST_WAIT = 300_000;
const GONE = new Set(["received", "remark", "quarantined"]);
const ASKED = 500; // acts in one question for receipts
const REFUSALS = 3;
const LOOKING = 3_000; // another process of the server is looking into the whole photo
const LOOKS = 4;
const MISSES = 3; // lost requests in a row; after that the line is left alone for a while
const BREATH = 400;
const PASSING = new Set([403, 429, 507]); // the next round may go better

const rest = (ms) => new Promise((done) => setTimeout(done, ms));

export class Sender {
  constructor(store, wire) {
    this.store = store;
    this.wire = wire;
    this.now = new Set(); // ids and hashes on their way at this moment
    this.running = false;
    this.again = false;
    this.out = false; // the session has ended
    this.fails = 0; // rounds in a row that brought nothing over
    this.moved = false;
    this.clock = 0;
    this.onstate = () => {};
    this.onsignedout = () => {};
    this.onsignedin = () => {};
    this.onother = () => {}; // the session is another person's
    wire.unsent = () => store.left;
  }

  // Begin as soon as possible; `hold` breaks the time given for a further photo or an undo.
  async wake({ hold = false, only = null } = {}) {
    if (hold) await this.soft(() => this.release(only));
    if (this.running) {
      this.again = true;
      return;
    }
    clearTimeout(this.clock);
    this.running = true;
    this.moved = false;
    try {
      await this.alone(() => this.rounds());
      this.fails = 0;
    } catch (error) {
      this.failed(error);
    } finally {
      this.running = false;
      this.now.clear();
      this.onstate();
    }
    await this.plan();
  }

  alone(work) {
    if (!(navigator.locks && navigator.locks.request)) return work();
    const name = `weicheng-field-send-${this.store.user}`;
    return navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? work() : null));
  }

  // Whatever went wrong, the next try is planned; a fault of this program is shown, too.
  failed(error) {
    this.fails = this.moved ? 1 : this.fails + 1;
    if (error instanceof SignedOut) this.onsignedout();
    else if (!isExpected(error)) setTimeout(() => { throw error; });
  }

  // A write without which sending goes on: the storage may be full.
  async soft(work) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      return null;
    }
  }

  async release(only) {
    const again = (row) => ({ ...row, ready_at: 0, stuck: false });
    const { acts } = await this.store.queue();
    for (const act of acts) {
      if (only ? act.op_id !== only : act.conflict) continue;
      await this.store.change("acts", act.op_id, again);
      for (const sha of shasOf(act)) {
        await this.store.change("photos", sha, (row) => ({ ...row, stuck: false, refusals: 0 }));
      }
    }
  }

  // After a 412: what I wrote shall stand, on top of what the server has by now.
  async apply(op_id) {
    const mine = (row) => ({ ...row, conflict: null, body: { ...row.body, version: row.version } });
    await this.store.change("acts", op_id, mine);
    await this.wake({ hold: true, only: op_id });
  }

  async plan() {
    clearTimeout(this.clock);
    const least = this.wait();
    try {
      const ready = await this.readyIn();
      if (ready === null) return;
      this.clock = setTimeout(() => this.wake(), Math.min(this.fails ? Math.max(ready, least) : ready || least, LONGEST_WAIT));
    } catch {
      this.clock = setTimeout(() => this.wake(), Math.max(least, QUIET_WAIT)); // the database could not be read
    }
    this.again = false;
  }

  wait() {
    if (this.again) return 0;
    const wait = this.fails ? FIRST_WAIT * 2 ** Math.min(this.fails - 1, 8) : QUIET_WAIT;
    return Math.min(wait, LONGEST_WAIT) * (0.75 + Math.random() / 2);
  }

  // In how many milliseconds something may be sent; null when nothing waits but what a person must decide.
  async readyIn() {
    const { acts, photos } = await this.store.queue();
    const now = Date.now();
    const bySha = new Map(photos.map((photo) => [photo.sha256, photo]));
    const live = acts.filter((act) => !act.stuck && !isBlocked(act, bySha));
    const times = live.map((act) => (isReady(act, now) ? 0 : act.ready_at - now));
    if (strays(acts, photos).some((photo) => !photo.stuck)) times.push(0);
    return times.length ? Math.max(0, Math.min(...times)) : null;
  }

  async rounds() {
    if (navigator.onLine === false) throw new Away("offline");
    for (let round = 0; round < 20; round += 1) {
      this.again = false;
      this.late = null;
      const { acts, photos, due, unsure } = await this.pending();
      if (!acts.length && !photos.length && !unsure.length) return await this.emptied();
      if (!this.wire.token) await this.greet();
      if (unsure.length) await this.claim(unsure);
      await this.sendActs(due);
      await this.sendPhotos(photos);
      if (this.late) throw this.late;
      if (!due.length && !photos.length && !unsure.length) return null;
      if (!this.again && !(await this.progress(acts, photos))) return null;
    }
    return null;
  }

  async progress(acts, photos) {
    const left = await this.pending();
    return left.acts.length !== acts.length || left.photos.length !== photos.length;
  }

  // The server's cookie says how much waits here; it is told when that is nothing any more.
  async emptied() {
    await this.store.counts();
    if (this.store.left || !this.store.toldServer()) return;
    await this.greet().catch(() => {});
  }

  // Acts whose time has come, their photos, and photos of acts that have gone before them. Of the acts those
  // are due that the server has not, or has by now all photos of. `unsure`: photos of acts unknown here.
  async pending() {
    const { acts, photos } = await this.store.queue();
    const now = Date.now();
    const bySha = new Map(photos.map((photo) => [photo.sha256, photo]));
    const ready = acts.filter((act) => !act.stuck && isReady(act, now) && !isBlocked(act, bySha));
    const stray = strays(acts, photos);
    const owned = stray.filter((photo) => photo.owned);
    const wanted = new Set([...ready.flatMap(shasOf), ...owned.map((photo) => photo.sha256)]);
    return {
      acts: ready,
      photos: photos.filter((photo) => wanted.has(photo.sha256) && isSettled(photo, now) && !photo.stuck),
      due: ready.filter((act) => !act.posted || !shasOf(act).some((sha) => bySha.has(sha))),
      unsure: stray.filter((photo) => !photo.owned && !photo.stuck),
    };
  }

  // Photos whose act is not here: those of acts that the server has follow them, others wait for a kind again.
  async claim(photos) {
    const op_ids = [...new Set(photos.map((photo) => photo.act))].slice(0, ASKED);
    const { results } = await this.renewing(() => this.wire.post(this.wire.addresses.receipts, { op_ids, photos: [] }));
    const known = new Set(results.map((result) => result.op_id));
    const asked = photos.filter((photo) => op_ids.includes(photo.act));
    const told = (row) => (known.has(row.act) ? { ...row, owned: true } : { ...row, act: null });
    for (const { sha256 } of asked) await this.soft(() => this.store.change("photos", sha256, told));
    await this.store.tell();
  }

  // The token of this session, by a small question: a bad line may be too bad for the whole pack.
  async greet() {
    const told = await this.wire.ask(this.wire.addresses.token);
    if (String(told.user.id) !== String(this.store.user)) {
      this.out = true;
      this.onother(told);
      throw new SignedOut();
    }
    this.wire.token = told.csrf;
    if (this.out) this.onsignedin();
    this.out = false;
  }

  async sendActs(acts) {
    for (let at = 0; at < acts.length; at += BATCH) {
      const batch = [];
      for (const act of acts.slice(at, at + BATCH)) {
        const row = await this.begin(act);
        if (row) batch.push(row);
      }
      if (!batch.length) return;
      for (const act of batch) this.now.add(act.op_id);
      this.onstate();
      try {
        await this.sendBatch(batch);
      } catch (error) {
        if (!(error instanceof Away)) throw error;
        this.late = error; // photos may pass all the same
      }
    }
  }

  // From now on nobody takes the act back or adds to it, also where the storage is too full to write so.
  async begin(act) {
    this.store.begun.add(act.op_id);
    const tried = (row) => ({ ...row, tries: row.tries + 1, offset_seconds: row.offset_seconds ?? this.wire.offset });
    try {
      return await this.store.change("acts", act.op_id, tried);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      return act;
    }
  }

  // What the server cannot read as a whole is sent act by act, so that one bad act holds up no other.
  async sendBatch(batch) {
    try {
      const answer = await this.guarded(() => this.wire.post(this.wire.addresses.acts, { acts: batch.map(told) }), batch);
      const byId = new Map(batch.map((act) => [act.op_id, act]));
      for (const result of answer.results) {
        if (result.retry) this.late = new Away("later");
        else if (byId.has(result.op_id)) await this.answered(result, byId.get(result.op_id));
      }
    } catch (error) {
      if (!(error instanceof Refused) || PASSING.has(error.status)) throw error;
      if (batch.length > 1) for (const act of batch) await this.sendBatch([act]);
      else await this.soft(() => this.store.change("acts", batch[0].op_id, (row) => ({ ...row, stuck: true })));
    }
  }

  // An act goes when nothing of it is missing; what the server took without a photo stays until that is there.
  async answered(result, act) {
    this.moved = true;
    this.now.delete(result.op_id);
    const { op_id, missing = 0 } = result;
    if (GONE.has(result.state) && !missing) {
      const { state, received_at, sentence, number, problem } = result;
      return this.store.receive(op_id, { state, received_at, sentence, number, problem });
    }
    const posted = GONE.has(result.state) || result.state === "waiting_photos";
    const lost = posted && missing > 0 && !(await this.store.here(shasOf(act)));
    const error = lost ? say("photos_gone", { n: missing }) : result.sentence || "";
    const change = (row) => ({
      ...row, posted, missing, error, stuck: !posted || lost, conflict: result.conflict || null, version: result.version,
    });
    await this.soft(() => this.store.change("acts", op_id, change));
    return this.store.tell();
  }

  // A photo whose request is lost, or over which the server stumbles, holds up no other.
  async sendPhotos(photos) {
    let misses = 0;
    for (const photo of photos) {
      try {
        await this.sendPhoto(photo);
        misses = 0;
      } catch (error) {
        misses += 1;
        if (!(error instanceof Away) || misses >= MISSES) throw error;
        this.late = error;
        await rest(BREATH * misses);
      }
    }
  }

  async sendPhoto(photo) {
    const { sha256 } = photo;
    this.now.add(sha256);
    this.onstate();
    await this.soft(() => this.store.change("photos", sha256, (row) => ({ ...row, tries: row.tries + 1 })));
    try {
      const received = await this.pieces(photo);
      if (received) await this.store.drop(sha256);
    } catch (error) {
      if (!(error instanceof Refused) || PASSING.has(error.status)) throw error;
      const refusals = (photo.refusals || 0) + 1;
      await this.soft(() => this.store.change("photos", sha256, (row) => ({ ...row, refusals, stuck: refusals >= REFUSALS })));
    } finally {
      this.now.delete(sha256);
    }
  }

  // Announces a photo and sends what the server lacks of it; true when the server has kept it.
  async pieces(photo) {
    const { sha256, size, taken_at, lat, lon, accuracy_m, purpose } = photo;
    const about = { sha256, size, taken_at, offset_seconds: photo.offset_seconds ?? this.wire.offset, lat, lon, accuracy_m, purpose };
    const announce = () => this.guarded(() => this.wire.post(this.wire.addresses.photo, about), [], photo);
    let answer = await announce();
    let bytes = null;
    let looks = 0;
    this.moved = true;
    for (let turn = 0; answer.state !== "received"; turn += 1) {
      if (turn > size / PIECE + 20 || looks >= LOOKS) throw new Away("later", 503);
      if (answer.have >= size) {
        looks += 1;
        await rest(LOOKING);
        answer = await announce();
      } else {
        bytes = bytes || (await this.store.bytes(sha256));
        if (!bytes) return this.unreadable(sha256);
        answer = await this.sendPiece(photo, bytes, answer.have);
      }
    }
    return true;
  }

  async unreadable(sha256) {
    const change = (row) => ({ ...row, stuck: true, error: say("photo_unreadable") });
    await this.soft(() => this.store.change("photos", sha256, change));
    return false;
  }

  async sendPiece(photo, bytes, have) {
    const piece = bytes.slice(have, have + PIECE);
    try {
      return await this.guarded(() => this.wire.put(this.wire.photo(photo.sha256, have), piece), [], photo);
    } catch (error) {
      if (error instanceof Refused && error.status === 409 && "have" in error.data) return error.data;
      throw error;
    }
  }

  // One question; after a stale token once more with a new one. What went wrong stands with the rows.
  async guarded(work, acts, photo = null) {
    try {
      return await this.renewing(work);
    } catch (error) {
      if (!(error instanceof Refused && error.status === 409)) await this.note(error, acts, photo);
      throw error;
    }
  }

  async renewing(work) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 403) throw error;
      await this.greet();
      return work();
    }
  }

  async note(error, acts, photo) {
    const words = sentenceOf(error);
    const noted = (row) => ({ ...row, error: words });
    await this.soft(async () => {
      for (const act of acts) await this.store.change("acts", act.op_id, noted);
      if (photo) await this.store.change("photos", photo.sha256, noted);
    });
    await this.store.tell();
  }
}

export const isExpected = (error) => [Away, Refused, DOMException].some((sort) => error instanceof sort);
function told({ op_id, type, occurred_at, offset_seconds, photos, body }) {
  return { op_id, type, occurred_at, offset_seconds, photos, body };
}

function sentenceOf(error) {
  if (error instanceof SignedOut) return say("signed_out_short");
  if (error instanceof Away) return say(error.status ? "server_busy" : "no_network");
  if (!(error instanceof Refused)) return "";
  const data = error.data || {};
  return data.sentence || data.error || (error.status === 507 ? say("server_full") : say("server_refused", { n: error.status }));
}
