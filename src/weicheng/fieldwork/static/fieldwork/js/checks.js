// The checklist of a site's type: the worst history first, rulings small beside it; and 未能检查.
import { closeSheet, find, make, openSheet, write } from "./make.js";
import { say } from "./text.js";

const MARKS = [["failed", "fail"], ["na", "not_applicable"], ["unseen", "unseen"]];

export class Checks {
  constructor(flow, finish, changed) {
    Object.assign(this, { flow, finish, changed });
    find("sheet-finish").addEventListener("click", () => this.end());
    for (const reason of document.querySelectorAll("[data-reason]")) {
      reason.addEventListener("click", () => this.end({ closed: true, note: reason.textContent.trim() }));
    }
  }

  get checks() {
    const { here, pack } = this.flow;
    const sheet = (here && pack && pack.sheets[here.type]) || [];
    const worst = new Map(((here && here.worst) || []).map((key, place) => [key, place]));
    const rank = (check, place) => (worst.has(check.key) ? worst.get(check.key) : 1000 + place);
    return sheet.map((check, place) => [rank(check, place), check]).sort((a, b) => a[0] - b[0]).map(([, check]) => check);
  }

  open() {
    write("sheet-title", this.flow.here ? this.flow.here.name : say("no_place"));
    const rows = this.checks.map((check) => this.row(check));
    find("checks").replaceChildren(...rows);
    find("no-checks").hidden = rows.length > 0;
    this.words();
    openSheet("sheet");
  }

  words() {
    write("sheet-finish", say(this.flow.flawed ? "finished" : "passed"));
  }

  row(check) {
    const history = ((this.flow.here && this.flow.here.worst) || []).includes(check.key);
    const rulings = (check.rulings || []).map((ruling) => make("small", { class: "ruling" }, say("ruling", ruling)));
    const heads = [check.severity === "key" && say("key_check"), history && say("failed_before")].filter(Boolean);
    const head = heads.length ? make("small", { class: "tags" }, ...heads.map((word) => make("span", { class: "tag" }, word))) : null;
    const marks = make("div", { class: "marks", role: "group", "aria-label": check.text });
    for (const [list, word] of MARKS) marks.append(this.toggle(check, list, word, marks));
    return make("li", {}, make("p", {}, head, check.text), ...rulings, marks);
  }

  toggle(check, list, word, marks) {
    const on = this.flow.visit[list].includes(check.key);
    const button = make("button", { type: "button", class: `verdict verdict-${word}`, "aria-pressed": String(on), "data-list": list }, say(word));
    button.addEventListener("click", () => this.press(check, list, marks));
    return button;
  }

  async press(check, list, marks) {
    const on = !this.flow.visit[list].includes(check.key);
    await this.flow.mark(check.key, list, on);
    for (const button of marks.children) button.setAttribute("aria-pressed", String(on && button.dataset.list === list));
    this.words();
    this.changed();
  }

  async end(how = {}) {
    closeSheet("sheet");
    await this.finish(how);
  }
}
