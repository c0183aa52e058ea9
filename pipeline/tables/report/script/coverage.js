// Who speaks, when, who with whom, where, and in which outlets.
function voices() {
  const { speakers, tones } = data.voices;
  if (!speakers.length && !tones.length) { ids("voices").hidden = true; return; }
  if (speakers.length) finding("voices", name(speakers[0].name), ` is quoted most, in ${count(speakers[0].sentences, "sentence")} of ${count(speakers[0].articles, "article")}.`);
  const grid = el("div", { class: "columns two" });
  ids("voices").append(grid);
  const limit = reach(tones.flatMap((row) => [row.own, row.quoted]));
  if (speakers.length) figure(grid, {
    caption: "Quoted most, in sentences",
    label: `Who is quoted in most sentences: ${speakers.slice(0, 5).map((row) => `${clean(row.name)} ${row.sentences}`).join(", ")}.`,
    columns: [["Name", (row) => row.name], ["Sentences", (row) => row.sentences, true], ["Articles", (row) => row.articles, true], ["Tone of the words", (row) => measured(row, "sentence"), true]],
    rows: speakers,
    draw: (width) => bars(speakers.map((row) => ({ ...row, articles: row.sentences })), width),
  });
  if (tones.length) figure(grid, {
    caption: "Spoken of by outlets themselves (filled) and by those they quote (ring)",
    label: `Tone in the outlets' own voice and in quotations: ${tones.slice(0, 5).map((row) => `${clean(row.name)} ${score(row.own)} and ${score(row.quoted)}`).join(", ")}.`,
    columns: [["Name", (row) => row.name], ["Own mentions", (row) => row.own_mentions, true], ["Own voice", (row) => within(row.own, row.own_error), true], ["Quoted mentions", (row) => row.quoted_mentions, true], ["In quotations", (row) => within(row.quoted, row.quoted_error), true]],
    rows: tones,
    draw: (width) => plot({
      width, height: tones.length * 38 + 40, marginLeft: 8, marginRight: 8, marginTop: 24, marginBottom: 4,
      x: { domain: [-limit, limit], label: null, axis: "top", ticks: [-limit, -limit / 2, 0, limit / 2, limit], tickFormat: signed },
      y: { domain: tones.map((row) => row.id), axis: null, padding: 1, align: 0.7 },
      marks: [
        charts.ruleX([0], { stroke: "var(--muted)" }), charts.ruleY(tones, { y: "id", stroke: "var(--line)" }),
        charts.ruleY(tones, { y: "id", x1: "own", x2: "quoted", stroke: "var(--muted)", strokeWidth: 2 }),
        charts.dot(tones, { x: "quoted", y: "id", r: 5.5, fill: "var(--paper)", stroke: { value: (row) => apart(row.quoted, row.quoted_error) ? tone(row.quoted) : TONES[3], scale: null }, strokeWidth: 2.5 }),
        charts.dot(tones, { x: "own", y: "id", r: 6, fill: { value: (row) => apart(row.own, row.own_error) ? tone(row.own) : TONES[3], scale: null }, stroke: "var(--paper)",
          title: (row) => `${clean(row.name)}: own voice ${within(row.own, row.own_error)}, quotations ${within(row.quoted, row.quoted_error)}`, tip: true }),
        charts.text(tones, { x: -limit, y: "id", text: (row) => short(row.name, Math.floor(width / 9)), textAnchor: "start", dy: -9, fill: "currentColor", fontWeight: 500 }),
      ],
    }),
  });
}

