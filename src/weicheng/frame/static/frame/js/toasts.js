// Notes with a way back: counts the seconds down, then takes the note away. It waits while it has the focus.
function start(toast) {
  if (toast.dataset.started) return;
  toast.dataset.started = "1";
  let left = Number(toast.dataset.seconds) || 10;
  const place = toast.querySelector(".left");
  const show = () => {
    if (place) place.textContent = (toast.dataset.left || "{n}").replace("{n}", left);
  };
  show();
  const clock = setInterval(() => {
    if (!toast.isConnected) return clearInterval(clock);
    if (left > 1) {
      left -= 1;
      return show();
    }
    if (!toast.contains(document.activeElement)) {
      clearInterval(clock);
      toast.remove();
    }
  }, 1000);
}

function startAll() {
  document.querySelectorAll(".toast[data-seconds]").forEach(start);
}
document.addEventListener("htmx:afterSettle", startAll);
document.addEventListener("htmx:oobAfterSwap", startAll);
startAll();
