// What stands around the viewfinder beside the counts: whose phone this is, how old the tasks are, that a fix has
// changed the place, and the way to leave out a shot.
import { find, write } from "./make.js";
import { UNDER_THE_THUMB } from "./standing.js";
import { dayOf, hourOf, say } from "./text.js";

const SHOWN = 6_000;

export class Header {
  constructor(flow) {
    this.flow = flow;
  }

  draw() {
    this.who();
    this.moved();
    find("drop-last").hidden = !this.flow.tray.length || Boolean(this.flow.mode);
  }

  who() {
    const { pack, packed } = this.flow;
    const at = packed ? { at: hourOf(packed.at), on: dayOf(packed.at).slice(5) } : null;
    const age = at ? say(packed.old ? "pack_old" : "pack_at", at) : "";
    write("who", pack ? pack.user.name : "");
    write("age", age);
    find("age").classList.toggle("is-old", Boolean(packed && packed.old));
  }

  // A place that changed without a tap is told over the place line, until it has been seen.
  moved() {
    const { flow } = this;
    const left = flow.movedAt + SHOWN - Date.now();
    find("pass").setAttribute("aria-disabled", String(flow.justMoved));
    const shown = left > 0 && Boolean(flow.here) && !flow.memory.byHand;
    find("moved").hidden = !shown;
    write("moved-words", shown ? say("moved_to", { name: flow.here.name }) : "");
    clearTimeout(this.clock);
    const wait = flow.justMoved ? flow.movedAt + UNDER_THE_THUMB - Date.now() : shown && left;
    if (wait) this.clock = setTimeout(() => this.moved(), wait + 50);
  }
}
