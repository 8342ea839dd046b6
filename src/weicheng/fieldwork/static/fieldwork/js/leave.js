// Stands at the log-out of every page: as long as this browser holds unsent work of this person, logging out
// is refused with a sentence. After a log-out nothing of that person stays here.
const person = document.body.dataset.user;
const NAME = `weicheng-field-${person}`;

function words() {
  try {
    return JSON.parse(localStorage.getItem("weicheng-field-leave")) || {};
  } catch {
    return {};
  }
}

function opened() {
  return new Promise((done) => {
    const asked = indexedDB.open(NAME);
    asked.onupgradeneeded = () => asked.transaction.abort(); // it was not there: make none
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => done(null);
    asked.onblocked = () => done(null);
  });
}

// How many acts and loose photos lie unsent.
export async function unsent() {
  if (!person || !("indexedDB" in window)) return 0;
  const db = await opened();
  if (!db) return 0;
  try {
    return await new Promise((done) => {
      const work = db.transaction(["acts", "photos"]);
      const acts = work.objectStore("acts").count();
      const photos = work.objectStore("photos").count();
      work.oncomplete = () => done(acts.result || photos.result);
      work.onerror = () => done(0);
    });
  } finally {
    db.close();
  }
}

async function clean() {
  localStorage.removeItem("weicheng-field-user");
  localStorage.removeItem(`weicheng-field-unsent:${person}`);
  for (const mark of ["unsent", "kept"]) document.cookie = `weicheng_field_${mark}=; path=/field/; max-age=0`;
  indexedDB.deleteDatabase(NAME);
  if (!("caches" in window)) return;
  for (const name of await caches.keys()) if (name.startsWith("weicheng-field-")) await caches.delete(name);
}

// Whether somebody else's work lies unsent in this browser: then the server must not empty its storage.
function othersWork() {
  const mine = `weicheng-field-unsent:${person}`;
  const names = Object.keys(localStorage).filter((name) => name.startsWith("weicheng-field-unsent:") && name !== mine);
  return names.some((name) => Number(localStorage.getItem(name)) > 0);
}

function keepStorage(form) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "keep_storage";
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
  if (n) return refuse(form, n);
  allowed.add(form);
  await clean();
  if (othersWork()) keepStorage(form);
  form.submit();
});