function overTime() {
  const rows = data.time.map((row) => ({ ...row, date: date(row.day) }));
  if (!rows.length) { ids("time").hidden = true; return; }
  const unit = data.overview.unit, peak = rows.reduce((most, row) => row.stories + row.copies > most.stories + most.copies ? row : most);
  const undated = data.overview.undated ? ` ${count(data.overview.undated, "article")} without a date ${data.overview.undated === 1 ? "is" : "are"} not in the chart.` : "";
  finding("time", `The most in one ${unit} were ${number(peak.stories + peak.copies)}, ${unit === "day" ? "on" : "in the " + unit + " of"} ${shown(peak.date)}.${undated}`);
  const long = rows.flatMap((row) => [{ ...row, kind: "stories", articles: row.stories }, { ...row, kind: "copies", articles: row.copies }]);
  figure(ids("time"), {
    label: `Articles by ${unit}, stories and copies of them. The most were ${peak.stories + peak.copies}, from ${shown(peak.date)}.`,
    columns: [[unit[0].toUpperCase() + unit.slice(1) + " of", (row) => row.day], ["Stories", (row) => row.stories, true], ["Copies", (row) => row.copies, true]],
    rows,
    draw: (width) => plot({
      width, height: Math.min(320, 180 + width / 8), marginLeft: 44, marginRight: 6,
      x: { type: "utc", label: null }, y: { grid: true, label: "articles", tickFormat: "~s", ticks: 4 },
      color: { domain: ["stories", "copies"], range: ["var(--story)", "var(--copy)"], legend: true },
      marks: [charts.rectY(long, { x: "date", y: "articles", fill: "kind", interval: unit, inset: width / rows.length > 6 ? 0.5 : 0, order: ["stories", "copies"],
        title: (row) => `${shown(row.date)}: ${number(row.articles)} ${row.kind}`, tip: { format: { x: false, y: false, fill: false } } }), charts.ruleY([0], { stroke: "currentColor" })],
    }),
  });
}

function together() {
  const { nodes, links } = data.together;
  if (!links.length) { ids("together").hidden = true; return; }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const named = links.map((link) => ({ a: byId.get(link.source), b: byId.get(link.target), articles: link.articles }));
  const first = named[0];
  finding("together", name(first.a.name), " and ", name(first.b.name), ` are named together most often, in ${count(first.articles, "article")}.`);
  figure(ids("together"), {
    label: `A network of people and organisations named in the same articles. Strongest: ${named.slice(0, 5).map((link) => `${clean(link.a.name)} and ${clean(link.b.name)}, ${link.articles}`).join("; ")}.`,
    columns: [["Name", (link) => link.a.name], ["Named with", (link) => link.b.name], ["Articles", (link) => link.articles, true]],
    rows: named,
    draw: (width) => network(width, nodes, links),
  });
  ids("together").append(el("p", { class: "note" }, "Circles are people, squares organisations; colour is their tone, size the number of articles that name them."));
}

