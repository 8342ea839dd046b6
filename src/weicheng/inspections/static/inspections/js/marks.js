// The grid of marks: Enter goes to the next field, a mark that is none is marked at once.
const form = document.querySelector("[data-marks]");

function isMark(text) {
  const plain = text.trim().replace(/[０-９]/g, (d) => String.fromCharCode(d.charCodeAt(0) - 0xfee0)).replace("．", ".");
  return plain === "" || (/^\d{1,3}(\.\d)?$/.test(plain) && Number(plain) <= 100);
}

if (form) {
  const fields = [...form.querySelectorAll(".observing-mark")];
  form.addEventListener("keydown", (event) => {
    const at = fields.indexOf(event.target);
    if (event.key !== "Enter" || at < 0) return;
    event.preventDefault();
    const next = fields[at + 1];
    if (next) {
      next.focus();
      next.select();
    } else {
      form.querySelector("button").focus();
    }
  });
  form.addEventListener("input", (event) => {
    if (fields.includes(event.target)) {
      const wrong = !isMark(event.target.value);
      event.target.classList.toggle("is-wrong", wrong);
      event.target.setAttribute("aria-invalid", String(wrong));
    }
  });
}
