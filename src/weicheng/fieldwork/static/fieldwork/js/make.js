// Small builders of page pieces; text goes in as text, never as markup.
const sheet = document.body.dataset.icons;
const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("class", "icon");
  drawn.setAttribute("aria-hidden", "true");
  drawn.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${sheet}#i-${name}`);
  drawn.append(use);
  return drawn;
}

// make("li", {class: "row", onclick}, "words", node): properties that begin with "on" become listeners.
export function make(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child || child === 0));
  return made;
}

export const find = (name, root = document) => root.querySelector(`[data-${name}]`);

export function write(name, words) {
  const place = find(name);
  if (place && place.textContent !== words) place.textContent = words;
}

export function openSheet(name) {
  const dialog = document.getElementById(name);
  if (dialog.open) return dialog;
  if (dialog.showModal) dialog.showModal();
  else dialog.setAttribute("open", "");
  return dialog;
}

export function closeSheet(name) {
  const dialog = document.getElementById(name);
  if (dialog.close && dialog.open) dialog.close();
  else dialog.removeAttribute("open");
}
