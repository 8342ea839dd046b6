// The database of one person in this browser. What is kept here is kept: a promise of keep() is fulfilled
// only after the transaction has completed on disk. Rows leave by receive() and undo() alone.
//   acts      op_id → what was done, and when it may be sent (ready_at, ms)
//   photos    sha256 → bytes, moment, one fix of the place; `act` is null until a chip was chosen
//   received  op_id → receipts of acts that the server has, of the last days
//   meta      pack, clock, flow
import { openDB, deleteDB } from "../../vendor/idb.js";
import { dayOf } from "./text.js";

const DURABLE = { durability: "strict" };
const ALL = ["acts", "photos", "received", "meta"];
export const nameOf = (user) => `weicheng-field-${user}`;
const markOf = (user) => `weicheng-field-unsent:${user}`;

function upgrade(db) {
  db.createObjectStore("acts", { keyPath: "op_id" });
  db.createObjectStore("photos", { keyPath: "sha256" });
  db.createObjectStore("received", { keyPath: "op_id" });
  db.createObjectStore("meta");
}

export class Store {
  static async open(user) {
    const db = await openDB(nameOf(user), 1, {
      upgrade,
      blocking: (_now, _next, event) => event.target.close(), // the log-out removes it
    });
    return new Store(db, user);
  }

  constructor(db, user) {
    this.db = db;
    this.user = user;
    this.listeners = [];
    this.radio = "BroadcastChannel" in window ? new BroadcastChannel(nameOf(user)) : null;
    if (this.radio) this.radio.onmessage = () => this.tell(false);
  }

  close() {
    if (this.radio) this.radio.close();
    this.db.close();
  }

  async tell(loud = true) {
    if (loud && this.radio) this.radio.postMessage("changed");
    await Promise.all(this.listeners.map((listener) => listener()));
  }

  // Rows of any stores in one transaction: {acts: [...], photos: [...], meta: {key: value}}.
  async keep({ acts = [], photos = [], meta = {} }) {
    const work = this.db.transaction(ALL, "readwrite", DURABLE);
    const puts = [
      ...acts.map((act) => work.objectStore("acts").put(act)),
      ...photos.map((photo) => work.objectStore("photos").put(photo)),
      ...Object.entries(meta).map(([key, value]) => work.objectStore("meta").put(value, key)),
    ];
    await Promise.all([...puts, work.done]);
    if (acts.length || photos.length) await this.mark();
    await this.tell();
  }

  // Changes single rows that may have gone meanwhile; `change` gets the row and returns it, or null to leave it.
  async change(name, key, change) {
    const work = this.db.transaction(name, "readwrite", DURABLE);
    const row = await work.store.get(key);
    const made = row ? change(row) : null;
    if (made) await work.store.put(made);
    await work.done;
    return made;
  }

  async queue() {
    const work = this.db.transaction(["acts", "photos"]);
    const [acts, photos] = await Promise.all([
      work.objectStore("acts").getAll(), work.objectStore("photos").getAll(),
    ]);
    await work.done;
    return { acts, photos };
  }

  async counts() {
    const work = this.db.transaction(["acts", "photos"]);
    const [acts, photos] = await Promise.all([
      work.objectStore("acts").count(), work.objectStore("photos").count(),
    ]);
    await work.done;
    return { acts, photos };
  }

  get(key) {
    return this.db.get("meta", key);
  }

  async receipts() {
    return (await this.db.getAll("received")).sort((a, b) => (a.received_at < b.received_at ? 1 : -1));
  }

  // The server has the act: its row becomes a receipt.
  async receive(op_id, receipt) {
    const work = this.db.transaction(["acts", "received"], "readwrite", DURABLE);
    const act = await work.objectStore("acts").get(op_id);
    if (act) {
      const { type, label, place, occurred_at, passed } = act;
      work.objectStore("received").put({ op_id, type, label, place, occurred_at, passed, ...receipt });
      work.objectStore("acts").delete(op_id);
    }
    await work.done;
    await this.mark();
    await this.tell();
  }

  // The server has the whole photo and has checked its hash.
  async drop(sha256) {
    await this.db.transaction("photos", "readwrite", DURABLE).store.delete(sha256);
    await this.mark();
    await this.tell();
  }

  // Takes back what nobody has sent yet; false when it has gone meanwhile.
  async undo(op_id) {
    const work = this.db.transaction(["acts", "photos"], "readwrite", DURABLE);
    const acts = await work.objectStore("acts").getAll();
    const act = acts.find((row) => row.op_id === op_id);
    const free = Boolean(act) && !act.tries;
    if (free) {
      const others = new Set(acts.filter((row) => row !== act).flatMap((row) => row.photos));
      const voice = act.body.voice ? [act.body.voice] : [];
      for (const sha of [...act.photos, ...voice]) if (!others.has(sha)) work.objectStore("photos").delete(sha);
      work.objectStore("acts").delete(op_id);
    }
    await work.done;
    await this.mark();
    await this.tell();
    return free;
  }

  async discard(shas) {
    const work = this.db.transaction("photos", "readwrite", DURABLE);
    for (const sha of shas) work.store.delete(sha);
    await work.done;
    await this.mark();
    await this.tell();
  }

  // Receipts of other days than today go.
  async tidy(now) {
    const work = this.db.transaction("received", "readwrite");
    for (const row of await work.store.getAll()) {
      if (dayOf(row.received_at || row.occurred_at) !== dayOf(now)) work.store.delete(row.op_id);
    }
    await work.done;
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

  // How many acts were unsent when this browser last wrote its mark, if all of them are gone; else 0.
  async evicted() {
    const { acts, photos } = await this.counts();
    if (acts + photos) return 0;
    const told = document.cookie.split("; ").find((pair) => pair.startsWith("weicheng_field_unsent="));
    const [user, number] = told ? told.split("=")[1].split(".") : ["", "0"];
    const cookie = user === this.user ? Number(number) : 0;
    let local = 0;
    try {
      local = Number(localStorage.getItem(markOf(this.user)));
    } catch {
      local = 0;
    }
    await this.mark();
    return Math.max(cookie, local ? 1 : 0);
  }

  async forget() {
    this.close();
    await deleteDB(nameOf(this.user));
  }
}
