// Where one stands: single fixes, asked for at the start and at the shutter. Nothing is followed or kept
// but the one fix of each photo.
const EARTH = 6_371_000;
const rad = (degrees) => (degrees * Math.PI) / 180;

// Metres between two points {lat, lon}; Infinity where one is unknown.
export function metres(a, b) {
  if (!a || !b || a.lat == null || b.lat == null) return Infinity;
  const x = rad(b.lon - a.lon) * Math.cos(rad((a.lat + b.lat) / 2));
  return Math.hypot(x, rad(b.lat - a.lat)) * EARTH;
}

// The nearest of the rows, if it is near enough for how sure the fix is.
export function nearest(rows, fix) {
  let best = null;
  let least = fix ? Math.max(80, 2 * fix.accuracy_m) : 0;
  for (const row of rows) {
    const away = metres(fix, row);
    if (away <= least) [best, least] = [row, away];
  }
  return best;
}

export function byDistance(rows, fix) {
  return rows.map((row) => ({ ...row, away: metres(fix, row) })).sort((a, b) => a.away - b.away || 0);
}

export class Fixes {
  constructor() {
    this.last = null;
  }

  // {lat, lon, accuracy_m, at} or null; never older than `age` ms.
  take(age = 10_000) {
    if (!navigator.geolocation) return Promise.resolve(null);
    return new Promise((done) => {
      const found = (told) => {
        const { latitude: lat, longitude: lon, accuracy } = told.coords;
        this.last = { lat, lon, accuracy_m: Math.round(accuracy * 10) / 10, at: Date.now() };
        done(this.last);
      };
      navigator.geolocation.getCurrentPosition(found, () => done(null), {
        enableHighAccuracy: true, timeout: 10_000, maximumAge: age,
      });
    });
  }

  // The last fix, if it is fresh.
  fresh(age = 10_000) {
    return this.last && Date.now() - this.last.at <= age ? this.last : null;
  }
}
