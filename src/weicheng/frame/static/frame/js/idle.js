// Two minutes before an idle session ends, a note offers to go on; one tap asks the server, nothing typed is lost.
const place = document.querySelector("[data-idle]");
const limit = Number(place?.dataset.idle) || 0;
const WARN = 120;
let clock = 0;

function warn() {
  const note = document.createElement("div");
  note.className = "toast";
  note.setAttribute("role", "alert");
  const words = document.createElement("span");
  words.textContent = place.dataset.idleWords;
  const button = document.createElement("button");
  button.className = "button";
  button.type = "button";
  button.textContent = place.dataset.idleButton;
  button.addEventListener("click", () => {
    fetch(window.location.href, { method: "HEAD", cache: "no-store" }).then(start, start);
    note.remove();
  });
  note.append(words, button);
  document.getElementById("toasts")?.append(note);
}

function start() {
  clearTimeout(clock);
  if (limit > WARN) clock = setTimeout(warn, (limit - WARN) * 1000);
}
document.addEventListener("htmx:afterRequest", start);
start();
