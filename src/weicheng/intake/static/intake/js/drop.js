// Boxes that files are dropped into: whole folders too; says how many were chosen and that they are on their way.
const boxes = document.querySelectorAll("[data-drop]");

async function entriesOf(entry) {
  if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
  const reader = entry.createReader();
  const found = [];
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) break;
    for (const one of some) found.push(...(await entriesOf(one)));
  }
  return found;
}

async function filesOf(transfer) {
  const entries = [...(transfer.items || [])].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  const found = [];
  for (const entry of entries) found.push(...(await entriesOf(entry)));
  return found;
}

function tell(box) {
  const n = [...box.querySelectorAll("input[type=file]")].reduce((sum, input) => sum + input.files.length, 0);
  const place = box.querySelector(".chosen");
  const names = [...box.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files].map((file) => file.name));
  const listed = names.slice(0, 3).join(box.dataset.joiner || "、");
  if (place) place.textContent = n ? `${box.dataset.chosen.replace("{n}", n)}：${listed}${n > 3 ? "…" : ""}` : "";
}

function add(input, files) {
  const all = new DataTransfer();
  for (const file of [...input.files, ...files]) all.items.add(file);
  input.files = all.files;
}

for (const box of boxes) {
  for (const button of box.querySelectorAll("[data-smart]")) {
    button.hidden = false;
    document.getElementById(button.htmlFor)?.classList.add("is-behind");
  }
  const input = box.querySelector("input[type=file]");
  box.addEventListener("dragover", (event) => {
    event.preventDefault();
    box.classList.add("is-over");
  });
  box.addEventListener("dragleave", (event) => {
    if (!box.contains(event.relatedTarget)) box.classList.remove("is-over");
  });
  box.addEventListener("drop", async (event) => {
    event.preventDefault();
    box.classList.remove("is-over");
    add(input, await filesOf(event.dataTransfer));
    tell(box);
  });
  box.addEventListener("change", () => tell(box));
  box.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (!files.length) return;
    event.preventDefault();
    add(input, files);
    tell(box);
  });
}

for (const form of document.querySelectorAll("form[data-sending]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button.button-primary");
    if (!button) return;
    button.textContent = form.dataset.sending;
    setTimeout(() => { button.disabled = true; });
  });
}
