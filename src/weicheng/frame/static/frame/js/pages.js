// What every page does: htmx carries the CSRF token, the box of errors takes the focus, Ctrl K searches.
const token = document.querySelector('meta[name="csrf"]')?.content ?? "";

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token;
});

// A fragment with a box of errors or marked data-focus takes the focus after it arrives.
function focusIn(root) {
  const target = root.querySelector?.(".wrong-box, [data-focus]");
  if (target) target.focus();
}
document.addEventListener("htmx:afterSettle", (event) => focusIn(event.detail.elt));
focusIn(document);

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    const box = document.querySelector("[data-search]");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  }
});

// A form marked data-once is sent once: the second tap of an impatient thumb does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "1";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once]")) delete form.dataset.sent;
});
