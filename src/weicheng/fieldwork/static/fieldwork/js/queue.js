// 待上传: each unsent thing with its state, size, tries and last error; a way out for what the server does not
// take; the queue as a file.
import { download, fromFile, pieces, takeIn, toFile } from "./carry.js";
import { weight } from "./health.js";
import { find, icon, make, openSheet, write } from "./make.js";
import { shasOf } from "./store.js";
import { hourOf, say, sizeOf } from "./text.js";
import { isBlocked, strays, unowned } from "./waiting.js";
import { Away } from "./wire.js";

const AWAY = new Set(["remark", "quarantined"]);
const TURNS = 4; // a piece of somebody's queue is tried so often
const BETWEEN = 2_000;

const button = (words, onclick, more = {}) => make("button", { type: "button", class: "small-button", onclick, ...more }, words);

export class Queue {
  constructor(store, sender, flow) {
    Object.assign(this, { store, sender, flow });
    this.exported = new Map(); // op_id → the file that it was written to, before it may be removed
    find("send-all").addEventListener("click", () => this.sender.wake({ hold: true }));
    find("export").addEventListener("click", () => this.save());
    find("import").addEventListener("click", () => find("import-file").click());
    find("import-file").addEventListener("change", (event) => this.load(event.target));
  }

  open() {
    write("queue-note", "");
    this.draw();
    openSheet("queue");
  }

  async draw() {
    if (!document.getElementById("queue")) return;
    const { acts, photos } = await this.store.queue();
    const bySha = new Map(photos.map((photo) => [photo.sha256, photo]));
    const receipts = await this.store.receipts();
    const loose = unowned(acts, photos);
    const stray = strays(acts, photos);
    const title = { n: acts.length, m: photos.length, size: sizeOf(weight(photos)) };
    write("queue-title", photos.length ? say("waiting_title", title) : say("waiting_title_short", title));
    find("waiting").replaceChildren(
      ...acts.map((act) => this.row(act, bySha)), ...this.looseRow(loose), ...this.strayRow(stray),
    );
    find("received").replaceChildren(...receipts.slice(0, 200).map((row) => this.receipt(row)));
    find("received-head").hidden = !receipts.length;
    find("nothing-waits").hidden = Boolean(acts.length || photos.length);
    for (const name of ["send-all", "export"]) find(name).disabled = !acts.length && !photos.length;
  }

  row(act, bySha) {
    const mine = shasOf(act).map((sha) => bySha.get(sha)).filter(Boolean);
    const sending = this.sender.now.has(act.op_id) || mine.some((photo) => this.sender.now.has(photo.sha256));
    const tries = Math.max(act.tries, ...mine.map((photo) => photo.tries), 0);
    const held = (mine.find((photo) => photo.error) || {}).error;
    const errors = new Set([held, act.error].filter(Boolean));
    const facts = [
      sizeOf(weight(mine) + JSON.stringify(act.body).length), mine.length ? say("photos_left", { n: mine.length }) : "",
      tries ? say("tried", { n: tries }) : "", act.posted && mine.length ? say("lacking_photos", { n: mine.length }) : "",
    ];
    const stands = !sending && (act.stuck || isBlocked(act, bySha)); // only a person can go on with it
    return make(
      "li", { class: "waiting", "data-op": act.op_id }, icon(sending ? "upload" : "clock"),
      make(
        "div", { class: "grow" }, make("b", {}, act.label, "　", make("span", { class: "state" }, say(sending ? "sending" : "kept"))),
        make("small", {}, [hourOf(act.occurred_at), act.place, ...facts].filter(Boolean).join("　")),
        ...(sending ? [] : [...errors].map((words) => make("small", { class: "error" }, words))),
        ...(stands && act.conflict ? this.both(act) : []),
        ...(stands && !act.conflict ? this.wayOut(act.op_id, act.label, act.op_id, () => this.store.remove(act.op_id)) : []),
      ),
      ...(act.conflict && stands ? [] : [this.again(act)]),
    );
  }

  again(act) {
    const again = () => this.sender.wake({ hold: true, only: act.op_id });
    return button(say("retry"), again, { "aria-label": say("retry_one", { label: act.label }) });
  }

