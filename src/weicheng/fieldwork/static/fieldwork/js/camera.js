// The viewfinder: the rear camera where there is one, else the phone's own camera by a file field.
import { find } from "./make.js";
import { fromFile, shrink } from "./shot.js";

export class Camera {
  constructor() {
    this.video = find("video");
    this.field = find("file");
    this.stream = null;
    this.waiting = null;
    this.field.addEventListener("change", () => this.chosen());
  }

  get live() {
    return Boolean(this.stream) && this.video.videoWidth > 0;
  }

  async start() {
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

  // One shot as {bytes, sha256, size, taken_at}; null when nobody took one.
  async shoot() {
    const taken_at = new Date().toISOString();
    if (this.live) {
      const shot = await shrink(this.video, this.video.videoWidth, this.video.videoHeight);
      return { ...shot, taken_at };
    }
    if (this.waiting) this.waiting(null);
    const file = await new Promise((done) => {
      this.waiting = done;
      this.field.value = "";
      this.field.click();
    });
    if (!file) return null;
    const changed = file.lastModified ? new Date(file.lastModified).toISOString() : taken_at;
    return { ...(await fromFile(file)), taken_at: changed };
  }

  chosen() {
    const done = this.waiting;
    this.waiting = null;
    if (done) done(this.field.files[0] || null);
  }
}
