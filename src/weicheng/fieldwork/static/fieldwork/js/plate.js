// Reads the QR code of a site's plate from the viewfinder, where the browser can.
const PATIENCE = 15_000;
const STEP = 300;

export const canRead = () => "BarcodeDetector" in window;

// The text of the code, or an empty string after fifteen seconds.
export async function readPlate(video) {
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  for (const until = Date.now() + PATIENCE; Date.now() < until; ) {
    try {
      const found = await detector.detect(video);
      if (found.length) return found[0].rawValue.trim();
    } catch {
      return "";
    }
    await new Promise((done) => setTimeout(done, STEP));
  }
  return "";
}
