// When a JPEG itself says it was taken (DateTimeOriginal of its EXIF, the camera's local time).
const HEAD = 131_072;
const letters = (view, at, n) => String.fromCharCode(...new Uint8Array(view.buffer, at, n));

// Milliseconds, or null where the file says nothing.
export async function takenAt(file) {
  try {
    return fromJpeg(new DataView(await file.slice(0, HEAD).arrayBuffer()));
  } catch {
    return null; // cut off or made up
  }
}

function fromJpeg(view) {
  if (view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; view.getUint8(at) === 0xff && view.getUint8(at + 1) !== 0xda; at += 2 + view.getUint16(at + 2)) {
    if (view.getUint8(at + 1) === 0xe1 && letters(view, at + 4, 4) === "Exif") return fromTiff(view, at + 10);
  }
  return null;
}

function fromTiff(view, start) {
  const little = letters(view, start, 2) === "II";
  const value = (folder, tag) => {
    const n = view.getUint16(start + folder, little);
    for (let i = 0; i < n; i += 1) {
      const at = start + folder + 2 + i * 12;
      if (view.getUint16(at, little) === tag) return view.getUint32(at + 8, little);
    }
    return 0;
  };
  const more = value(view.getUint32(start + 4, little), 0x8769);
  const where = more && value(more, 0x9003);
  const told = where ? letters(view, start + where, 19).match(/^(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)$/) : null;
  if (!told) return null;
  const [year, month, day, hour, minute, second] = told.slice(1).map(Number);
  return new Date(year, month - 1, day, hour, minute, second).getTime();
}
