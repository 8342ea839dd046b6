// Fills a field by one tap on a proposal, and lists persons while a name is typed.
for (const button of document.querySelectorAll("[data-fills]")) {
  button.hidden = false;
  button.parentNode.querySelectorAll("[data-plain]").forEach((plain) => (plain.hidden = true));
  button.addEventListener("click", () => {
    const field = document.getElementById(button.dataset.fills);
    field.value = button.dataset.value;
    field.focus();
  });
}

const person = document.querySelector("[data-lookup][data-persons]");
const list = document.getElementById("persons");
let waiting = 0;

async function look() {
  const unit = document.getElementById("id_behalf_unit");
  const query = new URLSearchParams({ q: person.value.split("（")[0].trim(), unit: unit ? unit.value : "" });
  const answer = await fetch(`${person.dataset.lookup}?${query}`, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { persons } = await answer.json();
  list.replaceChildren(
    ...persons.map((name) => {
      const option = document.createElement("option");
      option.value = name;
      return option;
    }),
  );
}

if (person && list) {
  for (const name of ["input", "focus"]) {
    person.addEventListener(name, () => {
      clearTimeout(waiting);
      waiting = setTimeout(look, 200);
    });
  }
}
