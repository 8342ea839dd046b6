// The service worker of /field/. The server puts SETTINGS = {version, page, shell} before these lines.
// It keeps the page, its modules and the pictures "before"; what is sent is never kept here, nor is the pack,
// which lies in the database of its reader. The kept page and the kept modules are of one version: the page
// says its own in a header.
/* global SETTINGS */
const SHELL = `weicheng-field-shell-${SETTINGS.version}`;
const PICTURES = "weicheng-field-pictures";
const PATIENCE = 4000;
const MOST_PICTURES = 500; // a bound: the page itself removes what its pack does not name
const VERSION = "X-Field-Version";

async function take(cache, address) {
  const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin" });
  const isOther = address === SETTINGS.page && answer.headers.get(VERSION) !== SETTINGS.version;
  if (!answer.ok || answer.redirected || isOther) throw new Error(`${answer.status} ${address}`);
  await cache.put(address, answer);
}

self.addEventListener("install", (event) => {
  const all = caches.open(SHELL).then((cache) => Promise.all(SETTINGS.shell.map((address) => take(cache, address))));
  event.waitUntil(all.then(() => self.skipWaiting()));
});

async function clean() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("weicheng-field-shell-") && name !== SHELL);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}
self.addEventListener("activate", (event) => event.waitUntil(clean()));

function later() {
  return new Promise((_, refuse) => setTimeout(() => refuse(new Error("slow")), PATIENCE));
}

// The page: from the server when it answers soon with the page, else the kept one: also where the session has
// ended or the person does other work by now, since what waits here must find its way. A page of another version
// is shown and not kept; its own worker keeps it with the modules it names.
async function page(request) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match(SETTINGS.page);
  const fresh = fetch(request).then((answer) => {
    if (answer.ok && answer.headers.get(VERSION) === SETTINGS.version) cache.put(SETTINGS.page, answer.clone());
    return answer;
  });
  if (!kept) return fresh;
  fresh.catch(() => {});
  try {
    const answer = await Promise.race([fresh, later()]);
    return answer.ok && answer.headers.get(VERSION) ? answer : kept;
  } catch {
    return kept;
  }
}

async function keptFirst(request, name) {
  const cache = await caches.open(name);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok && answer.type === "basic" && !answer.redirected) {
    await cache.put(request, answer.clone());
    if (name === PICTURES) trim(cache);
  }
  return answer;
}

async function trim(cache) {
  const keys = await cache.keys();
  for (const key of keys.slice(0, Math.max(0, keys.length - MOST_PICTURES))) await cache.delete(key);
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  const plain = address.pathname + address.search;
  if (request.mode === "navigate") {
    if (address.pathname === SETTINGS.page) event.respondWith(page(request));
  } else if (plain !== SETTINGS.page && SETTINGS.shell.includes(plain)) event.respondWith(keptFirst(request, SHELL));
  else if (address.pathname.startsWith("/evidence/")) event.respondWith(keptFirst(request, PICTURES));
});

// Background Sync, where a browser has it: an open page is told to send what waits.
async function wake() {
  const pages = await self.clients.matchAll({ type: "window" });
  for (const client of pages) client.postMessage({ sort: "send" });
}
self.addEventListener("sync", (event) => {
  if (event.tag === "weicheng-field-send") event.waitUntil(wake());
});
