// Plus and minus beside a number; without JavaScript the number is typed.
for (const button of document.querySelectorAll("[data-step]")) {
  button.hidden = false;
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const field = document.getElementById(button.dataset.for);
    const now = Number.parseInt(field.value, 10) || 0;
    field.value = String(Math.max(0, now + Number(button.dataset.step)));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
}
