// Puts the kinds that fit the words in front while somebody writes.
const field = document.querySelector("[data-kinds]");
const words = document.getElementById("id_description");
if (field && words) {
  const first = field.querySelector("[data-kinds-first]");
  let waiting = 0;
  const bring = (keys) => {
    for (const key of [...keys].reverse()) {
      const radio = document.getElementById(`kind-${key}`);
      const label = radio && field.querySelector(`label[for="${radio.id}"]`);
      if (!label) continue;
      first.prepend(radio, label);
    }
    const none = !field.querySelector('input[name="kind"]:checked') || field.dataset.proposed;
    const best = keys.length && document.getElementById(`kind-${keys[0]}`);
    if (best && none) {
      best.checked = true;
      field.dataset.proposed = "1";
    }
  };
  field.addEventListener("change", () => delete field.dataset.proposed);
  words.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const answer = await fetch(`${field.dataset.lookup}?${new URLSearchParams({ q: words.value })}`);
      if (answer.ok) bring((await answer.json()).kinds);
    }, 350);
  });
}
