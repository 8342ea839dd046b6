// Pictures "before" that the pack names lie on the phone, so that they are there in the alley; others go.
import { PICTURES } from "./store.js";

const MOST = 300;

const ofDoubts = (row) => (row.doubts || []).flatMap((doubt) => [doubt.photo, doubt.twin]);

// What the pack names, what is looked at first standing first.
export function named(pack) {
  const repairs = [...pack.accept, ...(pack.look_backs || [])];
  const stops = pack.routes.flatMap((route) => route.stops || []).flatMap((stop) => stop.open || []);
  const all = [...repairs.map((row) => row.photo), ...stops.map((row) => row.photo), ...repairs.flatMap(ofDoubts)];
  return [...new Set(all.filter(Boolean))].slice(0, MOST);
}

let before = Promise.resolve();

// Fetches what is not here yet; the worker keeps it. One at a time: a thin line has other work, too.
export function warm(pack) {
  before = before.then(() => fetched(pack)).catch(() => {});
  return before;
}

async function fetched(pack) {
  if (!("caches" in window) || !navigator.serviceWorker.controller) return;
  const cache = await caches.open(PICTURES);
  const wanted = new Set(named(pack).map((address) => new URL(address, location.href).href));
  const kept = await cache.keys();
  for (const request of kept) if (!wanted.has(request.url)) await cache.delete(request);
  for (const request of kept) wanted.delete(request.url);
  for (const address of wanted) await fetch(address).catch(() => {});
}
