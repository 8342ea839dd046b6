// The service worker of /field/. The server puts SETTINGS = {version, page, shell, login} before these lines.
// It keeps the page, its modules and the pictures "before"; what is sent is never kept here, nor is the pack,
// which lies in the database of its reader.
/* global SETTINGS */
const SHELL = `weicheng-field-shell-${SETTINGS.version}`;
const PICTURES = "weicheng-field-pictures";
const PATIENCE = 4000;
const MOST_PICTURES = 200;

async function take(cache, address) {
  const answer = await fetch(address, { cache: "no-cache", credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${address}`);
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

// The page: from the server when it answers soon, else the kept one. A kept page is also shown where the
// session has ended: the camera goes on, and the page itself asks for the log-in.
async function page(request) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match(SETTINGS.page);
  const fresh = fetch(request).then((answer) => {
    if (answer.ok && answer.type === "basic" && !answer.redirected) cache.put(SETTINGS.page, answer.clone());
    return answer;
  });
  if (!kept) return fresh;
  fresh.catch(() => {});
  try {
    const answer = await Promise.race([fresh, later()]);
    return answer.type === "opaqueredirect" || answer.status >= 500 ? kept : answer;
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
