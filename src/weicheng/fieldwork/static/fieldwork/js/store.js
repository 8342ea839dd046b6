// The database of one person in this browser. What is kept here is kept: a promise of keep() is fulfilled
// only after the transaction has completed on disk. Rows leave by receipts, undo() and remove() alone.
//   acts      op_id → what was done, and when it may be sent (ready_at, ms)
//   photos    sha256 → moment, size, one fix of the place; `act` is null until a chip was chosen
//   bytes     sha256 → the photo itself, read only when it is sent, shown or exported
//   received  op_id → receipts of acts that the server has, of today
//   known     id → acts and photos that the server has, for ninety days: a queue file brings none of them back
//   meta      pack, clock, flow
import { openDB } from "../../vendor/idb.js";
import { dayOf } from "./text.js";

const VERSION = 2;
const DURABLE = { durability: "strict" };
const WAITING = ["acts", "photos", "bytes"];
const KNOWN_FOR = 90 * 86_400_000;
const CUT = new Set(["InvalidStateError", "UnknownError", "AbortError"]);
export const nameOf = (user) => `weicheng-field-${user}`;
export const PICTURES = "weicheng-field-pictures";
const markOf = (user) => `weicheng-field-unsent:${user}`;
export const shasOf = (act) => (act.body.voice ? [...act.photos, act.body.voice] : act.photos);
export const isFull = (error) => error.name === "QuotaExceededError";

function upgrade(db, from) {
  if (from < 1) {
    db.createObjectStore("acts", { keyPath: "op_id" });
    db.createObjectStore("photos", { keyPath: "sha256" });
    db.createObjectStore("received", { keyPath: "op_id" });
    db.createObjectStore("meta");
  }
  db.createObjectStore("bytes");
  db.createObjectStore("known", { keyPath: "id" }).createIndex("at", "at");
}

// {db, from}: `from` is the version that was found here, 0 for none. A database of a later program is opened
// as it is: a page that was kept from before a deployment goes on working.
// `waits` is told when an older page of this program keeps the database from being brought up to date.
async function connect(user, waits = () => {}) {
  let from = VERSION;
  const blocking = (_now, _next, event) => event.target.close(); // the log-out removes it
  const made = (db, old) => {
    from = old;
    upgrade(db, old);
  };
  try {
    return { db: await openDB(nameOf(user), VERSION, { upgrade: made, blocked: waits, blocking }), from };
  } catch (error) {
    if (error.name !== "VersionError") throw error;
    return { db: await openDB(nameOf(user), undefined, { blocking }), from };
  }
}

// One transaction to its end: what `body` does stands as a whole or not at all. The transaction's own error says
// more than that of a request in it.
async function through(work, body) {
  const ended = work.done.then(() => null, (error) => error);
  let made = null;
  let wrong = null;
  try {
    made = await body(work);
  } catch (error) {
    wrong = error;
    end(work);
  }
  const failed = await ended;
  if (wrong || failed) throw work.error || wrong || failed;
  return made;
}

function end(work) {
  try {
    work.abort();
  } catch {
    // it has ended by itself
  }
}

// Pictures "before" can be fetched again; what was done here cannot.
async function makeRoom() {
  return "caches" in window && (await caches.delete(PICTURES).catch(() => false));
}

// A row of a photo; its bytes lie apart, also those that an earlier program left in the row.
async function putPhoto(work, { bytes, ...row }) {
  const photos = work.objectStore("photos");
  const data = bytes || ((await photos.get(row.sha256)) || {}).bytes;
  if (data) await work.objectStore("bytes").put(data, row.sha256);
  await photos.put(row);
}

export function deletePhotos(work, shas) {
  return Promise.all(shas.flatMap((sha) => [
    work.objectStore("photos").delete(sha), work.objectStore("bytes").delete(sha),
  ]));
}

const bare = ({ bytes: _bytes, ...row }) => row;

export class Store {
  static async open(user, waits) {
    const { db, from } = await connect(user, waits);
    const store = new Store(db, user);
    store.isNew = from === 0;
    if (from === 1) await store.part();
    return store;
  }

  constructor(db, user) {
    this.db = db;
    this.user = user;
    this.listeners = [];
    this.begun = new Set(); // acts on their way whose row could not say so: the storage was full
    this.left = 0; // how many acts and photos wait, as counted last
    this.running = Promise.resolve();
    this.radio = "BroadcastChannel" in window ? new BroadcastChannel(nameOf(user)) : null;
    if (this.radio) this.radio.onmessage = () => this.tell(false);
  }

