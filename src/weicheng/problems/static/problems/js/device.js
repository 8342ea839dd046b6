// Tells the server what the device's clock shows, so that a wrong clock is seen beside the server's time.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  let field = form.querySelector('input[name="device_ms"]');
  if (!field) {
    field = document.createElement("input");
    field.type = "hidden";
    field.name = "device_ms";
    form.append(field);
  }
  field.value = String(Date.now());
});
