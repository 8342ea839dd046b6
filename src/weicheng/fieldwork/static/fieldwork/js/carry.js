// My queue as a file, and a file as my queue: for a phone that breaks, or one without a network.
import { fromBase64, sha256, toBase64 } from "./digest.js";

const FORMAT = "weicheng-queue-1";

const act = ({ op_id, type, occurred_at, offset_seconds, photos, body, label, place }) => (
  { op_id, type, occurred_at, offset_seconds, photos, body, label, place }
);
const photo = ({ bytes, sha256: sha, size, taken_at, offset_seconds, lat, lon, accuracy_m, purpose }) => (
  { sha256: sha, size, taken_at, offset_seconds, lat, lon, accuracy_m, purpose, data: toBase64(bytes) }
);

export async function toFile(store, user) {
  const { acts, photos } = await store.queue();
  return { format: FORMAT, user, exported_at: new Date().toISOString(), acts: acts.map(act), photos: photos.map(photo) };
}

export function download(told, name) {
  const address = URL.createObjectURL(new Blob([JSON.stringify(told)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

// The file's content, or null when it is none of ours.
export async function fromFile(file) {
  try {
    const told = JSON.parse(await file.text());
    return told.format === FORMAT && Array.isArray(told.acts) && Array.isArray(told.photos) ? told : null;
  } catch {
    return null;
  }
}

// Into the queue of the same person; what is there already, or damaged, is left out. Returns how many acts came.
export async function takeIn(store, told) {
  const queue = await store.queue();
  const sent = new Set((await store.receipts()).map((row) => row.op_id));
  const known = new Set([...queue.acts.map((row) => row.op_id), ...sent]);
  const acts = told.acts.filter((row) => !known.has(row.op_id)).map((row) => (
    { ...row, label: row.label || "", place: row.place || "", ready_at: 0, tries: 0, error: "" }
  ));
  const owner = new Map(acts.flatMap((row) => row.photos.map((sha) => [sha, row.op_id])));
  const photos = [];
  for (const { data, ...row } of told.photos) {
    const bytes = fromBase64(data);
    const whole = (await sha256(bytes)) === row.sha256;
    if (whole) photos.push({ ...row, bytes, act: owner.get(row.sha256) || null, settled: true, kept_at: 0, tries: 0, error: "" });
  }
  await store.keep({ acts, photos });
  return acts.length;
}
