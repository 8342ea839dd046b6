// From a picture to a JPEG that is small enough to keep: long edge 1440 px, at most 220 KB.
import { sha256 } from "./digest.js";

export const LONG_EDGE = 1440;
export const MOST_BYTES = 220_000;
const EDGES = [LONG_EDGE, 1200, 960, 720];
const QUALITIES = [0.82, 0.72, 0.62, 0.52, 0.42];

function drawn(source, width, height, edge) {
  const scale = Math.min(1, edge / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  canvas.getContext("2d").drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const jpeg = (canvas, quality) => new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));

// {bytes, sha256, size}; quality goes down first, then the edge.
export async function shrink(source, width, height) {
  let blob = null;
  for (const edge of EDGES) {
    const canvas = drawn(source, width, height, edge);
    for (const quality of QUALITIES) {
      blob = await jpeg(canvas, quality);
      if (blob && blob.size <= MOST_BYTES) break;
    }
    if (blob && blob.size <= MOST_BYTES) break;
  }
  if (!blob) throw new Error("no picture");
  const bytes = await blob.arrayBuffer();
  return { bytes, sha256: await sha256(bytes), size: bytes.byteLength };
}

export async function fromFile(file) {
  const address = URL.createObjectURL(file);
  try {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    return await shrink(picture, picture.naturalWidth, picture.naturalHeight);
  } finally {
    URL.revokeObjectURL(address);
  }
}
