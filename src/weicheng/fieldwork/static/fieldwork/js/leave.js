// Stands at the log-out of every page: as long as this browser holds unsent work of this person, logging out
// is refused with a sentence. After a log-out nothing of that person stays here. The server empties the browser's
// storage only when it is told here that nothing of anybody waits in it; without this module it keeps all.
const person = document.body.dataset.user;
const NAME = `weicheng-field-${person}`;
const MARK = "weicheng-field-unsent:";

function words() {
  try {
    return JSON.parse(localStorage.getItem("weicheng-field-leave")) || {};
  } catch {
    return {};
  }
}

// The database, null where there is none. What cannot be opened may hold anything.
function opened(name) {
  return new Promise((done, refuse) => {
    const asked = indexedDB.open(name);
    let absent = false;
    asked.onupgradeneeded = () => {
      absent = true; // make none
      asked.transaction.abort();
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => (absent && asked.error.name === "AbortError" ? done(null) : refuse(asked.error));
    asked.onblocked = () => refuse(new Error("blocked"));
  });
}

// How many acts, or else loose photos, lie unsent in one database; Infinity where it cannot be read.
async function waitingIn(name) {
  let db = null;
  try {
    db = await opened(name);
    if (!db) return 0;
    return await new Promise((done) => {
      const work = db.transaction(["acts", "photos"]);
      const acts = work.objectStore("acts").count();
      const photos = work.objectStore("photos").count();
      work.oncomplete = () => done(acts.result || photos.result);
      work.onerror = () => done(Infinity);
    });
  } catch {
    return Infinity;
  } finally {
    if (db) db.close();
  }
}

// How much of this person lies unsent here.
export async function unsent() {
  return person && "indexedDB" in window ? waitingIn(NAME) : 0;
}

// How much waited when the field program last counted; 0 where it left no mark.
function marked() {
  try {
    return Number(localStorage.getItem(`${MARK}${person}`)) || 0;
  } catch {
    return 0;
  }
}

async function clean() {
  localStorage.removeItem("weicheng-field-user");
  localStorage.removeItem(`${MARK}${person}`);
  for (const mark of ["unsent", "kept"]) document.cookie = `weicheng_field_${mark}=; path=/field/; max-age=0`;
  indexedDB.deleteDatabase(NAME);
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) if (name.startsWith("weicheng-field-")) await caches.delete(name);
}

// The databases of others: by name where the browser tells, and by the marks that they left.
async function others() {
  const told = indexedDB.databases ? (await indexedDB.databases()).map((one) => one.name) : [];
  const marked = Object.keys(localStorage).filter((key) => key.startsWith(MARK) && Number(localStorage.getItem(key)) > 0);
  const names = new Set([...told, ...marked.map((key) => `weicheng-field-${key.slice(MARK.length)}`)]);
  return [...names].filter((name) => name.startsWith("weicheng-field-") && name !== NAME);
}

// Whether nothing of anybody waits in this browser; in doubt something does.
async function nothingWaits() {
  try {
    for (const name of await others()) if (await waitingIn(name)) return false;
    return (await unsent()) === 0;
  } catch {
    return false;
  }
}

function clearStorage(form) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "clear_storage";
  field.value = "1";
  form.append(field);
}

function refuse(form, n) {
  const told = words();
  const note = document.createElement("p");
  note.className = "note note-warn";
  note.setAttribute("role", "alert");
  note.tabIndex = -1;
  note.append((told.sentence || "{n}").replace("{n}", String(n)), " ");
  const link = document.createElement("a");
  link.href = told.page || "/field/";
  link.textContent = told.link || link.href;
  note.append(link);
  document.querySelectorAll("[data-leave-note]").forEach((old) => old.remove());
  note.dataset.leaveNote = "";
  form.after(note);
  note.focus();
}

const allowed = new WeakSet();
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!new URL(form.action, location.href).pathname.endsWith("/logout/") || allowed.has(form)) return;
  event.preventDefault();
  const n = await unsent();
  const waits = Number.isFinite(n) ? n : marked();
  if (waits) return refuse(form, waits);
  allowed.add(form);
  if (await nothingWaits()) clearStorage(form);
  if (n === 0) await clean();
  form.submit();
});
