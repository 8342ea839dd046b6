// Shows the chosen pictures at once, before they are sent.
const made = new WeakMap();

function show(input) {
  const field = input.closest("[data-photos-field]");
  const place = field?.querySelector("[data-shots]");
  if (!place) return;
  (made.get(input) || []).forEach((address) => URL.revokeObjectURL(address));
  const addresses = [];
  place.replaceChildren();
  for (const file of [...input.files].slice(0, 9)) {
    const address = URL.createObjectURL(file);
    addresses.push(address);
    const picture = new Image();
    picture.className = "picture";
    picture.src = address;
    picture.alt = place.dataset.alt || "";
    const holder = document.createElement(place.tagName === "UL" ? "li" : "span");
    holder.append(picture);
    if (place.tagName === "UL" || !place.children.length) place.append(holder.tagName === "LI" ? holder : picture);
  }
  made.set(input, addresses);
  field.classList.toggle("has-shot", addresses.length > 0);
  const words = field.querySelector("[data-shoot-words]");
  if (words && addresses.length) words.textContent = words.dataset.again;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-photos]")) show(event.target);
});
for (const kept of document.querySelectorAll(".shoot-after .kept")) kept.parentNode.classList.add("has-shot");
