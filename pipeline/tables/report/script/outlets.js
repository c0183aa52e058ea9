// Outlets side by side, in the time that is chosen.
const NARROWEST = 46;

function outlets() {
  const section = ids("outlets"), period = (outlet, at) => !timed() || (at >= choice.from && at <= choice.to);
  section.querySelector(".columns")?.remove();
  const found = coverage((outlet) => outlet, period);
  const rows = data.listed.map((source, place) => ({ id: source, name: source, place, ...found.get(place) })).filter((row) => row.articles).sort((a, b) => b.articles - a.articles || a.place - b.place).slice(0, 16);
  section.hidden = !data.listed.length;
  if (!data.listed.length) return;
  compare(rows);
  const grid = el("div", { class: "columns two" });
  section.append(grid);
  if (!rows.length) return;
  // A tone beside none says nothing: then the outlets are counted.
  if (rows.filter(ranked).length < 2) {
    figure(grid, {
      file: "outlets", caption: "Articles", heading: "Articles by outlet", label: `Articles by outlet: ${rows.slice(0, 6).map((row) => `${clean(row.name)} ${row.articles}`).join(", ")}.`,
      columns: [["Outlet", (row) => row.name], ["Articles", (row) => row.articles, true], ["Copies", (row) => row.copies, true], ...toneColumns("Articles with a tone")],
      rows,
      draw: (width) => bars(rows, width, { fill: () => "var(--story)" }),
    });
    return;
  }
  figure(grid, {
    file: "tone-of-outlets", caption: "Mean tone of their articles", heading: "Mean tone of articles by outlet",
    label: `Mean tone by outlet: ${rows.slice(0, 6).map((row) => `${clean(row.name)}, ${ranked(row) ? score(row.sentiment) : "too few articles"}`).join("; ")}.`,
    note: `Those with most articles. The bar is two standard errors either way; n: articles with a tone, at least ${data.enough} for a dot. No measure of fairness: an outlet that reports on courts looks harsher than one that reports on galas.`,
    columns: [["Outlet", (row) => row.name], ["Articles", (row) => row.articles, true], ["Copies", (row) => row.copies, true], ...toneColumns("Articles with a tone")],
    rows,
    draw: (width) => intervals(rows, width),
  });
  heatmap(grid, rows.slice(0, 9), period);
}

function compare(rows) {
  const sorted = rows.filter(ranked).sort((a, b) => a.sentiment - b.sentiment), low = sorted[0], high = sorted[sorted.length - 1],
    when = timed() ? `${times()}: ` : "";
  if (sorted.length > 1 && farApart(low, high)) finding("outlets", when, "Of the largest outlets, ", name(low.name), ` has the most negative articles (${measured(low)}), `, name(high.name), ` the least negative (${measured(high)}).`);
  else if (sorted.length > 1) finding("outlets", when, "The tones of the largest outlets are too near to one another to be told apart.");
  else finding("outlets", when, `Fewer than two outlets have ${data.enough} articles with a tone: too few to compare them.`);
}

function heatmap(grid, rows, period) {
  const places = new Map(rows.map((row, index) => [row.place, index]));
  const cells = data.entities.filter((entity) => entity.label === "PERSON" || entity.label === "ORG").map((entity) => ({ entity, by: sum(entity, (outlet) => outlet, (outlet, at) => places.has(outlet) && period(outlet, at)) }))
    .filter(({ by }) => by.size > 1).sort((a, b) => total(b.by) - total(a.by)).slice(0, 10);
  const flat = cells.flatMap(({ entity, by }) => rows.filter((row) => by.has(row.place)).map((row) => ({ id: entity.id, name: entity.name, source: row.name, ...by.get(row.place) })));
  if (!flat.some(ranked)) { grid.append(el("p", { class: "note" }, `No outlet has ${data.enough} mentions of a name that another names, too: too few to say how they speak of the same names.`)); return; }
  figure(grid, {
    file: "outlets-on-names", caption: "How they speak of the same names", heading: "How outlets speak of the same names",
    label: `Tone by outlet and name, for ${cells.map(({ entity }) => clean(entity.name)).join(", ")}.`,
    note: `Mean tone above, n (mentions with a tone) below; grey: not told apart from 0; no tone under n = ${data.enough}. As many outlets as fit here; the figures have more.`,
    columns: [["Name", (row) => row.name], ["Outlet", (row) => row.source], ["Articles", (row) => row.articles, true], ...toneColumns()],
    rows: flat,
    draw: (width) => tiles(width, cells.map(({ entity }) => entity), rows.map((row) => row.name), flat),
  });
}
const total = (by) => [...by.values()].reduce((all, row) => all + row.articles, 0);

function tiles(width, entities, sources, flat) {
  const left = Math.min(130, width * 0.3), right = 44, fits = Math.max(2, Math.floor((width - left - right) / NARROWEST)), shownSources = sources.slice(0, fits);
  const rows = flat.filter((row) => shownSources.includes(row.source)), enough = rows.filter(ranked), cell = (width - left - right) / shownSources.length;
  return plot({
    width, height: entities.length * 40 + 112, marginLeft: left, marginTop: 108, marginRight: right, marginBottom: 2,
    x: { type: "band", domain: shownSources, axis: null, padding: 0 },
    y: { type: "band", domain: entities.map((entity) => entity.id), axis: null, padding: 0 },
    marks: [
      charts.cell(rows, { x: "source", y: "id", fill: { value: (row) => ranked(row) ? colour(row) : "var(--soft)", scale: null }, inset: 1,
        title: (row) => `${clean(row.name)} in ${clean(row.source)}: ${count(row.articles, "article")}, ${spoken(row)}`, tip: true }),
      charts.text(enough, { x: "source", y: "id", text: (row) => score(row.sentiment), fontSize: 12, fontWeight: 600, dy: -6, fill: { value: (row) => ON_TONES[mood(row)], scale: null } }),
      charts.text(enough, { x: "source", y: "id", text: (row) => number(row.n), fontSize: 10, dy: 9, fill: { value: (row) => ON_TONES[mood(row)], scale: null } }),
      charts.text(rows.filter((row) => !ranked(row)), { x: "source", y: "id", text: (row) => `n ${number(row.n)}`, fontSize: 10, fill: "var(--muted)" }),
      charts.text(shownSources, { x: (source) => source, y: () => entities[0].id, text: (source, index) => cut(source, Math.min(125, (right + cell * (shownSources.length - index - 0.5)) * 1.45), 12), rotate: -45, textAnchor: "start", dy: -24, fill: "currentColor", className: "turned" }),
      charts.text(entities, { x: () => shownSources[0], y: "id", text: (entity) => cut(entity.name, left - 12, 12), href: (entity) => link(entity.id), textAnchor: "end", dx: -cell / 2 - 8, fill: "currentColor" }),
    ],
  });
}
