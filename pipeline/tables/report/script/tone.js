// How the most named are spoken of: on the whole, and over time.
// A curve needs this many periods with enough mentions.
const CURVE = 3;
const CURVES = 6;
let toneKind = null;

function overTone() {
  const kinds = MAIN.filter((label) => mostNamed(label).some((row) => known(row.sentiment)));
  ids("tone").hidden = !kinds.length && everything();
  if (!kinds.includes(toneKind)) toneKind = kinds[0];
  const show = (label) => {
    toneKind = label;
    for (const button of ids("tone-kinds").children) button.setAttribute("aria-pressed", String(button.value === label));
    ids("tone-charts").replaceChildren();
    ids("tone-curves").replaceChildren();
    if (label) toneOf(label);
  };
  ids("tone-kinds").replaceChildren(...kinds.map((label) => el("button", { type: "button", value: label, on: { click: () => show(label) } }, KINDS[label])));
  show(toneKind);
  extremes(kinds.flatMap(mostNamed));
}

// The ends of the scale are named where they are told apart, and only among names with enough mentions.
function extremes(all) {
  const sorted = all.filter(ranked).sort((a, b) => a.sentiment - b.sentiment), low = sorted[0], high = sorted[sorted.length - 1];
  if (sorted.length < 2) finding("tone", sorted.length ? `Only one of the most named has ${data.enough} mentions with a tone.` : `None of the most named has ${data.enough} mentions with a tone: too few to say how they were spoken of.`);
  else if (farApart(low, high)) finding("tone", "Of the most named, ", name(low.name), ` was spoken of most negatively (${measured(low)}), `, name(high.name), ` ${high.sentiment > 2 * high.error ? "most positively" : "least negatively"} (${measured(high)}).`);
  else finding("tone", "The tones of the most named are too near to one another to be told apart.");
}

function toneOf(label) {
  const rows = mostNamed(label);
  figure(ids("tone-charts"), {
    file: `tone-${ONE[label]}`, caption: `Mean tone, ${KINDS[label].toLowerCase()}`, heading: `How the most named were spoken of: ${KINDS[label].toLowerCase()}`,
    label: `Mean tone of ${KINDS[label].toLowerCase()}: ${rows.slice(0, 6).map((row) => `${clean(row.name)}, ${spoken(row)}`).join("; ")}.`,
    note: `−1 would be all negative, +1 all positive. The bar is two standard errors either way; grey: not told apart from 0; n: mentions with a tone, at least ${data.enough} for a dot.${known(data.usual) ? ` Dotted: all names, ${score(data.usual)}.` : ""}`,
    columns: [["Name", (row) => row.name], ["Articles", (row) => row.articles, true], ...toneColumns()],
    rows,
    draw: (width) => intervals(rows, width, { usual: data.usual }),
  });
  curves(rows);
}

function curves(rows) {
  const found = [];
  for (const row of rows) {
    const times = sum(row, (outlet, period) => period);
    const points = periods.map((day, period) => ({ period, date: date(day), end: date(ends[period]), ...(times.get(period) || NOTHING) }));
    if (points.filter(ranked).length >= CURVE && found.length < CURVES) found.push([row, points]);
  }
  const grid = ids("tone-curves"), unit = data.overview.unit;
  ids("curve-note").hidden = !found.length;
  if (!found.length) {
    grid.replaceChildren(el("p", { class: "note" }, `No curves over time: none of these names has ${CURVE} ${unit}s with ${data.enough} mentions or more.`));
    return;
  }
  // A wide interval is cut at the edge, so that the curves themselves can be told apart.
  const limit = reach(found.flatMap(([, points]) => points.filter(ranked).map((point) => Math.max(0.2, 1.2 * Math.abs(point.sentiment)))));
  found.forEach(([row, points], index) => curve(grid, row, points, limit, index));
}

function curve(grid, row, points, limit, index) {
  const unit = data.overview.unit, inside = (value) => Math.max(-limit, Math.min(limit, value));
  const middle = (point) => new Date((point.date.getTime() + point.end.getTime()) / 2);
  // Where too few mentions carry a tone, the curve has a gap.
  const value = (of) => (point) => ranked(point) ? inside(of(point)) : NaN;
  const alone = points.filter((point, at) => ranked(point) && !(points[at - 1] && ranked(points[at - 1])) && !(points[at + 1] && ranked(points[at + 1])));
  figure(grid, {
    file: `tone-over-time-${index + 1}`, caption: row.name, heading: `Tone toward ${clean(row.name)} by ${unit}`,
    label: `Tone toward ${clean(row.name)} by ${unit}; ${spoken(row)} on the whole.`,
    columns: [[unit[0].toUpperCase() + unit.slice(1), (point) => called(point.period)], ["Articles", (point) => point.articles, true], ...toneColumns()],
    rows: points.filter((point) => point.articles),
    draw: (width) => plot({
      width, height: 150, marginLeft: 38, marginRight: 12, marginTop: 10, marginBottom: 34,
      x: { type: "utc", domain: [date(periods[choice.from]), date(ends[choice.to])], ticks: width < 300 ? 3 : 4, label: null },
      y: { domain: [-limit, limit], ticks: [-limit, 0, limit], label: null, tickFormat: signed },
      marks: [
        charts.ruleY([-limit, limit], { stroke: "var(--line)" }), charts.ruleY([0], { stroke: "var(--muted)", strokeOpacity: 0.7 }),
        known(data.usual) ? charts.ruleY([inside(data.usual)], { stroke: "var(--muted)", strokeDasharray: "2,3" }) : null,
        charts.areaY(points, { x: middle, y1: value((point) => point.sentiment - 2 * point.error), y2: value((point) => point.sentiment + 2 * point.error), fill: "var(--story)", fillOpacity: 0.18 }),
        charts.lineY(points, { x: middle, y: value((point) => point.sentiment), stroke: "var(--story)", strokeWidth: 1.8 }),
        charts.ruleX(alone, { x: middle, y1: (point) => inside(point.sentiment - 2 * point.error), y2: (point) => inside(point.sentiment + 2 * point.error), stroke: "var(--story)", strokeOpacity: 0.4, strokeWidth: 4 }),
        charts.dot(points.filter(ranked), { x: middle, y: (point) => inside(point.sentiment), r: 2.6, fill: "var(--story)", title: (point) => `${called(point.period)}: ${count(point.articles, "article")}, ${spoken(point)}`, tip: true }),
      ],
    }),
  });
}
