// Finds a site by a few characters or pinyin initials; a tap takes it with its region.
const box = document.querySelector("[data-place]");
if (box) {
  const text = box.querySelector("[data-place-text]");
  const found = box.querySelector("[data-found]");
  const site = box.querySelector('input[name="site"]');
  const region = box.querySelector('select[name="region"]');
  const where = box.querySelector("[data-region-box]");
  let waiting = 0;

  const take = ({ id, name, region: inside }) => {
    text.value = name;
    site.value = id;
    if (region) region.value = inside;
    if (where) where.hidden = true;
    found.hidden = true;
  };
  const draw = (places) => {
    found.replaceChildren(
      ...places.map((place) => {
        const button = document.createElement("button");
        button.type = "button";
        button.append(place.name);
        const where = document.createElement("span");
        where.textContent = place.where;
        button.append(where);
        button.addEventListener("click", () => take(place));
        const item = document.createElement("li");
        item.append(button);
        return item;
      }),
    );
    found.hidden = places.length === 0;
  };
  const look = async () => {
    const query = text.value.trim();
    if (!query) return draw([]);
    const answer = await fetch(`${box.dataset.lookup}?${new URLSearchParams({ q: query })}`);
    if (!answer.ok || query !== text.value.trim()) return;
    const { places } = await answer.json();
    draw(places);
    if (where) where.hidden = places.length > 0; // nothing of that name: only a person can say
  };
  text.addEventListener("input", () => {
    site.value = "";
    clearTimeout(waiting);
    waiting = setTimeout(look, 180);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "Escape") found.hidden = true;
    if (event.key === "ArrowDown" && !found.hidden) {
      event.preventDefault();
      found.querySelector("button")?.focus();
    }
  });
  found.addEventListener("keydown", (event) => {
    const buttons = [...found.querySelectorAll("button")];
    const here = buttons.indexOf(document.activeElement);
    if (event.key === "ArrowDown") buttons[Math.min(here + 1, buttons.length - 1)]?.focus();
    if (event.key === "ArrowUp") (here > 0 ? buttons[here - 1] : text).focus();
    if (event.key === "Escape") {
      found.hidden = true;
      text.focus();
    }
    if (event.key.startsWith("Arrow")) event.preventDefault();
  });
  for (const button of box.querySelectorAll("[data-site]")) {
    button.hidden = false;
    button.addEventListener("click", () =>
      take({ id: button.dataset.site, name: button.dataset.name, region: button.dataset.region }),
    );
  }
}