function network(width, allNodes, allLinks) {
  const small = width < 560;
  const links = allLinks.slice(0, small ? 22 : 60).map((link) => ({ ...link }));
  const kept = new Set(links.flatMap((link) => [link.source, link.target]));
  const nodes = allNodes.filter((node) => kept.has(node.id)).map((node) => ({ ...node }));
  const height = small ? 520 : Math.min(640, Math.max(420, width * 0.56));
  const radius = charts.scaleSqrt([0, Math.max(...nodes.map((node) => node.articles))], [0, small ? 13 : 20]);
  const strength = Math.max(...links.map((link) => link.articles));
  charts.forceSimulation(nodes).force("link", charts.forceLink(links).id((node) => node.id).distance(small ? 52 : 84).strength((link) => 0.25 + 0.5 * link.articles / strength))
    .force("charge", charts.forceManyBody().strength(small ? -170 : -330)).force("x", charts.forceX(width / 2).strength(small ? 0.16 : 0.07)).force("y", charts.forceY(height / 2).strength(0.13))
    .force("collide", charts.forceCollide((node) => Math.max(radius(node.articles) + (small ? 15 : 22), Math.min([...node.name].length, small ? 14 : 24) * (small ? 2.3 : 2.7)))).stop().tick(320);
  const edge = small ? 34 : 60;
  // All the room is used, whatever came out.
  for (const [axis, low, high] of [["x", edge, width - edge], ["y", 26, height - 36]]) {
    const [first, last] = charts.extent(nodes, (node) => node[axis]);
    for (const node of nodes) node[axis] = last > first ? low + (node[axis] - first) / (last - first) * (high - low) : (low + high) / 2;
  }
  const svg = charts.create("svg").attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`).attr("font-family", FONT).attr("font-size", small ? 11 : 12);
  svg.append("g").attr("stroke", "var(--muted)").selectAll("line").data(links).join("line").attr("x1", (d) => d.source.x).attr("y1", (d) => d.source.y)
    .attr("x2", (d) => d.target.x).attr("y2", (d) => d.target.y).attr("stroke-opacity", (d) => 0.18 + 0.45 * d.articles / strength).attr("stroke-width", (d) => 1 + 4 * d.articles / strength);
  const groups = svg.append("g").selectAll("g").data(nodes).join("g").attr("transform", (d) => `translate(${d.x},${d.y})`);
  groups.filter((d) => d.label === "PERSON").append("circle").attr("r", (d) => Math.max(3.5, radius(d.articles)));
  groups.filter((d) => d.label !== "PERSON").append("rect").each(function (d) {
    const side = Math.max(6.5, 1.8 * radius(d.articles)); this.setAttribute("width", side); this.setAttribute("height", side); this.setAttribute("x", -side / 2); this.setAttribute("y", -side / 2); this.setAttribute("rx", 2);
  });
  groups.selectAll("circle, rect").attr("fill", colour).attr("stroke", "var(--paper)").attr("stroke-width", 1.5);
  groups.append("title").text((d) => `${clean(d.name)}: ${count(d.articles, "article")}, tone ${measured(d)}`);
  groups.append("text").attr("text-anchor", "middle").attr("y", (d) => Math.max(4, radius(d.articles)) + 13).attr("fill", "currentColor").attr("stroke", "var(--paper)").attr("stroke-width", 3.5)
    .attr("paint-order", "stroke").attr("stroke-linejoin", "round").text((d) => short(d.name, small ? 14 : 24));
  return svg.node();
}

function places() {
  const { countries, cities } = data.places;
  if (!countries.length && !cities.length) { ids("places").hidden = true; return; }
  const shapes = charts.feature(data.world, data.world.objects.countries).features;
  const byCode = new Map(countries.map((country) => [country.code, country]));
  const regions = new Intl.DisplayNames(["en"], { type: "region" });
  const called = (code) => { try { return regions.of(code) || code; } catch { return code; } };
  const most = Math.max(1, ...countries.map((country) => country.articles));
  if (countries.length) finding("places", name(called(countries[0].code)), ` is where most of the news was: ${count(countries[0].articles, "article")} ${countries[0].articles === 1 ? "names" : "name"} it, its people or a place in it.`);
  const rows = [...countries.map((country) => ({ ...country, name: called(country.code), what: "country" })), ...cities.map((city) => ({ ...city, what: "city" }))];
  figure(ids("places"), {
    label: `A map of the world: countries shaded and cities dotted by articles that name them. Most: ${countries.slice(0, 5).map((country) => `${called(country.code)} ${country.articles}`).join(", ")}.`,
    columns: [["Place", (row) => row.name], ["Kind", (row) => row.what], ["Articles", (row) => row.articles, true], ["Tone", (row) => measured(row), true]],
    rows,
    draw: (width) => plot({
      width, height: Math.round(width * 0.5), margin: 2, projection: { type: "equal-earth", domain: { type: "Sphere" } },
      r: { range: [1.5, Math.max(5, width / 80)], domain: [0, Math.max(1, ...cities.map((city) => city.articles))] },
      opacity: { type: "sqrt", domain: [0, most], range: [0.12, 0.95] },
      marks: [
        charts.sphere({ fill: "var(--sea)", stroke: "var(--line)" }),
        charts.geo(shapes, { fill: "var(--land)", stroke: "var(--sea)", strokeWidth: 0.5 }),
        charts.geo(shapes.filter((shape) => byCode.has(shape.id)), { fill: "var(--story)", fillOpacity: (shape) => byCode.get(shape.id).articles, stroke: "var(--sea)", strokeWidth: 0.5,
          title: (shape) => `${called(shape.id)}: ${count(byCode.get(shape.id).articles, "article")}` }),
        charts.dot(cities, { x: "longitude", y: "latitude", r: "articles", fill: { value: colour, scale: null }, stroke: "var(--card)", strokeWidth: 1,
          title: (city) => `${clean(city.name)}: ${count(city.articles, "article")}, tone ${measured(city)}`, tip: true }),
      ],
    }),
  });
  ids("places").append(el("p", { class: "note" }, "Countries are darker the more articles name them; dots are cities, coloured by tone. Places that could be one of several are left out."));
}

function outlets() {
  const { outlets: rows, named: over, tones } = data.outlets;
  if (!rows.length) { ids("outlets").hidden = true; return; }
  const sorted = rows.filter(ranked).sort((a, b) => a.sentiment - b.sentiment);
  const low = sorted[0], high = sorted[sorted.length - 1];
  if (sorted.length > 1 && apart(high.sentiment - low.sentiment, Math.hypot(high.error, low.error))) finding("outlets", "The gloomiest is ", name(low.source), ` (${measured(low, "article")}), the brightest `, name(high.source), ` (${measured(high, "article")}).`);
  const grid = el("div", { class: "columns two" });
  ids("outlets").append(grid);
  const extent = Math.max(0.2, ...rows.map((row) => Math.abs(row.sentiment ?? 0))) * 1.15;
  figure(grid, {
    caption: "Mean tone of their articles",
    label: `Mean tone by outlet: ${rows.slice(0, 6).map((row) => `${clean(row.source)} ${score(row.sentiment)}`).join(", ")}.`,
    columns: [["Outlet", (row) => row.source], ["Articles", (row) => row.articles, true], ["Copies", (row) => row.copies, true], ["Tone", (row) => measured(row, "article"), true], ["From", (row) => row.first], ["To", (row) => row.last]],
    rows,
    draw: (width) => plot({
      width, height: rows.length * 32 + 56, marginLeft: 8, marginRight: 8, marginTop: 30, marginBottom: 4,
      x: { domain: [-extent, extent], label: null, axis: "top", ticks: 5, tickFormat: (value) => value ? score(value).slice(0, 4) : "0" }, y: { domain: rows.map((row) => row.source), axis: null, padding: 0.9, align: 1 },
      r: { range: [3, 11], domain: [0, rows[0].articles] },
      marks: [
        charts.ruleX([0], { stroke: "var(--muted)" }), charts.ruleY(rows, { y: "source", stroke: "var(--line)" }),
        charts.dot(rows.filter((row) => row.sentiment !== null), { x: "sentiment", y: "source", r: "articles", fill: { value: colour, scale: null }, stroke: "var(--paper)",
          title: (row) => `${clean(row.source)}: ${count(row.articles, "article")}, ${measured(row, "article")}`, tip: true }),
        charts.text(rows.filter((row) => (row.sentiment ?? 0) > 0), { x: -extent, y: "source", text: (row) => short(row.source, 26), textAnchor: "start", dy: -8, fill: "currentColor" }),
        charts.text(rows.filter((row) => (row.sentiment ?? 0) <= 0), { x: extent, y: "source", text: (row) => short(row.source, 26), textAnchor: "end", dy: -8, fill: "currentColor" }),
      ],
    }),
  });
  if (over.length) heatmap(grid, over, tones);
}

function heatmap(grid, over, tones) {
  const called = new Map(over.map((entity) => [entity.id, entity.name]));
  const sources = [...new Set(tones.map((row) => row.source))];
  figure(grid, {
    caption: "How outlets speak of the same names",
    label: `Tone by outlet and name, for ${over.map((entity) => clean(entity.name)).join(", ")}.`,
    columns: [["Name", (row) => called.get(row.id)], ["Outlet", (row) => row.source], ["Articles", (row) => row.articles, true], ["Tone", (row) => measured(row), true]],
    rows: tones,
    draw: (width) => {
      const left = Math.min(150, width * 0.36), narrow = width < 420;
      return plot({
        width, height: over.length * 34 + 116, marginLeft: left, marginTop: 112, marginRight: Math.min(64, width * 0.14), marginBottom: 2,
        x: { domain: sources, label: null, axis: "top", tickRotate: -45, tickSize: 0, tickFormat: (source) => short(source, 18) },
        y: { domain: over.map((entity) => entity.id), label: null, tickSize: 0, tickFormat: (id) => short(called.get(id), Math.floor(left / 7)) },
        marks: [
          charts.cell(tones, { x: "source", y: "id", fill: { value: colour, scale: null }, inset: 1, rx: 3,
            title: (row) => `${clean(called.get(row.id))} in ${clean(row.source)}: ${count(row.articles, "article")}, ${measured(row)}`, tip: true }),
          narrow ? null : charts.text(tones, { x: "source", y: "id", text: (row) => row.sentiment === null ? "" : score(row.sentiment), fontSize: 10.5,
            fill: { value: (row) => apart(row.sentiment, row.error) && Math.abs(row.sentiment) >= 0.4 ? "var(--paper)" : "var(--ink)", scale: null } }),
        ],
      });
    },
  });
}
