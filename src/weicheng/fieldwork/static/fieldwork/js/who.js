// Whose program this is. The page may be a kept copy of somebody else's: what was noted last on this phone counts,
// by the server's time of the page, of the last pack, and of the last log-in.
import { say } from "./text.js";

const KEY = "weicheng-field-user";
const COOKIE = "weicheng_signed_in=";

function noted() {
  const told = document.cookie.split("; ").find((pair) => pair.startsWith(COOKIE));
  const [id, at] = told ? told.slice(COOKIE.length).split(".") : ["", ""];
  return { id, at: Number(at) };
}

function packed() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) || "{}");
    return { id: kept.id || "", at: Date.parse(kept.at) };
  } catch {
    return { id: "", at: 0 }; // no storage: the page is right
  }
}

export function person() {
  const { user, made } = document.body.dataset;
  const page = { id: user, at: Date.parse(made) };
  return [noted(), packed()].reduce((best, one) => (one.id && one.at > best.at ? one : best), page).id;
}

// What a log-out on any other page says as long as something waits here (leave.js).
export function rememberLeave(addresses) {
  const leave = { sentence: say("leave_refused", { n: "{n}" }), link: say("leave_link"), page: addresses.page };
  try {
    localStorage.setItem("weicheng-field-leave", JSON.stringify(leave));
  } catch {
    // private windows: the log-out shows the number and the link alone
  }
}

export function rememberPerson(pack) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ id: String(pack.user.id), at: pack.server_now }));
  } catch {
    // private windows: nothing to compare with at the next start
  }
}