  close() {
    if (this.radio) this.radio.close();
    this.db.close();
  }

  // Tells the listeners; what changes while they are busy is told once, after that.
  tell(loud = true) {
    if (loud && this.radio) this.radio.postMessage("changed");
    if (!this.next) {
      this.next = this.running.then(() => {
        this.next = null;
        this.running = Promise.all(this.listeners.map((listener) => listener())).catch(() => {});
        return this.running;
      });
    }
    return this.next;
  }

  // One transaction. A connection that the system cut (a phone that slept) is opened anew, and where there is
  // no room the pictures that can be fetched again go first; either once.
  async within(stores, mode, body) {
    for (let turn = 0; ; turn += 1) {
      const { db } = this;
      try {
        return await through(db.transaction(stores, mode, DURABLE), body);
      } catch (error) {
        if (turn) throw error;
        if (CUT.has(error.name)) await this.reopen(db);
        else if (!isFull(error) || !(await makeRoom())) throw error;
      }
    }
  }

  async reopen(old) {
    if (this.db !== old) return;
    const opening = this.opening || connect(this.user);
    this.opening = opening;
    try {
      const { db, from } = await opening;
      if (this.db !== old) return;
      this.db = db;
      old.close();
      if (from === 1) await this.part();
    } finally {
      this.opening = null;
    }
  }

  // Rows of the first version held the bytes themselves: they are moved one by one. What finds no room now
  // is read as it lies and moved when its row is written next.
  async part() {
    try {
      for (const sha of await this.db.getAllKeys("photos")) await this.change("photos", sha, (row) => row);
    } catch (error) {
      if (!isFull(error)) throw error;
    }
  }

  // Rows of any stores in one transaction: {acts: [...], photos: [...], meta: {key: value}}.
  async keep({ acts = [], photos = [], meta = {} }) {
    await this.within([...WAITING, "meta"], "readwrite", (work) => Promise.all([
      ...acts.map((act) => work.objectStore("acts").put(act)),
      ...photos.map((photo) => putPhoto(work, photo)),
      ...Object.entries(meta).map(([key, value]) => work.objectStore("meta").put(value, key)),
    ]));
    if (acts.length || photos.length) await this.mark();
    await this.tell();
  }

  // Changes a row that may have gone meanwhile; `change` gets the row and returns it, or null to leave it.
  async change(name, key, change) {
    const stores = name === "photos" ? WAITING : [name];
    return this.within(stores, "readwrite", async (work) => {
      const row = await work.objectStore(name).get(key);
      const changed = row ? change(name === "acts" ? this.asBegun(row) : row) : null;
      if (changed) await (name === "photos" ? putPhoto(work, changed) : work.objectStore(name).put(changed));
      return changed;
    });
  }

  asBegun(act) {
    return this.begun.has(act.op_id) && !act.tries ? { ...act, tries: 1 } : act;
  }

  // What waits: acts, and photos without their bytes.
  async queue() {
    const [acts, photos] = await this.within(["acts", "photos"], "readonly", (work) => Promise.all([
      work.objectStore("acts").getAll(), work.objectStore("photos").getAll(),
    ]));
    return { acts: acts.map((act) => this.asBegun(act)), photos: photos.map(bare) };
  }

  // One photo's bytes, null where they are not here.
  bytes(sha256) {
    return this.within(["photos", "bytes"], "readonly", async (work) => {
      const apart = await work.objectStore("bytes").get(sha256);
      return apart || ((await work.objectStore("photos").get(sha256)) || {}).bytes || null;
    });
  }

  // How many of these photos lie here.
  here(shas) {
    return this.within("photos", "readonly", async (work) => {
      const found = await Promise.all(shas.map((sha) => work.store.getKey(sha)));
      return found.filter(Boolean).length;
    });
  }

  async counts() {
    const [acts, photos] = await this.within(["acts", "photos"], "readonly", (work) => Promise.all([
      work.objectStore("acts").count(), work.objectStore("photos").count(),
    ]));
    this.left = acts + photos;
    return { acts, photos };
  }

  get(key) {
    return this.within("meta", "readonly", (work) => work.store.get(key));
  }

  async receipts() {
    const rows = await this.within("received", "readonly", (work) => work.store.getAll());
    return rows.sort((a, b) => (a.received_at < b.received_at ? 1 : -1));
  }

