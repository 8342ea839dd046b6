// A spoken note of at most thirty seconds: one tap begins, the next one ends.
import { sha256 } from "./digest.js";

export const LONGEST = 30_000;
const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];

export class Voice {
  constructor() {
    this.recorder = null;
  }

  static possible() {
    return Boolean(window.MediaRecorder && navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
  }

  get on() {
    return Boolean(this.recorder);
  }

  // {bytes, sha256, size, taken_at} when it ends; null when the phone gives no sound.
  async record() {
    let stream = null;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch {
      return null;
    }
    const taken_at = new Date().toISOString();
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 24_000 });
    const pieces = [];
    this.recorder.addEventListener("dataavailable", (event) => pieces.push(event.data));
    const ended = new Promise((done) => this.recorder.addEventListener("stop", done));
    this.recorder.start();
    const clock = setTimeout(() => this.stop(), LONGEST);
    await ended;
    clearTimeout(clock);
    for (const track of stream.getTracks()) track.stop();
    this.recorder = null;
    const bytes = await new Blob(pieces).arrayBuffer();
    return bytes.byteLength ? { bytes, sha256: await sha256(bytes), size: bytes.byteLength, taken_at } : null;
  }

  stop() {
    if (this.recorder && this.recorder.state !== "inactive") this.recorder.stop();
  }
}
