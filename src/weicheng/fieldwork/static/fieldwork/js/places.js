// 换地方: the stops of the route, other sites by distance, routes, words beside the name, the plate.
import { closeSheet, find, icon, make, openSheet, write } from "./make.js";
import { canRead, readPlate } from "./plate.js";
import { say } from "./text.js";

export const farOf = (away) => (away < 950 ? say("metres", { n: Math.max(1, Math.round(away)) }) : say("kilometres", { n: (away / 1000).toFixed(1) }));

const UUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;
const OUTCOMES = { passed: "passed", failed: "failed_last", not_checked: "not_checked" };

export class Places {
  constructor(flow, camera, changed, look) {
    Object.assign(this, { flow, camera, changed, look }); // look: asks the server for a plate
    find("search").addEventListener("input", () => this.list());
    find("detail").addEventListener("change", (event) => this.flow.describe(event.target.value.trim()).then(changed));
    find("plate-form").addEventListener("submit", (event) => this.typed(event));
    const scan = find("scan");
    scan.hidden = !canRead();
    scan.addEventListener("click", () => this.scan(scan));
  }

  open() {
    find("search").value = "";
    find("detail").value = this.flow.memory.detail;
    find("plate-wrong").hidden = true;
    this.list();
    openSheet("places");
  }

  list() {
    this.routes();
    const text = find("search").value;
    const stops = new Map(this.flow.stops.map((stop) => [stop.site, stop]));
    const found = this.flow.near(text);
    const mine = text ? [] : this.flow.stops.map((stop) => found.find((row) => row.site === stop.site)).filter(Boolean);
    const others = found.filter((row) => text || !stops.has(row.site)).slice(0, 30);
    find("stops").replaceChildren(...mine.map((row) => this.row(row)));
    find("sites").replaceChildren(...others.map((row) => this.row(row)));
    find("stops-head").hidden = !mine.length;
    find("sites-head").hidden = !others.length;
  }

  routes() {
    const routes = this.flow.routes;
    const place = find("routes");
    place.hidden = routes.length < 2;
    place.replaceChildren(...routes.map((route) => {
      const on = route === this.flow.route;
      const press = () => this.flow.choose(null, route.plan).then(() => { this.list(); this.changed(); });
      return make("button", { type: "button", class: on ? "pick is-on" : "pick", "aria-pressed": String(on), onclick: press }, route.title);
    }));
  }

  row(row) {
    const here = this.flow.here && this.flow.here.site === row.site;
    const done = this.flow.isDone(row);
    const told = [
      row.away < 1e6 ? farOf(row.away) : "", row.carried ? say("carried") : "",
      row.last ? say("last_time", { outcome: say(OUTCOMES[row.last.outcome] || "finished"), on: row.last.on.slice(5) }) : "",
      row.open && row.open.length ? say("open_problems", { n: row.open.length }) : "",
    ].filter(Boolean).join("　");
    const words = make("span", { class: "grow" }, make("b", {}, row.name), told && make("small", {}, told));
    return make("li", {}, make(
      "button", { type: "button", class: here ? "line is-on" : "line", "aria-current": here ? "true" : null, onclick: () => this.pick(row.site) },
      icon(done ? "check" : "pin"), words, done && make("span", { class: "tag" }, say("done")),
    ));
  }

  async pick(site) {
    closeSheet("places");
    await this.flow.choose(site);
    this.changed();
  }

  typed(event) {
    event.preventDefault();
    this.byPlate(find("plate").value.normalize("NFKC").trim());
  }

  async scan(button) {
    closeSheet("places");
    write("live", say("scanning"));
    const found = await readPlate(this.camera.video);
    if (found) return this.byPlate(found);
    openSheet("places");
    return this.wrong(say("no_plate_seen"), button);
  }

  // Our own plate carries the address of its site; an older one only its number.
  // What this phone does not have is asked for where there is a line.
  async byPlate(text) {
    const [id] = text.toLowerCase().match(UUID) || [];
    const number = (text.match(/[\w-]+(?=\/?$)/) || [""])[0].toLowerCase();
    const fits = (site) => (id ? site.site === id : site.plate && site.plate.toLowerCase() === number);
    const row = this.flow.places().find(fits);
    if (row) return this.pick(row.site);
    const told = id || number ? await this.look(id ? { id } : { number }) : null;
    if (told && told.site) {
      await this.flow.learn(told.site, told.sheets);
      return this.pick(told.site.site);
    }
    if (!document.getElementById("places").open) openSheet("places");
    const shown = { number: id ? id.slice(-6) : number || text.slice(0, 20) };
    return this.wrong(say(told ? "plate_nowhere" : "plate_unknown", shown), find("plate"));
  }

  wrong(words, focus) {
    const place = find("plate-wrong");
    place.textContent = words;
    place.hidden = false;
    focus.focus();
  }
}
