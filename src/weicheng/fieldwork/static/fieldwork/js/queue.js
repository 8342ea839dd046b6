// 待上传: each unsent thing with its state, size, tries and last error; export and import of the queue.
import { download, fromFile, takeIn, toFile } from "./carry.js";
import { weight } from "./health.js";
import { find, icon, make, openSheet, write } from "./make.js";
import { shasOf } from "./send.js";
import { hourOf, say, sizeOf } from "./text.js";

const AWAY = new Set(["remark", "quarantined"]);

export class Queue {
  constructor(store, sender, flow) {
    Object.assign(this, { store, sender, flow });
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
    const loose = photos.filter((photo) => !photo.act && !acts.some((act) => shasOf(act).includes(photo.sha256)));
    const title = { n: acts.length, m: photos.length, size: sizeOf(weight(photos)) };
    write("queue-title", photos.length ? say("waiting_title", title) : say("waiting_title_short", title));
    find("waiting").replaceChildren(...acts.map((act) => this.row(act, bySha)), ...this.looseRow(loose));
    find("received").replaceChildren(...receipts.slice(0, 200).map((row) => this.receipt(row)));
    find("received-head").hidden = !receipts.length;
    find("nothing-waits").hidden = Boolean(acts.length || loose.length);
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
    const again = () => this.sender.wake({ hold: true, only: act.op_id });
    return make(
      "li", { class: "waiting", "data-op": act.op_id }, icon(sending ? "upload" : "clock"),
      make(
        "div", { class: "grow" }, make("b", {}, act.label, "　", make("span", { class: "state" }, say(sending ? "sending" : "kept"))),
        make("small", {}, [hourOf(act.occurred_at), act.place, ...facts].filter(Boolean).join("　")),
        ...(sending ? [] : [...errors].map((words) => make("small", { class: "error" }, words))),
      ),
      make("button", { type: "button", class: "small-button", "aria-label": say("retry_one", { label: act.label }), onclick: again }, say("retry")),
    );
  }

  looseRow(loose) {
    if (!loose.length) return [];
    const drop = () => this.flow.dropTray(loose.map((photo) => photo.sha256));
    return [make(
      "li", { class: "waiting" }, icon("image"),
      make("div", { class: "grow" }, make("b", {}, say("loose", { n: loose.length })), make("small", {}, say("loose_how"))),
      make("button", { type: "button", class: "small-button", onclick: drop }, say("drop")),
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

  async save() {
    const user = (this.flow.pack && this.flow.pack.user) || { id: this.store.user, name: "" };
    const told = await toFile(this.store, user);
    download(told, `weicheng-queue-${told.exported_at.slice(0, 16).replace(/\D/g, "")}.json`);
    write("queue-note", say("exported", { n: told.acts.length }));
  }

  async load(field) {
    const file = field.files[0];
    field.value = "";
    const told = file && (await fromFile(file));
    if (!told) return write("queue-note", say("not_a_queue"));
    if (String(told.user && told.user.id) !== String(this.store.user)) return this.handOver(told);
    const n = await takeIn(this.store, told);
    write("queue-note", say("imported", { n }));
    return this.sender.wake();
  }

  // Somebody else's queue goes to the server as it is: the office releases it.
  async handOver(told) {
    try {
      const answer = await this.sender.renewing(() => this.sender.wire.post(this.sender.wire.addresses.import, told));
      write("queue-note", answer.sentence || say("handed_over", { n: told.acts.length }));
    } catch {
      write("queue-note", say("hand_over_failed"));
    }
  }
}
