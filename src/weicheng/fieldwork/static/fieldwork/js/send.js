// Sends what waits: acts in batches, then each photo alone in pieces, then asks again for acts that waited
// for their photos. One sender at a time in this browser; what fails waits longer each time. A row leaves
// the database only by a receipt of the server.
import { Away, Refused, SignedOut } from "./wire.js";
import { say } from "./text.js";

const PIECE = 131_072;
const BATCH = 50;
const FIRST_WAIT = 2_000;
const QUIET_WAIT = 10_000;
const LONGEST_WAIT = 300_000;
const GONE = new Set(["received", "remark", "quarantined"]);
const SETTLING = 12_000;
const PASSING = new Set([403, 429, 507]); // the next round may go better

export class Sender {
  constructor(store, wire, renew) {
    this.store = store;
    this.wire = wire;
    this.renew = renew; // fetches the pack anew; false when the session is another person's
    this.now = new Set(); // ids and hashes on their way at this moment
    this.running = false;
    this.again = false;
    this.out = false; // the session has ended
    this.fails = 0;
    this.clock = 0;
    this.onstate = () => {};
    this.onsignedout = () => {};
  }

  // Begin as soon as possible; `hold` breaks the time given for a further photo or an undo.
  async wake({ hold = false, only = null } = {}) {
    if (hold) await this.release(only);
    if (this.running) {
      this.again = true;
      return;
    }
    clearTimeout(this.clock);
    this.running = true;
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

  failed(error) {
    if (error instanceof SignedOut) this.onsignedout();
    else if (!(error instanceof Away) && !(error instanceof Refused)) throw error;
    this.fails += 1;
  }

  async release(only) {
    // After a 412 the tap means: what I wrote shall stand, on top of what the server has by now.
    const again = (row) => ({
      ...row, ready_at: 0, stuck: false, body: row.version ? { ...row.body, version: row.version } : row.body,
    });
    const { acts } = await this.store.queue();
    for (const act of acts) {
      if (only && act.op_id !== only) continue;
      await this.store.change("acts", act.op_id, again);
      for (const sha of shasOf(act)) {
        await this.store.change("photos", sha, (row) => ({ ...row, stuck: false }));
      }
    }
  }

  async plan() {
    const { acts } = await this.store.queue();
    const live = acts.filter((act) => !act.stuck);
    clearTimeout(this.clock);
    if (!live.length) return;
    const ready = Math.max(0, Math.min(...live.map((act) => act.ready_at)) - Date.now());
    const wait = this.fails ? FIRST_WAIT * 2 ** Math.min(this.fails - 1, 8) : QUIET_WAIT;
    const jitter = 0.75 + Math.random() / 2;
    const least = this.again ? 0 : Math.min(wait, LONGEST_WAIT) * jitter;
    this.again = false;
    this.clock = setTimeout(() => this.wake(), this.fails ? Math.max(ready, least) : ready || least);
  }

  async rounds() {
    if (navigator.onLine === false) throw new Away("offline");
    if (!this.wire.token && (await this.pending()).acts.length) {
      if (!(await this.renew())) return;
    }
    for (let round = 0; round < 20; round += 1) {
      this.again = false;
      const { acts, photos } = await this.pending();
      if (!acts.length) return;
      const shas = new Set(photos.map((photo) => photo.sha256));
      const due = acts.filter((act) => !act.posted || !shasOf(act).some((sha) => shas.has(sha)));
      await this.sendActs(due);
      for (const photo of photos) await this.sendPhoto(photo);
      if (!due.length && !photos.length) return;
      if (!this.again && !(await this.progress(acts, photos))) return;
    }
  }

  async progress(acts, photos) {
    const left = await this.pending();
    return left.acts.length !== acts.length || left.photos.length !== photos.length;
  }

  // Acts whose time has come, and their photos; what the server said no to waits for a tap.
  async pending() {
    const { acts, photos } = await this.store.queue();
    const now = Date.now();
    const ready = acts.filter((act) => act.ready_at <= now && !act.stuck);
    const wanted = new Set(ready.flatMap(shasOf));
    const settled = (photo) => photo.settled || now - photo.kept_at > SETTLING;
    return { acts: ready, photos: photos.filter((photo) => wanted.has(photo.sha256) && settled(photo) && !photo.stuck) };
  }

  async sendActs(acts) {
    for (let at = 0; at < acts.length; at += BATCH) {
      const batch = [];
      for (const act of acts.slice(at, at + BATCH)) {
        const tried = (row) => ({ ...row, tries: row.tries + 1, offset_seconds: row.offset_seconds ?? this.wire.offset });
        const row = await this.store.change("acts", act.op_id, tried);
        if (row) batch.push(row);
      }
      if (!batch.length) return;
      for (const act of batch) this.now.add(act.op_id);
      this.onstate();
      await this.sendBatch(batch);
    }
  }

  // What the server cannot read as a whole is sent act by act, so that one bad act holds up no other.
  async sendBatch(batch) {
    try {
      const answer = await this.guarded(() => this.wire.post(this.wire.addresses.acts, { acts: batch.map(told) }), batch);
      for (const result of answer.results) if (!result.retry) await this.answered(result);
      if (answer.results.some((result) => result.retry)) throw new Away("later");
    } catch (error) {
      if (!(error instanceof Refused) || PASSING.has(error.status)) throw error;
      if (batch.length > 1) for (const act of batch) await this.sendBatch([act]);
      else await this.store.change("acts", batch[0].op_id, (row) => ({ ...row, stuck: true }));
    }
  }

  async answered(result) {
    this.now.delete(result.op_id);
    if (GONE.has(result.state)) {
      const { state, received_at, sentence, number, problem } = result;
      return this.store.receive(result.op_id, { state, received_at, sentence, number, problem });
    }
    const posted = result.state === "waiting_photos";
    const change = (row) => ({
      ...row, posted, missing: result.missing || 0, error: result.sentence || "", stuck: !posted,
      version: result.version,
    });
    await this.store.change("acts", result.op_id, change);
    return this.store.tell();
  }

  async sendPhoto(photo) {
    this.now.add(photo.sha256);
    this.onstate();
    const { sha256, size, taken_at, lat, lon, accuracy_m, purpose } = photo;
    const offset_seconds = photo.offset_seconds ?? this.wire.offset;
    const about = { sha256, size, taken_at, offset_seconds, lat, lon, accuracy_m, purpose };
    await this.store.change("photos", sha256, (row) => ({ ...row, tries: row.tries + 1 }));
    try {
      let answer = await this.guarded(() => this.wire.post(this.wire.addresses.photo, about), [], photo);
      for (let turn = 0; answer.state !== "received" && turn < 40; turn += 1) {
        answer = await this.sendPiece(photo, answer.have);
      }
      if (answer.state === "received") await this.store.drop(sha256);
    } catch (error) {
      if (!(error instanceof Refused) || PASSING.has(error.status)) throw error;
      await this.store.change("photos", sha256, (row) => ({ ...row, stuck: row.tries >= 3 }));
    } finally {
      this.now.delete(sha256);
    }
  }

  async sendPiece(photo, have) {
    const piece = photo.bytes.slice(have, have + PIECE);
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
      if (await this.renew()) return work();
      throw this.out ? new SignedOut() : error;
    }
  }

  async note(error, acts, photo) {
    const words = sentenceOf(error);
    for (const act of acts) await this.store.change("acts", act.op_id, (row) => ({ ...row, error: words }));
    if (photo) await this.store.change("photos", photo.sha256, (row) => ({ ...row, error: words }));
    await this.store.tell();
  }
}

export const shasOf = (act) => (act.body.voice ? [...act.photos, act.body.voice] : act.photos);

function told({ op_id, type, occurred_at, offset_seconds, photos, body }) {
  return { op_id, type, occurred_at, offset_seconds, photos, body };
}

function sentenceOf(error) {
  if (error instanceof SignedOut) return say("signed_out_short");
  if (error instanceof Away) return say("no_network");
  const data = error.data || {};
  return data.sentence || data.error || (error.status === 507 ? say("server_full") : say("server_refused", { n: error.status }));
}