  // For what the server does not take: first a file of it, then the question; only the second tap removes.
  wayOut(key, label, only, remove) {
    const name = this.exported.get(key);
    const export_ = async () => {
      const file = await toFile(this.store, this.user, only);
      download(file);
      this.exported.set(key, file.name);
      await this.draw();
    };
    const end = (work) => async () => {
      this.exported.delete(key);
      await work();
      await this.draw();
    };
    const removed = end(async () => {
      await remove();
      write("queue-note", say("removed"));
    });
    if (!name) return [make("p", { class: "exits" }, button(say("way_out"), export_, { "aria-label": say("way_out_of", { label }) }))];
    return [
      make("small", { role: "status" }, say("way_out_how", { name })),
      make("p", { class: "exits" }, button(say("remove_now"), removed), button(say("stays"), end(() => null))),
    ];
  }

  // 412: both values; the server's stands unless this person wants otherwise.
  both(act) {
    const told = (values) => Object.values(values).filter(Boolean).join("，");
    const { server, yours } = act.conflict;
    return [
      make("small", {}, say("on_server", { value: told(server) })), make("small", {}, say("on_phone", { value: told(yours) })),
      make(
        "p", { class: "exits" }, button(say("keep_server"), () => this.store.remove(act.op_id)),
        button(say("apply_mine"), () => this.sender.apply(act.op_id)),
      ),
    ];
  }

  looseRow(loose) {
    if (!loose.length) return [];
    const drop = () => this.flow.dropTray(loose.map((photo) => photo.sha256));
    return [make(
      "li", { class: "waiting" }, icon("image"),
      make("div", { class: "grow" }, make("b", {}, say("loose", { n: loose.length })), make("small", {}, say("loose_how"))),
      button(say("drop"), drop),
    )];
  }

  // Photos of acts that the server has: they follow by themselves, unless it does not take them.
  strayRow(photos) {
    if (!photos.length) return [];
    const stuck = photos.filter((photo) => photo.stuck);
    const label = say("strays", { n: photos.length });
    const errors = new Set(photos.map((photo) => photo.error).filter(Boolean));
    const remove = () => this.store.discard(stuck.map((photo) => photo.sha256));
    return [make(
      "li", { class: "waiting" }, icon("image"),
      make(
        "div", { class: "grow" }, make("b", {}, label), make("small", {}, say("strays_how")),
        ...[...errors].map((words) => make("small", { class: "error" }, words)),
        ...(stuck.length ? this.wayOut("strays", label, null, remove) : []),
      ),
    )];
  }

  receipt(row) {
    const special = AWAY.has(row.state) ? make("small", {}, row.sentence || say(row.state)) : null;
    const told = row.sentence && !special ? make("small", {}, row.sentence) : special;
    const state = make("span", { class: "state is-done" }, say("received", { at: hourOf(row.received_at) }));
    const facts = [hourOf(row.occurred_at), row.place, row.number].filter(Boolean).join("　");
    return make(
      "li", { class: "waiting" }, icon("check"),
      make("div", { class: "grow" }, make("b", {}, row.label || "", "　", state), facts ? make("small", {}, facts) : null, told),
    );
  }

  get user() {
    return (this.flow.pack && this.flow.pack.user) || { id: this.store.user, name: "" };
  }

  async save() {
    const file = await toFile(this.store, this.user);
    download(file);
    write("queue-note", say("exported", { n: file.n }));
  }

  async load(field) {
    const file = field.files[0];
    field.value = "";
    const told = file && (await fromFile(file));
    if (!told) return write("queue-note", say("not_a_queue"));
    if (String(told.user && told.user.id) !== String(this.store.user)) return this.handOver(told);
    const n = await takeIn(this.store, told);
    await this.flow.load(); // shots of the file that have no kind yet
    write("queue-note", say("imported", { n }));
    return this.sender.wake();
  }

  // Somebody else's queue goes to the server as it is, piece by piece: the office releases it.
  async handOver(told) {
    const all = pieces(told);
    const wrong = [];
    try {
      for (const [done, piece] of all.entries()) {
        write("queue-note", say("handing_over", { n: done, m: all.length }));
        wrong.push(...(await this.patiently(piece)));
      }
      write("queue-note", [say("handed_over", { n: told.acts.length }), ...new Set(wrong)].join(" "));
    } catch (error) {
      const said = error.data && error.data.sentence;
      write("queue-note", said || say("hand_over_failed"));
    }
  }

  // One piece, again where the line broke. Returns what the server found wrong with it.
  async patiently(piece) {
    const { sender } = this;
    for (let turn = 1; ; turn += 1) {
      try {
        return (await sender.renewing(() => sender.wire.post(sender.wire.addresses.import, piece))).errors || [];
      } catch (error) {
        if (!(error instanceof Away) || turn >= TURNS) throw error;
        await new Promise((done) => setTimeout(done, BETWEEN * turn));
      }
    }
  }
}
