// The evening post: copies its text, and draws the same words with pictures as one long picture.
const text = document.getElementById("post-text");
const canvas = document.getElementById("post-picture");
const WIDTH = 720, PAD = 36, LINE = 40, FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

function flash(button, words) {
  const before = button.textContent;
  button.textContent = words;
  setTimeout(() => { button.textContent = before; }, 2000);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.focus();
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      document.execCommand("copy");
    }
    flash(button, button.dataset.done);
  });
}

// A remark in brackets stays together where a line has room for it, and so does a number or a time.
function pieces(pen, words, width) {
  return words.match(/（[^（）]*）[，。；]?|[\w:.-]+|[^]/gu).flatMap((piece) => (
    pen.measureText(piece).width > width ? [...piece] : [piece]
  ));
}

function wrap(pen, words, width) {
  const lines = [];
  let line = "";
  for (const piece of words ? pieces(pen, words, width) : []) {
    const closing = /^[，。；：、）！？」』%]/.test(piece);
    if (line && !closing && pen.measureText(line + piece).width > width) {
      lines.push(line);
      line = "";
    }
    if (line || piece.trim() || !lines.length) line += piece;
  }
  lines.push(line);
  return lines;
}

function load(address) {
  return new Promise((done) => {
    const picture = new Image();
    picture.onload = () => done(picture);
    picture.onerror = () => done(null);
    picture.src = address;
  });
}

async function draw() {
  const pen = canvas.getContext("2d");
  pen.font = `26px ${FONT}`;
  const [title, ...rest] = text.value.split("\n");
  const lines = rest.flatMap((line) => wrap(pen, line, WIDTH - 2 * PAD));
  const pairs = await Promise.all([...document.querySelectorAll(".post-pairs li")].map(async (row) => ({
    ...row.dataset, first: await load(row.dataset.before), second: await load(row.dataset.after),
  })));
  const shown = pairs.filter((pair) => pair.first && pair.second);
  const half = (WIDTH - 2 * PAD - 12) / 2, tall = Math.round(half * 0.72);
  canvas.width = WIDTH;
  canvas.height = 110 + lines.length * LINE + shown.length * (tall + 64) + PAD;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, WIDTH, canvas.height);
  pen.fillStyle = "#0B5CAD";
  pen.fillRect(0, 0, WIDTH, 78);
  pen.fillStyle = "#fff";
  pen.font = `600 28px ${FONT}`;
  pen.fillText(title, PAD, 50, WIDTH - 2 * PAD);
  let y = 126;
  for (const line of lines) {
    const head = /^[■▲●✓]/.test(line);
    pen.font = `${head ? "600 " : ""}26px ${FONT}`;
    pen.fillStyle = line.startsWith("■") ? "#B42318" : line.startsWith("▲") ? "#93370D" : line.startsWith("✓") ? "#05603A" : "#1F2329";
    pen.fillText(line, PAD, y);
    y += LINE;
  }
  for (const pair of shown) {
    [pair.first, pair.second].forEach((picture, n) => {
      const x = PAD + n * (half + 12), scale = Math.max(half / picture.width, tall / picture.height);
      const w = half / scale, h = tall / scale;
      pen.drawImage(picture, (picture.width - w) / 2, (picture.height - h) / 2, w, h, x, y, half, tall);
      pen.font = `20px ${FONT}`;
      const word = n ? pair.afterWord : pair.beforeWord;
      pen.fillStyle = "rgba(10,26,47,.75)";
      pen.fillRect(x, y, pen.measureText(word).width + 20, 34);
      pen.fillStyle = "#fff";
      pen.fillText(word, x + 10, y + 24);
    });
    pen.fillStyle = "#1F2329";
    pen.font = `22px ${FONT}`;
    pen.fillText(pair.title, PAD, y + tall + 30, WIDTH - 2 * PAD);
    y += tall + 64;
  }
}

if (canvas && text) {
  const save = document.querySelector("[data-save-picture]");
  const copy = document.querySelector("[data-copy-picture]");
  draw().then(() => {
    save.href = canvas.toDataURL("image/png");
    save.hidden = false;
    copy.hidden = false;
  });
  copy.addEventListener("click", () => canvas.toBlob(async (blob) => {
    try {
      await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
      flash(copy, copy.dataset.done);
    } catch {
      flash(copy, copy.dataset.failed);
    }
  }));
}
