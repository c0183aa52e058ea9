// The numbers at the top, the most named and their tone.
function header() {
  const o = data.overview;
  const dates = o.first ? `published between ${shown(date(o.first))} and ${shown(date(o.last))}` : "without dates";
  ids("lede").textContent = `${count(o.articles, "article")} from ${count(o.outlets, "outlet")}, ${dates}: who was in them, how often, and how they were spoken of.`;
  const numbers = [["articles", o.articles], ["stories", o.stories], ["outlets", o.outlets], ["languages", o.languages],
    ["names found", o.mentions], ["different names", o.entities], ["sentences", o.sentences], ["rejects", o.rejects]];
  ids("numbers").append(...numbers.map(([title, value]) => el("div", {}, el("dt", {}, title), el("dd", {}, number(value)))));
  for (const scale of document.querySelectorAll(".scale")) {
    scale.append("negative", ...TONES.map((colour) => { const step = el("i"); step.style.background = colour; return step; }), "positive");
  }
}

function named() {
  const sentences = [];
  for (const [label, title] of [["PERSON", "People"], ["ORG", "Organisations"], ["GPE", "Places"]]) {
    const rows = data.named[label];
    if (!rows.length) continue;
    sentences.push([name(rows[0].name), ` (${count(rows[0].articles, "article")})`]);
    figure(ids("named-charts"), {
      caption: title,
      label: `${title} named in most articles: ${rows.slice(0, 5).map((row) => `${clean(row.name)} ${row.articles}`).join(", ")}.`,
      columns: [["Name", (row) => row.name], ["Articles", (row) => row.articles, true], ["Mentions", (row) => row.mentions, true], ["Tone", (row) => measured(row), true]],
      rows,
      draw: (width) => bars(rows, width),
    });
  }
  if (!sentences.length) { ids("named").hidden = true; return; }
  const joined = sentences.flatMap((part, index) => [index === 0 ? "" : index === sentences.length - 1 ? " and " : ", ", ...part]);
  finding("named", "Most in the news: ", ...joined, ".");
}

// Horizontal bars with the name above each: names of any length fit, on any screen.
function bars(rows, width) {
  const top = Math.max(...rows.map((row) => row.articles));
  return plot({
    width, height: rows.length * 38 + 6, marginLeft: 0, marginRight: 46, marginTop: 4, marginBottom: 0,
    x: { domain: [0, top], axis: null }, y: { domain: rows.map((row) => row.id), axis: null, padding: 0 },
    marks: [
      charts.barX(rows, { x: "articles", y: "id", insetTop: 21, insetBottom: 6, rx: 2, fill: { value: colour, scale: null } }),
      charts.text(rows, { x: 0, y: "id", text: (row) => short(row.name, Math.floor(width / 8)), textAnchor: "start", dy: -7, fill: "currentColor", fontWeight: 500, fontSize: 13 }),
      charts.text(rows, { x: "articles", y: "id", text: (row) => number(row.articles), textAnchor: "start", dx: 6, dy: 8, fill: "var(--muted)", fontVariant: "tabular-nums" }),
    ],
  });
}

function overTone() {
  const kinds = ["PERSON", "ORG", "GPE"].filter((label) => data.named[label].some((row) => row.time.length));
  if (!kinds.length) { ids("tone").hidden = true; return; }
  const show = (label) => {
    for (const button of ids("tone-kinds").children) button.setAttribute("aria-pressed", String(button.value === label));
    ids("tone-charts").replaceChildren();
    const chosen = data.named[label].filter((found) => found.time.length).slice(0, 9);
    const limit = reach(chosen.flatMap((row) => row.time.map((point) => point.sentiment)));
    for (const row of chosen) toneOverTime(row, limit);
  };
  ids("tone-kinds").append(...kinds.map((label) => el("button", { type: "button", value: label, on: { click: () => show(label) } }, KINDS[label])));
  show(kinds[0]);
  const all = kinds.flatMap((label) => data.named[label]).filter(ranked);
  if (all.length > 1) {
    const sorted = [...all].sort((a, b) => a.sentiment - b.sentiment);
    const low = sorted[0], high = sorted[sorted.length - 1];
    if (apart(high.sentiment - low.sentiment, Math.hypot(high.error, low.error))) finding("tone", "Among the most named, ", name(high.name), ` was spoken of most kindly (${measured(high)}), `, name(low.name), ` most harshly (${measured(low)}).`);
    else finding("tone", "The tones of the most named are too near to one another to be told apart.");
  }
}

// An axis of tone that is as wide as the values need, the same on both sides of 0.
function reach(values) {
  const most = Math.max(0, ...values.filter((value) => value !== null).map(Math.abs));
  return most <= 0.23 ? 0.25 : most <= 0.48 ? 0.5 : 1;
}
const signed = (value) => value === 0 ? "0" : (value < 0 ? "−" : "+") + Math.abs(value);

function toneOverTime(row, limit) {
  const points = row.time.map((point) => ({ ...point, date: date(point.day) }));
  const known = points.filter((point) => point.sentiment !== null);
  const most = Math.max(1, ...points.map((point) => point.articles));
  figure(ids("tone-charts"), {
    caption: row.name,
    label: `Tone of articles that name ${clean(row.name)} over time; ${measured(row)} on average.`,
    columns: [["From", (point) => point.day], ["Articles", (point) => point.articles, true], ["Tone", (point) => measured(point), true]],
    rows: points,
    draw: (width) => plot({
      width, height: 140, marginLeft: 38, marginRight: 8, marginTop: 8, marginBottom: 34,
      x: { type: "utc", domain: [date(data.overview.first), date(data.overview.last)], ticks: width < 300 ? 3 : 4, label: null },
      y: { domain: [-limit, limit], ticks: [-limit, 0, limit], label: null, tickFormat: signed },
      r: { range: known.length > width / 12 ? [1, 4] : [2.5, 8], domain: [0, most] },
      marks: [
        charts.ruleY([-limit, limit], { stroke: "var(--line)" }), charts.ruleY([0], { stroke: "var(--muted)", strokeOpacity: 0.7 }),
        known.length > 1 ? charts.lineY(known, { x: "date", y: "sentiment", stroke: "var(--muted)", strokeWidth: 1.2, curve: "monotone-x" }) : null,
        charts.ruleX(known.filter((point) => point.error !== null), { x: "date", y1: (point) => Math.max(-limit, point.sentiment - 2 * point.error), y2: (point) => Math.min(limit, point.sentiment + 2 * point.error), stroke: "var(--muted)", strokeOpacity: 0.35 }),
        charts.dot(known, { x: "date", y: "sentiment", r: "articles", fill: { value: colour, scale: null }, stroke: "var(--paper)",
          title: (point) => `${shown(point.date)}: ${count(point.articles, "article")}, ${measured(point)}`, tip: true }),
      ],
    }),
  });
}
