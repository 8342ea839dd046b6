// 撤销: takes back what was kept last, as long as nobody has sent it.
import { atOnce } from "./rows.js";
import { Standing } from "./standing.js";

export class Undoing extends Standing {
  // Takes back the further shot alone.
  async shed(saved) {
    const act = await atOnce(this.store, async (rows) => {
      const found = await rows.act(saved.op_id);
      if (!found || found.tries) return null;
      const less = { ...found, photos: found.photos.filter((sha) => sha !== saved.extra) };
      rows.put(less);
      await rows.removePhoto(saved.extra);
      return less;
    });
    if (!act) return false;
    this.extra = "";
    this.saved = { op_id: act.op_id, label: act.label, photos: act.photos.length };
    return true;
  }

  // Takes back the look at a site: its shots wait for a kind again.
  async reopen(saved) {
    const act = await atOnce(this.store, async (rows) => {
      const found = await rows.act(saved.op_id);
      if (!found || found.tries) return null;
      rows.loosen(await rows.photos(found.photos));
      rows.removeAct(found.op_id);
      rows.remember(this.written(saved.before));
      return found;
    });
    if (!act) return false;
    Object.assign(this.memory, saved.before);
    this.tray = [...act.photos, ...this.tray];
    return true;
  }

  async undo() {
    const { saved } = this;
    if (saved && saved.extra) return this.shed(saved);
    const gone = saved && (saved.before ? await this.reopen(saved) : await this.store.undo(saved.op_id));
    if (!gone) return false;
    if (!saved.before) await this.remember(this.without(saved));
    this.settle();
    this.stand();
    return true;
  }

  // The memory without what was taken back.
  without(saved) {
    const { [saved.answered]: _one, ...answered } = this.memory.answered;
    if (saved.answered) return { answered };
    return { visits: this.visits({ findings: Math.max(0, this.visit.findings - 1) }) };
  }
}
