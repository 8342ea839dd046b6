// Starts the field program: the person's database, the pack, the camera, the sender; and wires the page.
import { Camera } from "./camera.js";
import { Checks } from "./checks.js";
import { newId } from "./digest.js";
import { Flow, MOST_SHOTS, SAME_PROBLEM } from "./flow.js";
import { Header } from "./header.js";
import { controlled, lacking, persist, pressure, tight, weight } from "./health.js";
import { Kinds } from "./kinds.js";
import { closeSheet, find, write } from "./make.js";
import { Fixes } from "./place.js";
import { warm } from "./pictures.js";
import { Places } from "./places.js";
import { Queue } from "./queue.js";
import { Repairs } from "./repairs.js";
import { isExpected, Sender } from "./send.js";
import { Status } from "./status.js";
import { isFull, Store } from "./store.js";
import { say } from "./text.js";
import { LONGEST, Voice } from "./voice.js";
import { person, rememberLeave, rememberPerson } from "./who.js";
import { Refused, SignedOut, Wire } from "./wire.js";

const addresses = JSON.parse(document.getElementById("addresses").textContent);
const SHUTTER_KEYS = new Set(["AudioVolumeUp", "AudioVolumeDown", "VolumeUp", "VolumeDown", "Enter", " "]);
const REFRESH = 10 * 60_000;
const STARTING = 2_000; // so long the shutter waits for a camera that is being opened
const NOT_WRITTEN = new Set(["QuotaExceededError", "InvalidStateError", "TransactionInactiveError", "UnknownError"]);

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

class Program {
  async start() {
    this.turn = Promise.resolve();
    this.store = await Store.open(person(), () => this.warn(say("older_page")));
    this.warn("");
    this.wire = new Wire(addresses, this.store.user);
    this.wire.offset = (await this.store.get("offset")) ?? null;
    this.camera = new Camera();
    this.fixes = new Fixes();
    this.voice = new Voice();
    this.flow = new Flow(this.store, this.wire, this.camera, this.fixes);
    this.flow.still = () => Boolean(document.querySelector("#sheet[open], #places[open]"));
    this.sender = new Sender(this.store, this.wire);
    this.status = new Status(this.store, this.wire, this.sender, this.flow);
    this.build();
    rememberLeave(addresses);
    const lost = await this.store.evicted();
    await this.store.tidy(Date.now());
    await this.flow.load();
    if (lost) this.warn(say("evicted", { n: lost }));
    this.listen();
    await this.draw();
    document.body.dataset.ready = "1";
    this.camera.start().then(() => this.draw());
    this.fixes.take(60_000).then(() => this.moved());
    persist();
    this.keepShell();
    this.sender.wake(); // what waits does not wait for the pack, which may be long in coming
    await this.renew();
    this.atPlate();
  }

  // A plate read by the phone's own camera opens this page with its site.
  atPlate() {
    const site = new URLSearchParams(location.search).get("site");
    if (!site) return;
    history.replaceState(null, "", location.pathname);
    this.doing(() => this.places.byPlate(site));
  }

  // The site of a plate that this phone does not have; {} where the server knows none, null without a line.
  async lookUp(wanted) {
    try {
      return await this.wire.ask(`${addresses.site}?${new URLSearchParams(wanted)}`);
    } catch (error) {
      return error instanceof Refused ? {} : null;
    }
  }

  build() {
    const changed = () => this.draw();
    this.header = new Header(this.flow);
    this.kinds = new Kinds(this.flow, (kind) => this.chip(kind));
    this.places = new Places(this.flow, this.camera, changed, (wanted) => this.lookUp(wanted));
    this.checks = new Checks(this.flow, (how) => this.finish(how), changed);
    this.repairs = new Repairs(this.flow, changed);
    this.queue = new Queue(this.store, this.sender, this.flow);
  }

  listen() {
    this.store.listeners.push(() => this.draw());
    this.sender.onstate = () => this.draw();
    this.sender.onsignedout = () => this.signedOut();
    this.sender.onsignedin = () => document.body.classList.remove("signed-out");
    this.sender.onother = (told) => this.other(told);
    this.wire.onreach = () => this.draw();
    const press = {
      shutter: () => this.shoot(), undo: () => this.undo(), voice: () => this.speak(),
      pass: (event) => event.detail < 2 && this.finish(), "drop-last": () => this.dropLast(),
      "open-places": () => this.places.open(), "open-list": () => this.places.open(), "open-sheet": () => this.checks.open(),
      "open-near": () => this.repairs.open(), near: () => this.repairs.open(), "open-queue": () => this.queue.open(),
      "judging-stop": () => this.stopJudging(), unseal: () => this.unseal(),
    };
    for (const [name, act] of Object.entries(press)) find(name).addEventListener("click", act);
    document.addEventListener("click", (event) => {
      const closer = event.target.closest("[data-closes]");
      if (closer) closeSheet(closer.closest("dialog").id);
    });
    document.addEventListener("keydown", (event) => this.key(event));
    this.watch();
  }

