// Leads by keyboard: 1–3 choose the proposed kind, C another, F files, 0 says it is not the campaign's,
// Enter does what is proposed or chosen, X then a number sets aside;
// the opened row is marked, ticks are counted, filters apply at once, places are suggested while typing.
const one = (selector, root = document) => root.querySelector(selector);

function typing(target) {
  return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
    (target.tagName === "INPUT" && !/^(radio|checkbox|button|submit)$/.test(target.type));
}

function number(key) {
  const aside = one("[data-aside][open]");
  const target = aside ? one(`[data-reason="${key}"]`, aside) : one(`[data-number="${key}"]`);
  if (!target) return false;
  if (aside) target.click();
  else {
    target.checked = true;
    const other = one("[data-other]");
    if (other) other.value = "";
  }
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const other = one("[data-other]");
  if (event.target === other && event.key === "Enter" && other.value) {
    event.preventDefault();
    one("[data-files]")?.click();
    return;
  }
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (typing(event.target) || one("dialog[open]")) return;
  if (/^[1-9]$/.test(event.key) && number(event.key)) return event.preventDefault();
  if (event.key.toLowerCase() === "c" && other) {
    event.preventDefault();
    other.focus();
    return;
  }
  // The frame's keys rest while a tick or a radio has the focus; here they go on.
  if (event.target.matches("input[type=checkbox], input[type=radio]")) {
    const pressed = one(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (pressed) {
      event.preventDefault();
      pressed.click();
      return;
    }
  }
  if (event.key === "Enter" && (event.target === document.body || event.target.closest("[data-row], #main, input[type=radio]"))) {
    if (event.target.closest("button, summary, a:not([data-row])")) return;
    const chosen = one("[data-number]:checked") || one("[data-other]")?.value;
    const button = (!chosen && one("[data-answer]")) || one("[data-files]");
    if (button) {
      event.preventDefault();
      button.click();
    }
  }
});

document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=radio][data-number]")) {
    const other = one("[data-other]");
    if (other) other.value = "";
    event.target.blur();
  }
  if (event.target.matches("[data-other]")) {
    const first = one("[data-number]:checked");
    if (first && event.target.value) first.checked = false;
  }
  const form = event.target.closest("form[data-auto]");
  if (form && event.target.tagName === "SELECT") form.requestSubmit();
  const all = event.target.closest("[data-tick-all]");
  if (all) for (const box of ticks(all.dataset.tickAll)) box.checked = all.checked;
  count();
});

const ticks = (name) => [...document.querySelectorAll(`input[type=checkbox][name="${name}"]:not(:disabled)`)];

function count() {
  for (const place of document.querySelectorAll("[data-ticked]")) {
    const n = ticks(place.dataset.ticked).filter((box) => box.checked).length;
    place.textContent = n ? place.dataset.words.replace("{n}", n) : "";
  }
}

function settle() {
  for (const all of document.querySelectorAll("[data-tick-all]")) {
    all.closest("label").hidden = false;
    all.checked = ticks(all.dataset.tickAll).every((box) => box.checked);
  }
  for (const folder of document.querySelectorAll("[data-folder]")) folder.hidden = false;
  count();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-open-drop]")) {
    const box = document.getElementById("chat-drop");
    if (box) {
      event.preventDefault();
      box.open = !box.open;
      if (box.open) one("textarea", box)?.focus();
    }
    return;
  }
  const row = event.target.closest("a[data-row]");
  if (!row || event.ctrlKey || event.metaKey) return;
  for (const each of document.querySelectorAll("a[data-row]")) {
    each.classList.toggle("is-chosen", each === row);
    if (each === row) each.setAttribute("aria-current", "true");
    else each.removeAttribute("aria-current");
  }
  const desk = document.getElementById("desk");
  if (desk && !desk.classList.contains("is-open")) {
    desk.classList.add("is-open");
    window.scrollTo(0, 0);
  }
});

let waiting = 0;
document.addEventListener("input", (event) => {
  const input = event.target.closest("[data-places]");
  if (!input) return;
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const list = document.getElementById(input.getAttribute("list"));
    if (!list || !input.value.trim()) return;
    const answer = await fetch(`${input.dataset.places}?q=${encodeURIComponent(input.value.trim())}`);
    if (!answer.ok) return;
    const { places } = await answer.json();
    list.replaceChildren(...places.map((place) => {
      const option = document.createElement("option");
      option.value = place.name;
      option.label = place.where;
      return option;
    }));
  }, 200);
});

document.addEventListener("htmx:afterSettle", settle);
settle();
