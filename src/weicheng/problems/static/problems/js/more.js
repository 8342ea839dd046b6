// A link to a closed <details> opens it, and the focus goes to its summary.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  const target = link && document.getElementById(link.hash.slice(1));
  if (!target || target.tagName !== "DETAILS") return;
  event.preventDefault();
  target.open = true;
  target.querySelector("summary").focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
});

// Somebody who came for it from another page finds it open.
const wanted = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
if (wanted && wanted.tagName === "DETAILS") wanted.open = true;
