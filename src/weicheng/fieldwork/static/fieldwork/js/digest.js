// SHA-256 of bytes as hex, ids that sort by time, base64 of a queue file.
const K = [];
const START = [];

// The constants of SHA-256: fractional parts of the roots of the first primes.
function begin() {
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) if (primes.every((p) => n % p)) primes.push(n);
  for (const n of primes) K.push((Math.cbrt(n) * 2 ** 32) | 0);
  for (const n of primes.slice(0, 8)) START.push((Math.sqrt(n) * 2 ** 32) | 0);
}

const turn = (x, n) => (x >>> n) | (x << (32 - n));

function block(view, at, state, w) {
  for (let i = 0; i < 16; i += 1) w[i] = view.getInt32(at + i * 4);
  for (let i = 16; i < 64; i += 1) {
    const a = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >>> 3);
    const b = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >>> 10);
    w[i] = (w[i - 16] + a + w[i - 7] + b) | 0;
  }
  const s = state.slice();
  for (let i = 0; i < 64; i += 1) {
    const one = turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25);
    const t = (s[7] + one + ((s[4] & s[5]) ^ (~s[4] & s[6])) + K[i] + w[i]) | 0;
    const two = turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22);
    const u = (two + ((s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]))) | 0;
    s.pop();
    s.unshift((t + u) | 0);
    s[4] = (s[4] + t) | 0;
  }
  s.forEach((value, i) => { state[i] = (state[i] + value) | 0; });
}

// For pages without a secure context, where browsers hide crypto.subtle.
export function plainSha256(buffer) {
  if (!K.length) begin();
  const length = buffer.byteLength;
  const padded = new Uint8Array(((length + 72) >> 6) << 6);
  padded.set(new Uint8Array(buffer));
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 8, Math.floor(length / 2 ** 29));
  view.setUint32(padded.length - 4, length << 3);
  const state = START.slice();
  const w = new Int32Array(64);
  for (let at = 0; at < padded.length; at += 64) block(view, at, state, w);
  return state.map((value) => (value >>> 0).toString(16).padStart(8, "0")).join("");
}

export async function sha256(buffer) {
  if (!(window.crypto && crypto.subtle)) return plainSha256(buffer);
  const made = new Uint8Array(await crypto.subtle.digest("SHA-256", buffer));
  return Array.from(made, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// A UUID of version 7: milliseconds first, so that keys of the database stand in the order of the day.
let last = 0;
export function newId() {
  last = Math.max(Date.now(), last + 1);
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let i = 0; i < 6; i += 1) bytes[i] = Math.floor(last / 256 ** (5 - i)) % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

export function toBase64(buffer) {
  const bytes = new Uint8Array(buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
}