  // Of these ids, those that the server is known to have.
  knows(ids) {
    return this.within("known", "readonly", async (work) => {
      const found = await Promise.all(ids.map((id) => work.store.getKey(id)));
      return new Set(found.filter(Boolean));
    });
  }

  // What the server has goes; the note about it is left out where there is no room for one.
  async leave(stores, go, note) {
    try {
      await this.within(stores, "readwrite", async (work) => {
        await note(work);
        await go(work);
      });
    } catch (error) {
      if (!isFull(error)) throw error;
      await this.within(stores, "readwrite", go);
    }
    await this.mark();
    await this.tell();
  }

  // The server has the act and all its photos: its row becomes a receipt.
  receive(op_id, receipt) {
    const note = async (work) => {
      const act = await work.objectStore("acts").get(op_id);
      if (!act) return;
      const { type, label, place, occurred_at, passed } = act;
      await work.objectStore("received").put({ op_id, type, label, place, occurred_at, passed, ...receipt });
      await work.objectStore("known").put({ id: op_id, at: Date.now() });
    };
    return this.leave(["acts", "received", "known"], (work) => work.objectStore("acts").delete(op_id), note);
  }

  // The server has the whole photo and has checked its hash.
  drop(sha256) {
    const note = (work) => work.objectStore("known").put({ id: sha256, at: Date.now() });
    return this.leave(["photos", "bytes", "known"], (work) => deletePhotos(work, [sha256]), note);
  }

  // Takes back what nobody has sent yet; false when it has gone meanwhile.
  undo(op_id) {
    return this.without(op_id, (act) => !act.tries);
  }

  // An act leaves with its photos though the server has it not: only after a person has said so.
  remove(op_id) {
    return this.without(op_id, () => true);
  }

  async without(op_id, may) {
    const gone = await this.within(WAITING, "readwrite", async (work) => {
      const acts = await work.objectStore("acts").getAll();
      const act = acts.find((row) => row.op_id === op_id);
      if (!act || !may(this.asBegun(act))) return false;
      const others = new Set(acts.filter((row) => row !== act).flatMap(shasOf));
      await deletePhotos(work, shasOf(act).filter((sha) => !others.has(sha)));
      await work.objectStore("acts").delete(op_id);
      return true;
    });
    await this.mark();
    await this.tell();
    return gone;
  }

  // Photos that no act has go.
  async discard(shas) {
    await this.within(WAITING, "readwrite", async (work) => {
      const listed = new Set((await work.objectStore("acts").getAll()).flatMap(shasOf));
      await deletePhotos(work, shas.filter((sha) => !listed.has(sha)));
    });
    await this.mark();
    await this.tell();
  }

  // Receipts of other days than today go, and what was known for long enough.
  async tidy(now) {
    await this.within(["received", "known"], "readwrite", async (work) => {
      for (const row of await work.objectStore("received").getAll()) {
        if (dayOf(row.received_at || row.occurred_at) !== dayOf(now)) work.objectStore("received").delete(row.op_id);
      }
      const old = work.objectStore("known").index("at");
      for (const id of await old.getAllKeys(IDBKeyRange.upperBound(now - KNOWN_FOR))) work.objectStore("known").delete(id);
    });
  }

  // A mark outside the database tells at the next start whether the phone threw the database away.
  async mark() {
    const { acts, photos } = await this.counts();
    try {
      localStorage.setItem(markOf(this.user), String(acts + photos));
    } catch {
      // a browser without storage of its own has nothing to compare
    }
    document.cookie = `weicheng_field_unsent=${this.user}.${acts}; path=/field/; max-age=2592000; SameSite=Lax`;
  }

  // How many acts were unsent when this browser last wrote its mark, if all of them are gone; else 0. Safari
  // throws away what scripts wrote, marks too: then the server's own cookie tells what waited when it was asked last.
  async evicted() {
    const { acts, photos } = await this.counts();
    if (acts + photos) return 0;
    let local = 0;
    try {
      local = Number(localStorage.getItem(markOf(this.user)));
    } catch {
      local = 0;
    }
    const told = this.isNew ? this.toldServer() : 0;
    const cookie = this.cookie("weicheng_field_unsent");
    await this.mark();
    return Math.max(cookie, local ? 1 : 0, told);
  }

  // How much waited here by what the server was told last.
  toldServer() {
    return this.cookie("weicheng_field_kept");
  }

  cookie(name) {
    const told = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
    const [user, number] = told ? told.split("=")[1].split(".") : ["", "0"];
    return user === String(this.user) ? Number(number) || 0 : 0;
  }
}
