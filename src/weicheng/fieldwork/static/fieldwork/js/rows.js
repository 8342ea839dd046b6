// Several rows changed at once: an act and the photos it owns never disagree, whenever the phone is killed.
import { deletePhotos, shasOf } from "./store.js";

const TOUCHED = ["acts", "photos", "bytes", "meta"];

export class Rows {
  constructor(work, store) {
    Object.assign(this, { work, store });
  }

  // As the sender knows it: what is on its way is so even where its row could not say so.
  async act(op_id) {
    const act = await this.work.objectStore("acts").get(op_id);
    return act && this.store.asBegun(act);
  }

  async photos(shas) {
    const found = await Promise.all(shas.map((sha) => this.work.objectStore("photos").get(sha)));
    return found.filter(Boolean);
  }

  // The act, and these photos as its own.
  own(act, photos, change = {}) {
    this.work.objectStore("acts").put(act);
    for (const photo of photos) this.work.objectStore("photos").put({ ...photo, act: act.op_id, ...change });
  }

  put(act) {
    this.work.objectStore("acts").put(act);
  }

  // Photos that belong to no act any more and wait for a kind again.
  loosen(photos) {
    for (const photo of photos) this.work.objectStore("photos").put({ ...photo, act: null, purpose: "before" });
  }

  // Notes that the next problem of that site takes, whenever it is made.
  leaveAt(site, notes) {
    for (const note of notes) this.work.objectStore("photos").put({ ...note, site });
  }

  removeAct(op_id) {
    this.work.objectStore("acts").delete(op_id);
  }

  // The photo goes, unless an act has it.
  async removePhoto(sha) {
    const acts = await this.work.objectStore("acts").getAll();
    if (acts.some((act) => shasOf(act).includes(sha))) return;
    await deletePhotos(this.work, [sha]);
  }

  remember(flow) {
    this.work.objectStore("meta").put(flow, "flow");
  }
}

// What `change` does with the rows is on disk as a whole when the promise is kept, or not at all.
export async function atOnce(store, change) {
  const made = await store.within(TOUCHED, "readwrite", (work) => change(new Rows(work, store)));
  await told(store);
  return made;
}

// The rows are on disk: that a count could not be written or drawn takes nothing back.
async function told(store) {
  try {
    await store.mark();
    await store.tell();
  } catch {
    // the next change draws again
  }
}
