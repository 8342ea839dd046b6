// The chips: seven kinds in the order of this street's history, and 更多 for all of them.
import { closeSheet, find, icon, make, openSheet } from "./make.js";
import { say } from "./text.js";

const FIRST = 7;
const SIGNS = [
  [/cable|wire|spider|line/, "cable"], [/small_ad|poster|posting|graffiti|banner/, "poster"],
  [/bike|car_|parking/, "bike"], [/bin|waste|litter|garbage|dump|sorting|rubble|transfer/, "rubbish"],
  [/green|tree|lawn|plant/, "leaf"], [/toilet/, "toilet"], [/clutter|pile|stall|trading|shop|front/, "pile"],
  [/road|dirty|sweep|spill/, "sweep"], [/shed|illegal|building|wall|facade/, "building"], [/plate|sign/, "plate"],
];

const signOf = (key) => (SIGNS.find(([pattern]) => pattern.test(key)) || [null, "flag"])[1];
const shortOf = (kind) => kind.short || (kind.name.length > 4 ? kind.name.slice(0, 4) : kind.name);

export class Kinds {
  constructor(flow, choose) {
    this.flow = flow;
    this.choose = choose;
    this.shown = "";
  }

  ordered() {
    const pack = this.flow.pack;
    if (!pack) return [];
    const chips = (this.flow.here && this.flow.here.chips) || [];
    const rank = new Map(chips.map((key, place) => [key, place]));
    const at = (kind, place) => (rank.has(kind.key) ? rank.get(kind.key) : 1000 + place);
    return pack.kinds.map((kind, place) => [at(kind, place), kind]).sort((a, b) => a[0] - b[0]).map(([, kind]) => kind);
  }

  draw(kept) {
    const kinds = this.ordered();
    const wait = this.flow.tray.length > 0;
    const mark = JSON.stringify([kinds.slice(0, FIRST).map((kind) => kind.key), kept, wait]);
    if (mark === this.shown) return;
    this.shown = mark;
    const chips = kinds.slice(0, FIRST).map((kind) => this.chip(kind, kept === kind.key));
    const more = make("button", { type: "button", class: "chip", onclick: () => this.all() }, icon("dots"), say("more"));
    find("kinds").replaceChildren(...chips, more);
    find("kinds").classList.toggle("is-asked", wait);
  }

  chip(kind, on = false) {
    const press = () => {
      closeSheet("all-kinds");
      this.choose(kind);
    };
    const name = on ? "chip is-on" : "chip";
    return make(
      "button", { type: "button", class: name, "aria-label": kind.name, "data-kind": kind.key, onclick: press },
      icon(signOf(kind.key)), make("span", { class: shortOf(kind).length > 4 ? "is-long" : null }, shortOf(kind)),
    );
  }

  all() {
    find("every-kind").replaceChildren(...this.ordered().map((kind) => {
      const press = () => {
        closeSheet("all-kinds");
        this.choose(kind);
      };
      return make("button", { type: "button", class: "line", onclick: press }, icon(signOf(kind.key)), kind.name);
    }));
    openSheet("all-kinds");
  }
}
