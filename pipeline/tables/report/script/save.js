// Charts as files: their figures as CSV, themselves as PNG. Nothing leaves the page but to the reader's own disk.
const SCALE = 2, EDGE = 20;
const DRAWN = ["fill", "fill-opacity", "stroke", "stroke-opacity", "stroke-width", "stroke-dasharray", "opacity", "font-family", "font-size", "font-weight", "font-variant-numeric", "text-anchor", "paint-order", "stroke-linejoin", "letter-spacing"];

function keep(blob, file) {
  const address = URL.createObjectURL(blob);
  el("a", { href: address, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

// A text that a spreadsheet would take for a formula has a quotation mark before it, as from `newsbeam sql`.
function field(value) {
  if (!known(value)) return "";
  if (typeof value === "number") return String(value);
  const text = clean(value instanceof Node ? value.textContent : value), safe = /^[=+\-@\t\r]/.test(text) ? "'" + text : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
// The mark of UTF-8 comes first, so that spreadsheets read names as they are written.
const csv = (columns, rows) => "\ufeff" + [columns.map(([title]) => field(title)), ...rows.map((row) => columns.map(([, value]) => field(value(row))))].map((line) => line.join(",") + "\r\n").join("");

// A chart's SVG by itself: what the page's styles say is written into it.
function standalone(svg) {
  const copy = svg.cloneNode(true), from = [svg, ...svg.querySelectorAll("*")], to = [copy, ...copy.querySelectorAll("*")];
  from.forEach((node, index) => {
    const styles = getComputedStyle(node);
    for (const property of DRAWN) to[index].style.setProperty(property, styles.getPropertyValue(property));
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  // Labels may stand out at the sides.
  const width = Number(svg.getAttribute("width")), height = Number(svg.getAttribute("height"));
  copy.setAttribute("viewBox", `${-EDGE} 0 ${width + 2 * EDGE} ${height}`);
  copy.setAttribute("width", width + 2 * EDGE);
  return new XMLSerializer().serializeToString(copy);
}

function lines(context, text, width) {
  const found = [""];
  for (const word of text.split(/\s+/)) {
    const longer = (found[found.length - 1] + " " + word).trim();
    if (context.measureText(longer).width > width && found[found.length - 1]) found.push(word); else found[found.length - 1] = longer;
  }
  return found;
}

// A picture that can stand by itself: heading, chart, how to read it, and where it is from.
async function picture(svg, heading, note) {
  const width = Number(svg.getAttribute("width")), height = Number(svg.getAttribute("height"));
  const image = new Image();
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(standalone(svg));
  await image.decode();
  const canvas = document.createElement("canvas"), context = canvas.getContext("2d"), styles = getComputedStyle(document.documentElement);
  const bold = `600 17px ${FONT}`, small = `12px ${FONT}`;
  context.font = bold;
  const above = lines(context, clean(heading), width);
  context.font = small;
  const filtered = everything() ? "" : ` (${chosen()})`;
  const below = lines(context, [note, `${clean(data.title)}${filtered}. Made by newsbeam; run ${clean(data.speed.run_id)}.`].filter(Boolean).join(" "), width);
  canvas.width = (width + 2 * EDGE) * SCALE;
  canvas.height = (height + 2 * EDGE + above.length * 23 + 8 + below.length * 17 + 10) * SCALE;
  context.scale(SCALE, SCALE);
  context.fillStyle = styles.getPropertyValue("--paper");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = styles.getPropertyValue("--ink"); context.font = bold;
  above.forEach((line, index) => context.fillText(line, EDGE, EDGE + 15 + index * 23));
  const top = EDGE + above.length * 23 + 8;
  context.drawImage(image, 0, top, width + 2 * EDGE, height);
  context.fillStyle = styles.getPropertyValue("--muted"); context.font = small;
  below.forEach((line, index) => context.fillText(line, EDGE, top + height + 20 + index * 17));
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}
