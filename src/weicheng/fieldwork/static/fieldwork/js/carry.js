// My queue as a file, and a file as my queue: for a phone that breaks, or one without a network.
import { fromBase64, sha256, toBase64 } from "./digest.js";
import { shasOf } from "./store.js";

const FORMAT = "weicheng-queue-1";
const FEW_ACTS = 50;
const FEW_LETTERS = 2_000_000; // of photos in one request

const act = ({ op_id, type, occurred_at, offset_seconds, photos, body, label, place }) => (
  { op_id, type, occurred_at, offset_seconds, photos, body, label, place }
);
const photo = ({ sha256: sha, size, taken_at, offset_seconds, lat, lon, accuracy_m, purpose }, bytes) => (
  { sha256: sha, size, taken_at, offset_seconds, lat, lon, accuracy_m, purpose, data: toBase64(bytes) }
);

// {name, blob, n} of everything that waits, or of one act. One photo at a time is in memory as text.
export async function toFile(store, user, only = null) {
  const { acts, photos } = await store.queue();
  const mine = acts.filter((row) => !only || row.op_id === only);
  const wanted = new Set(mine.flatMap(shasOf));
  const head = { format: FORMAT, user, exported_at: new Date().toISOString(), acts: mine.map(act) };
  const parts = [JSON.stringify(head).slice(0, -1), ',"photos":['];
  let comma = "";
  for (const row of photos.filter(({ sha256: sha }) => !only || wanted.has(sha))) {
    const bytes = await store.bytes(row.sha256);
    if (!bytes) continue;
    parts.push(new Blob([comma, JSON.stringify(photo(row, bytes))]));
    comma = ",";
  }
  const blob = new Blob([...parts, "]}"], { type: "application/json" });
  const at = head.exported_at.slice(0, 16).replace(/\D/g, "");
  return { name: `weicheng-queue-${at}${only ? `-${only.slice(-6)}` : ""}.json`, blob, n: mine.length };
}

export function download({ blob, name }) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

const isText = (value) => typeof value === "string" && value.length > 0;
const isAct = (row) => Boolean(row) && isText(row.op_id) && isText(row.type) && Array.isArray(row.photos) &&
  row.photos.every(isText) && Boolean(row.body) && typeof row.body === "object" && !Number.isNaN(Date.parse(row.occurred_at));
const isPhoto = (row) => Boolean(row) && isText(row.sha256) && isText(row.data) && Number.isFinite(row.size);

// The file's content, or null when it is none of ours; rows that cannot be read are left out.
export async function fromFile(file) {
  try {
    const told = JSON.parse(await file.text());
    if (told.format !== FORMAT || !Array.isArray(told.acts) || !Array.isArray(told.photos)) return null;
    return { ...told, acts: told.acts.filter(isAct), photos: told.photos.filter(isPhoto) };
  } catch {
    return null;
  }
}

// Into the queue of the same person. What lies here stays as it is, what the server is known to have stays
// away, and so do photos of acts that do not come in; what is damaged is left out. Returns how many acts came.
export async function takeIn(store, told) {
  const { acts: mine, photos: shots } = await store.queue();
  const listed = new Set(told.acts.flatMap(shasOf));
  const loose = told.photos.map((row) => row.sha256).filter((sha) => !listed.has(sha));
  const known = await store.knows([...told.acts.map((row) => row.op_id), ...loose]);
  const here = new Set([...mine.map((row) => row.op_id), ...shots.map((row) => row.sha256)]);
  const acts = told.acts.filter((row) => !known.has(row.op_id) && !here.has(row.op_id)).map((row) => (
    { ...act(row), label: row.label || "", place: row.place || "", ready_at: 0, tries: 0, error: "" }
  ));
  await store.keep({ acts });
  const owner = new Map([...mine, ...acts].flatMap((row) => shasOf(row).map((sha) => [sha, row.op_id])));
  for (const { data, ...row } of told.photos) {
    const isWanted = owner.has(row.sha256) || (!listed.has(row.sha256) && !known.has(row.sha256));
    if (isWanted && !here.has(row.sha256)) await takePhoto(store, row, data, owner.get(row.sha256) || null);
  }
  return acts.length;
}

async function takePhoto(store, row, data, owner) {
  const bytes = decoded(data);
  if (!bytes || (await sha256(bytes)) !== row.sha256) return;
  const kept = { ...row, size: bytes.byteLength, bytes, act: owner, settled: true, kept_at: 0, tries: 0, error: "" };
  await store.keep({ photos: [kept] });
}

function decoded(data) {
  try {
    return fromBase64(data);
  } catch {
    return null;
  }
}

// Somebody else's queue in pieces that a server takes, the acts first: sent again, none of it doubles.
export function pieces({ acts, photos, ...head }) {
  const found = [];
  for (let at = 0; at < acts.length; at += FEW_ACTS) found.push({ ...head, acts: acts.slice(at, at + FEW_ACTS), photos: [] });
  const listed = new Set(acts.flatMap(shasOf));
  let room = 0;
  for (const row of photos.filter((one) => listed.has(one.sha256))) {
    if (room < row.data.length) {
      found.push({ ...head, acts: [], photos: [] });
      room = FEW_LETTERS;
    }
    found[found.length - 1].photos.push(row);
    room -= row.data.length;
  }
  return found;
}
