// How much room there is, and what the phone did to what lay here.
import { say } from "./text.js";

export const WARN_BYTES = 35e6;
export const FULL_BYTES = 45e6;

export const isApple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);

export async function persist() {
  try {
    return Boolean(navigator.storage && navigator.storage.persist && (await navigator.storage.persist()));
  } catch {
    return false;
  }
}

export const weight = (photos) => photos.reduce((sum, photo) => sum + photo.size, 0);

// "" | "warn" | "full": full means that photos are no longer taken, only words.
export function pressure(bytes, apple = isApple) {
  if (apple && bytes >= FULL_BYTES) return "full";
  return bytes >= WARN_BYTES ? "warn" : "";
}

export async function tight(bytes) {
  if (!(navigator.storage && navigator.storage.estimate)) return false;
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota - usage < 20e6 && bytes > 0;
  } catch {
    return false;
  }
}

// What stands in the way of working offline, as a sentence; "" when nothing does.
export function lacking() {
  if (!("indexedDB" in window)) return say("no_database");
  if (!window.isSecureContext) return say("not_secure");
  return "serviceWorker" in navigator ? "" : say("no_worker");
}

// The first worker takes the open page over a moment after it is ready.
export function controlled() {
  if (navigator.serviceWorker.controller) return null;
  return new Promise((done) => {
    navigator.serviceWorker.addEventListener("controllerchange", done, { once: true });
    setTimeout(done, 5_000);
  });
}
