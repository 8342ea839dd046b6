// Keys of a list page: J and K walk through [data-row], Enter opens the row, ? opens the help dialog,
// and any element with data-key="d" is pressed by its key. Nothing happens while somebody types.
const rows = () => [...document.querySelectorAll("[data-row]")];

function typing(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function chosen(list) {
  const focused = document.activeElement?.closest?.("[data-row]");
  if (focused) return list.indexOf(focused);
  return list.findIndex((row) => row.classList.contains("is-chosen"));
}

function walk(step) {
  const list = rows();
  if (!list.length) return;
  const next = Math.min(Math.max(chosen(list) + step, 0), list.length - 1);
  const row = list[next];
  const target = row.matches("a, button") ? row : row.querySelector("a, button") || row;
  target.focus();
  target.scrollIntoView({ block: "nearest" });
  if (row.hasAttribute("data-row-click")) target.click();
}

function help() {
  const dialog = document.getElementById("keys-help");
  if (!dialog?.showModal) return;
  if (dialog.open) dialog.close();
  else dialog.showModal();
}

function press(key) {
  const pressed = document.querySelector(`[data-key="${CSS.escape(key)}"]:not([disabled])`);
  pressed?.focus();
  pressed?.click();
  return Boolean(pressed);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "?") return help();
  if (document.querySelector("dialog[open]")) return;
  if (key === "j" || key === "k") {
    event.preventDefault();
    walk(key === "j" ? 1 : -1);
    return;
  }
  if (document.querySelector("[data-row].htmx-request")) waiting = key;
  else if (press(key)) event.preventDefault();
});

// A key pressed while the next row is still on its way is meant for that row, not for the one shown.
let waiting = "";
document.addEventListener("htmx:afterRequest", (event) => {
  if (!event.detail.successful) waiting = "";
});
document.addEventListener("htmx:afterSettle", () => {
  const key = waiting;
  waiting = "";
  if (key) press(key);
});
