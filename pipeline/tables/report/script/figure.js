// A chart that is drawn for the width that it has, with a description, its figures as a table, and both as files.
// file: its name, never out of an article; note: how it is read, shown below it and in its picture.
function figure(parent, { file, caption, heading, label, note, draw, columns, rows }) {
  const chart = el("div", { class: "chart" });
  const whole = el("figure", { "aria-label": clean(label) }, caption ? el("figcaption", {}, el("bdi", {}, clean(caption))) : null, chart);
  if (note) whole.append(el("p", { class: "note" }, note));
  const figures = el("details", { class: "data" }, el("summary", {}, "The figures"));
  figures.addEventListener("toggle", () => { if (figures.open && figures.children.length === 1) figures.append(table(columns, rows)); });
  const title = heading || caption || ids(parent.closest("section").id).querySelector("h2").textContent;
  const asText = () => keep(new Blob([csv(columns, rows)], { type: "text/csv;charset=utf-8" }), file + ".csv");
  const asPicture = async () => keep(await picture(chart.querySelector("svg"), title, note || ""), file + ".png");
  whole.append(el("div", { class: "tools" },
    el("button", { type: "button", "aria-label": `${clean(title)}: figures as CSV`, on: { click: asText } }, "CSV"),
    el("button", { type: "button", "aria-label": `${clean(title)}: picture as PNG`, on: { click: asPicture } }, "PNG"), figures));
  parent.append(whole);
  let width = 0;
  const redraw = () => {
    const now = Math.floor(chart.clientWidth);
    if (!now || now === width) return;
    width = now;
    const svg = draw(now);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", clean(label));
    chart.replaceChildren(svg);
  };
  new ResizeObserver(() => requestAnimationFrame(redraw)).observe(chart);
  redraw();
  return whole;
}
const style = { fontFamily: FONT, fontSize: "12px", background: "transparent", color: "var(--ink)" };
// Without a legend, a caption or a title Plot gives the SVG itself.
const plot = (options) => charts.plot({ style, ...options });
// How wide a text is, in pixels, and as much of it as fits a width: letters of all scripts differ too much to be counted.
const pen = document.createElement("canvas").getContext("2d");
const wide = (text, size = 13, weight = 500) => { pen.font = `${weight} ${size}px ${FONT}`; return pen.measureText(text).width; };
function cut(text, width, size = 13) {
  let found = short(text, 80);
  while (found.length > 2 && wide(found, size) > width) found = short(found, [...found].length - 1);
  return found;
}

// Horizontal bars from 0, as long as their numbers, with the name above each: names of any length fit, on any screen.
function bars(rows, width, { value = (row) => row.articles, fill = colour, say = (row) => number(value(row)) } = {}) {
  const top = Math.max(1, ...rows.map(value)), right = 14 + Math.max(0, ...rows.map((row) => wide(say(row), 12)));
  return plot({
    width, height: rows.length * 38 + 6, marginLeft: 0, marginRight: right, marginTop: 4, marginBottom: 0,
    x: { domain: [0, top], axis: null }, y: { domain: rows.map((row) => row.id), axis: null, padding: 0 },
    marks: [
      charts.barX(rows, { x1: 0, x2: value, y: "id", insetTop: 21, insetBottom: 6, fill: { value: fill, scale: null } }),
      charts.text(rows, { x: 0, y: "id", text: (row) => cut(row.name, width - 4), href: (row) => link(row.id), textAnchor: "start", dy: -7, fill: "currentColor", fontWeight: 500, fontSize: 13 }),
      charts.text(rows, { x: value, y: "id", text: say, textAnchor: "start", dx: 6, dy: 8, fill: "var(--muted)", fontVariant: "tabular-nums" }),
    ],
  });
}

// An axis of tone that is as wide as the values need, the same on both sides of 0.
function reach(values) {
  const most = Math.max(0, ...values.filter(known).map(Math.abs));
  return [0.1, 0.2, 0.3, 0.5].find((limit) => most <= limit) || 1;
}
const signed = (value) => value === 0 ? "0" : (value < 0 ? "−" : "+") + Math.abs(value);

// Mean tones with their intervals, one line a row; a row with too few mentions says so. `series`: [[row → tone, mark]…].
function intervals(rows, width, { what = "n", usual = null } = {}) {
  const enough = rows.filter(ranked), few = rows.filter((row) => !ranked(row));
  const limit = reach([usual, ...enough.flatMap((row) => [row.sentiment - 2 * row.error, row.sentiment + 2 * row.error])]);
  const inside = (value) => Math.max(-limit, Math.min(limit, value));
  const beside = (row) => !known(row.sentiment) ? "no tone" : `${ranked(row) ? score(row.sentiment) : "too few"} · ${what} ${number(row.n)}`;
  return plot({
    width, height: rows.length * 40 + 46, marginLeft: 10, marginRight: 10, marginTop: 40, marginBottom: 6,
    x: { domain: [-limit, limit], label: null, axis: "top", ticks: [-limit, -limit / 2, 0, limit / 2, limit], tickFormat: signed },
    y: { type: "band", domain: rows.map((row) => row.id), axis: null, padding: 0 },
    marks: [
      known(usual) ? charts.ruleX([usual], { stroke: "var(--muted)", strokeDasharray: "2,3" }) : null,
      charts.ruleX([0], { stroke: "var(--muted)", strokeOpacity: 0.8 }),
      charts.link(rows, { x1: -limit, x2: limit, y1: "id", y2: "id", stroke: "var(--line)", dy: 9 }),
      charts.link(enough, { x1: (row) => inside(row.sentiment - 2 * row.error), x2: (row) => inside(row.sentiment + 2 * row.error), y1: "id", y2: "id",
        stroke: { value: colour, scale: null }, strokeWidth: 6, strokeOpacity: 0.45, strokeLinecap: "round", dy: 9 }),
      charts.dot(enough, { x: "sentiment", y: "id", r: 5.5, fill: { value: colour, scale: null }, stroke: "var(--paper)", strokeWidth: 1.5, dy: 9,
        title: (row) => `${clean(row.name)}: ${spoken(row)}`, tip: true }),
      charts.text(rows, { x: -limit, y: "id", text: (row) => cut(row.name, width - 36 - wide(beside(row), 12)), href: (row) => link(row.id), textAnchor: "start", dy: -8, fill: "currentColor", stroke: "var(--paper)", strokeWidth: 4, fontWeight: 500, fontSize: 13 }),
      charts.text(enough, { x: limit, y: "id", text: beside, textAnchor: "end", dy: -8, fill: "var(--muted)", fontVariant: "tabular-nums" }),
      charts.text(few, { x: limit, y: "id", text: beside, textAnchor: "end", dy: -8, fill: "var(--muted)" }),
    ],
  });
}
