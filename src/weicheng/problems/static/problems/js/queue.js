// Keys of the queue: J and K walk, A passes, R goes to the reasons; and 全选 for the bulk form.
const cards = [...document.querySelectorAll("[data-check]")];
let here = 0;

function go(to) {
  if (!cards.length) return;
  cards[here]?.classList.remove("is-chosen");
  here = Math.min(Math.max(to, 0), cards.length - 1);
  cards[here].classList.add("is-chosen");
  cards[here].focus({ preventScroll: true });
  cards[here].scrollIntoView({ block: "nearest" });
}

function typing(target) {
  return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const key = event.key.toLowerCase();
  if (key === "j") go(here + 1);
  if (key === "k") go(here - 1);
  if (key === "a") cards[here]?.querySelector("[data-pass]")?.click();
  if (key === "r") cards[here]?.querySelector("[data-back]")?.focus();
});

for (const all of document.querySelectorAll("[data-all]")) {
  all.hidden = false;
  all.addEventListener("click", () => {
    const ticks = [...all.closest("form").querySelectorAll('input[name="chosen"]')];
    const every = ticks.every((tick) => tick.checked);
    for (const tick of ticks) tick.checked = !every;
  });
}
