// Repairs to be looked at near here, each with its picture "before": 已改 or 未改, then the shutter.
import { closeSheet, find, icon, make, openSheet } from "./make.js";
import { farOf } from "./places.js";
import { say } from "./text.js";

const ANSWERS = { accept: ["fixed", "not_fixed"], look_back: ["held", "relapsed"] };
const NEAR = 300;

export class Repairs {
  constructor(flow, changed) {
    Object.assign(this, { flow, changed });
  }

  // The card over the viewfinder: the nearest repair, where one is near.
  draw() {
    const rows = this.flow.waiting();
    const card = find("near");
    const [first] = rows;
    const sealed = this.flow.route && this.flow.route.sealed;
    const busy = this.flow.mode || this.flow.saved || this.flow.tray.length || sealed;
    card.hidden = !first || Boolean(busy);
    find("near-count").textContent = rows.length ? String(rows.length) : "";
    if (card.hidden) return;
    const near = rows.filter((row) => row.away <= NEAR);
    const words = near.length ? say("near_here", { away: farOf(first.away), n: near.length }) : say("to_look_at", { n: rows.length });
    find("near-words").textContent = words;
    picture(find("near-picture"), first);
  }

  open() {
    const rows = this.flow.waiting().slice(0, 40);
    find("repairs").replaceChildren(...rows.map((row) => this.row(row)));
    find("no-repairs").hidden = rows.length > 0;
    openSheet("near-list");
  }

  row(row) {
    const shown = make("img", { class: "before", loading: "lazy", alt: say("before_of", { title: row.title }), width: 320, height: 200 });
    picture(shown, row);
    const about = [row.away < 1e6 ? farOf(row.away) : "", row.number, Number.isInteger(row.day) ? say("after_days", { n: row.day }) : ""];
    const sort = row.look_back ? "look_back" : "accept";
    const answers = ANSWERS[sort].map((result, place) => make(
      "button", { type: "button", class: place ? "answer" : "answer is-good", "data-answer": result, onclick: () => this.take(row, result) }, say(result),
    ));
    return make(
      "li", {}, shown, make("p", {}, make("b", {}, row.title), make("small", {}, about.filter(Boolean).join("　"))),
      ...doubtsOf(row), make("div", { class: "answers" }, ...answers),
    );
  }

  take(row, result) {
    closeSheet("near-list");
    this.flow.settle();
    this.flow.mode = { row, result };
    this.changed();
    find("shutter").focus();
  }

  drawMode() {
    const mode = this.flow.mode;
    find("judging").hidden = !mode;
    if (!mode) return;
    find("judging-words").textContent = say("shoot_to_prove", { result: say(mode.result), title: mode.row.title });
    picture(find("judging-picture"), mode.row);
  }
}

// What is doubtful about the photos of the fix: the sentence, and the picture that was used before.
function doubtsOf(row) {
  const small = (src, words) => make("img", { class: "twin", src, alt: say(words), loading: "lazy", width: 150, height: 112 });
  return (row.doubts || []).map((doubt) => make(
    "div", { class: "doubt" }, make("p", {}, icon("alert"), " ", doubt.words),
    doubt.twin ? make("div", { class: "twins" }, small(doubt.photo, "this_photo"), small(doubt.twin, "earlier_photo")) : null,
  ));
}

function picture(place, row) {
  place.hidden = !row.photo;
  if (row.photo && place.getAttribute("src") !== row.photo) place.src = row.photo;
}
