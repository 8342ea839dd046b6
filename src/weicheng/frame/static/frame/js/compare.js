// Before and after in one picture: the range input moves the edge, by finger, mouse or arrow keys.
function follow(slider) {
  slider.closest(".compare").style.setProperty("--at", `${slider.value}%`);
}
document.addEventListener("input", (event) => {
  if (event.target.matches(".compare input[type=range]")) follow(event.target);
});
const all = () => document.querySelectorAll(".compare input[type=range]").forEach(follow);
document.addEventListener("htmx:afterSettle", all);
all();
