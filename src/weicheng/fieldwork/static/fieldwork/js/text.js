// The page's words, handed over as data: say("queued", {n: 3}) fills {n}.
const words = JSON.parse(document.getElementById("words").textContent);

export function say(key, given = {}) {
  return (words[key] || "").replace(/\{(\w+)\}/g, (_, name) => String(given[name] ?? ""));
}

const clock = new Intl.DateTimeFormat("zh-CN", {
  timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});
const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }); // 2026-11-28: sorts

export const hourOf = (moment) => clock.format(new Date(moment));
export const dayOf = (moment) => day.format(new Date(moment));

export function sizeOf(bytes) {
  if (bytes < 1000) return say("bytes", { n: bytes });
  return bytes < 1e6 ? say("kilobytes", { n: Math.round(bytes / 1000) }) : say("megabytes", { n: (bytes / 1e6).toFixed(1) });
}