  watch() {
    const wake = () => {
      this.sender.wake();
      return this.renewIfOld();
    };
    window.addEventListener("online", wake);
    window.addEventListener("offline", () => this.wire.reach(false));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "visible") return this.camera.stop();
      this.camera.start();
      this.fixes.take().then(() => this.moved());
      return wake();
    });
    if (navigator.serviceWorker) {
      navigator.serviceWorker.addEventListener("message", (event) => event.data.sort === "send" && wake());
    }
    window.addEventListener("unhandledrejection", (event) => {
      if (NOT_WRITTEN.has(event.reason && event.reason.name)) this.notKept(event.reason);
    });
    setInterval(() => this.moved(), 15_000);
  }

  key(event) {
    if (!SHUTTER_KEYS.has(event.key) || event.repeat || document.querySelector("dialog[open]")) return;
    const typed = event.key === "Enter" || event.key === " ";
    if (typed && event.target.closest("button, a, input, textarea, select")) return;
    event.preventDefault();
    this.shoot();
  }

  async keepShell() {
    const sentence = lacking();
    if (sentence) return this.warn(sentence);
    try {
      await navigator.serviceWorker.register(addresses.worker, { scope: addresses.page });
      await navigator.serviceWorker.ready;
      await controlled();
      this.shellKept = true;
      this.ready();
      this.warmPictures();
    } catch {
      this.warn(say("no_worker"));
    }
    return null;
  }

  // From now on the page, its modules and the pack are here: it opens without a network.
  ready() {
    if (this.shellKept && this.flow.pack) document.body.dataset.offline = "ready";
  }

  warmPictures() {
    if (this.flow.pack) warm(this.flow.pack);
  }

  // The session is another person's: the same page with the other person's own database.
  other(told) {
    rememberPerson(told);
    location.reload();
  }

  // The pack anew; false where it did not come or belongs to another person.
  async renew() {
    try {
      const pack = await this.wire.ask(addresses.pack);
      if (String(pack.user.id) !== String(this.store.user)) {
        this.other(pack);
        return false;
      }
      rememberPerson(pack);
      this.wire.token = pack.csrf;
      this.sender.out = false;
      this.renewed = Date.now();
      await this.store.keep({ meta: { offset: this.wire.offset } });
      await this.flow.takePack(pack);
      document.body.classList.remove("signed-out");
      this.ready();
      await this.draw();
      this.warmPictures();
      return true;
    } catch (error) {
      if (error instanceof SignedOut) await this.signedOut();
      else if (error instanceof Refused && error.status === 404) this.warn(error.data.sentence);
      else if (!isExpected(error)) throw error;
      await this.draw();
      return false;
    }
  }

  renewIfOld() {
    return !this.renewed || Math.abs(Date.now() - this.renewed) > REFRESH ? this.renew() : Promise.resolve(true);
  }

  async signedOut() {
    this.sender.out = true;
    const { acts } = await this.store.counts();
    find("login").href = `${this.wire.login.split("?")[0]}?next=${encodeURIComponent(addresses.page)}`;
    write("login-words", say(this.wire.ended ? "account_ended" : "signed_out", { n: acts }));
    document.body.classList.add("signed-out");
  }

  moved() {
    this.flow.renew();
    return this.draw();
  }

  // --- what a thumb does

  // One thing after the other. What could not be written is said, and nothing counts it as done.
  doing(work) {
    const done = this.turn.then(work);
    this.turn = done.catch(() => {});
    return done.catch((error) => this.notKept(error));
  }

  notKept(error) {
    this.failed = true;
    this.warn(say(isFull(error) ? "disk_full" : "not_kept")); // no drawing: it reads the database
    if (error instanceof TypeError || error instanceof ReferenceError) throw error;
  }

  // Somebody else has signed in on this phone meanwhile: the page begins anew with that person's own database.
  foreign() {
    const other = person() !== this.store.user;
    if (other) location.reload();
    return other;
  }

  async shoot() {
    if (this.shooting || this.foreign() || (this.flow.route && this.flow.route.sealed)) return;
    if (this.flow.full) return this.hint(say("tray_full", { n: MOST_SHOTS }));
    this.shooting = true;
    if (!this.camera.live && this.camera.starting) await Promise.race([this.camera.starting, pause(STARTING)]);
    const { live } = this.camera;
    this.shooting = live; // a picker that was left without a picture may never tell
    try {
      const chosen = live ? null : await this.camera.pick().catch((error) => this.notKept(error));
      if (live || chosen) await this.doing(() => this.take(chosen));
    } finally {
      this.shooting = false;
    }
    this.draw();
  }

  async take(chosen) {
    if (await this.noRoom()) return;
    if (!chosen) this.flash();
    const kept = await this.flow.shoot(chosen);
    if (!kept) return;
    if (kept.twin) return this.hint(say("same_picture"));
    await this.kept();
    if (kept.album) this.hint(say("from_album"));
  }

  // The last shot that has no kind yet goes.
  dropLast() {
    return this.doing(() => this.flow.dropTray(this.flow.tray.slice(-1)));
  }

  async noRoom() {
    const { photos } = await this.store.queue();
    const bytes = weight(photos);
    const full = pressure(bytes) === "full";
    if (full) this.warn(say("full"));
    else if (pressure(bytes) || (await tight(bytes))) this.warn(say("heavy"));
    return full;
  }

  flash() {
    if (this.flow.secret) return;
    const view = find("view");
    view.classList.remove("is-flashing");
    requestAnimationFrame(() => view.classList.add("is-flashing"));
    if (navigator.vibrate) navigator.vibrate(15);
  }

  chip(kind) {
    if (this.foreign()) return null;
    return this.doing(async () => {
      if (this.flow.unplaced) return this.places.open();
      return (await this.flow.chip(kind)) ? this.kept() : this.hint(say("shoot_first"));
    });
  }

  finish(how) {
    if (this.foreign()) return null;
    if (this.flow.justMoved) return this.hint(say("moved_look"));
    return this.doing(async () => {
      if (this.flow.justMoved) return this.hint(say("moved_look")); // by what this tap waited for
      if (!this.flow.here) return this.places.open();
      return (await this.flow.finish(how)) && this.kept();
    });
  }

  async kept() {
    if (this.failed) this.warn("");
    this.failed = false;
    this.status.say("");
    await this.draw();
    this.background();
    this.sender.plan();
  }

  async background() {
    try {
      const worker = await navigator.serviceWorker.ready;
      if (worker.sync) await worker.sync.register("weicheng-field-send");
    } catch {
      // the timer sends too
    }
  }

  undo() {
    return this.doing(async () => this.hint(say((await this.flow.undo()) ? "undone" : "too_late")));
  }

  stopJudging() {
    this.flow.mode = null;
    this.draw();
  }

  async speak() {
    if (this.voice.on) return this.voice.stop();
    if (this.listening || this.foreign()) return null;
    if (!Voice.possible()) return this.hint(say("no_sound"));
    this.listening = true;
    await this.doing(() => this.flow.listen(LONGEST + SAME_PROBLEM)).then((about) => this.note(about));
    this.listening = false;
    return null;
  }

  async note(about) {
    if (!about) return about === null && this.hint(say("voice_once"));
    const ended = this.voice.record();
    document.body.classList.add("is-recording");
    write("voice-words", say("recording"));
    const note = await ended;
    document.body.classList.remove("is-recording");
    write("voice-words", say("voice"));
    if (!note) return this.hint(say("no_sound"));
    return this.doing(async () => this.hint(say((await this.flow.speak(note, about)) ? "voice_kept" : "voice_waits")));
  }

  async unseal() {
    const route = this.flow.sealed;
    const op_id = (await this.store.get(`unseal:${route.plan}`)) || newId();
    await this.store.keep({ meta: { [`unseal:${route.plan}`]: op_id } });
    try {
      await this.sender.renewing(() => this.wire.post(addresses.unseal, { op_id, plan: route.plan }));
      await this.renew();
    } catch (error) {
      const told = error.data && (error.data.sentence || error.data.error);
      this.warn(told || say("unseal_needs_network"));
    }
  }

  // --- what is said

  hint(words) {
    this.status.say(words);
    this.draw();
  }

  warn(words) {
    write("warning", words);
    find("warning-box").hidden = !words;
  }

  async draw() {
    await this.status.draw();
    this.header.draw();
    const kept = this.flow.open && this.flow.saved ? this.status.kindOf(this.flow.open.op_id) : "";
    this.kinds.draw(kept);
    this.repairs.draw();
    this.repairs.drawMode();
    if (document.getElementById("queue").open) await this.queue.draw();
  }
}

const program = new Program();
program.start().catch((error) => {
  write("warning", say("cannot_start"));
  find("warning-box").hidden = false;
  throw error;
});
