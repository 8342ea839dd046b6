// What of the rows that wait may go now, and what only a person can go on with.
import { shasOf } from "./store.js";

const LONGEST_HOLD = 300_000; // nothing is held back for longer: a later ready_at was set by a clock that was wrong
const SETTLING = 12_000; // so long a photo waits for the fix of its place

export const isReady = (act, now) => act.ready_at <= now || act.ready_at > now + LONGEST_HOLD;
export const isSettled = (photo, now) => photo.settled || Math.abs(now - photo.kept_at) > SETTLING;

// The server has the act, and of its photos only those are left that it does not take.
export function isBlocked(act, bySha) {
  const left = shasOf(act).map((sha) => bySha.get(sha)).filter(Boolean);
  return Boolean(act.posted) && left.length > 0 && left.every((photo) => photo.stuck);
}

// Photos that no act has: they wait for a kind.
export function unowned(acts, photos) {
  const listed = new Set(acts.flatMap(shasOf));
  return photos.filter((photo) => !photo.act && !listed.has(photo.sha256));
}

// Photos whose act is not here: an earlier program let it go before them.
export function strays(acts, photos) {
  const known = new Set(acts.map((act) => act.op_id));
  const listed = new Set(acts.flatMap(shasOf));
  return photos.filter((photo) => photo.act && !known.has(photo.act) && !listed.has(photo.sha256));
}
