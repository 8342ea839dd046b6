// The workbench: the row that was opened is marked, a tap on all ticks every row, a typed-over field is selected whole.
document.addEventListener("click", (event) => {
  const row = event.target.closest("a[data-row]");
  if (!row || event.ctrlKey || event.metaKey) return;
  for (const other of document.querySelectorAll("a[data-row]")) {
    other.classList.toggle("is-chosen", other === row);
    if (other === row) other.setAttribute("aria-current", "true");
    else other.removeAttribute("aria-current");
  }
  const desk = document.getElementById("desk");
  if (desk && !desk.classList.contains("is-open")) {
    desk.classList.add("is-open");
    window.scrollTo(0, 0);
  }
});

document.addEventListener("focusin", (event) => {
  if (event.target.matches("input[data-select]")) event.target.select();
});

const boxes = (name) => [...document.querySelectorAll(`input[type=checkbox][name="${name}"]:not(:disabled)`)];

function count() {
  for (const place of document.querySelectorAll("[data-ticked]")) {
    const n = boxes(place.dataset.ticked).filter((box) => box.checked).length;
    place.textContent = n ? place.dataset.words.replace("{n}", n) : "";
  }
}

function showAll() {
  for (const all of document.querySelectorAll("[data-tick-all]")) all.closest("label").hidden = false;
  count();
}

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-tick-all]");
  if (all) for (const box of boxes(all.dataset.tickAll)) box.checked = all.checked;
  count();
});
document.addEventListener("htmx:afterSettle", showAll);
showAll();
