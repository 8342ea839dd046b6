// The viewfinder: the rear camera where there is one, else the phone's own camera by a file field.
import { takenAt } from "./exif.js";
import { find } from "./make.js";
import { fromFile, shrink } from "./shot.js";

const JUST_NOW = 60_000; // EXIF counts whole seconds, and clocks of file systems are coarse

export class Camera {
  constructor() {
    this.video = find("video");
    this.field = find("file");
    this.stream = null;
    this.waiting = null;
    this.starting = null;
    this.field.addEventListener("change", () => this.chosen());
    this.field.addEventListener("cancel", () => this.chosen());
  }

  get live() {
    return Boolean(this.stream) && this.video.videoWidth > 0;
  }

  // One start at a time: a second one would end the picture of the first.
  start() {
    if (!this.starting) this.starting = this.begin().finally(() => { this.starting = null; });
    return this.starting;
  }

  async begin() {
    if (this.live) return this.shown(true);
    const devices = navigator.mediaDevices;
    if (!(devices && devices.getUserMedia)) return this.shown(false);
    const video = { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1440 } };
    try {
      this.stream = await devices.getUserMedia({ video, audio: false });
      this.video.srcObject = this.stream;
      await this.video.play();
      this.stream.getVideoTracks()[0].addEventListener("ended", () => this.shown(false));
      return this.shown(true);
    } catch {
      return this.shown(false);
    }
  }

  shown(live) {
    if (!live) this.stop();
    document.body.classList.toggle("no-camera", !live);
    return live;
  }

  stop() {
    if (this.stream) for (const track of this.stream.getTracks()) track.stop();
    this.stream = null;
  }

  // One shot of the viewfinder as {bytes, sha256, size, taken_at}.
  async shoot() {
    const taken_at = new Date().toISOString();
    return { ...(await shrink(this.video, this.video.videoWidth, this.video.videoHeight)), taken_at };
  }

  // One picture by the file field, null when nobody took one. `album`: it was there before the shutter; its time is
  // what the file itself says, or unknown.
  async pick() {
    const begun = Date.now();
    if (this.waiting) this.waiting(null);
    const file = await new Promise((done) => {
      this.waiting = done;
      this.field.value = "";
      this.field.click();
    });
    if (!file) return null;
    const told = await takenAt(file);
    const made = told || file.lastModified;
    const album = !made || made < begun - JUST_NOW;
    const moment = album ? told : Math.min(made, Date.now());
    return { ...(await fromFile(file)), taken_at: moment ? new Date(moment).toISOString() : null, album };
  }

  chosen() {
    const done = this.waiting;
    this.waiting = null;
    if (done) done(this.field.files[0] || null);
  }
}
