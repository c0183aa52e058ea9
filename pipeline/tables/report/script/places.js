// Where the news was.
const regions = new Intl.DisplayNames(["en"], { type: "region" });
const country = (code) => { try { return regions.of(code) || code; } catch { return code; } };
// Countries are shaded in classes, each from this many articles on.
const SHADES = [0.3, 0.45, 0.62, 0.8, 1];

function classes(most) {
  const steps = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 25000, 50000, 100000, 250000, 500000, 1000000].filter((step) => step <= most);
  const wanted = Math.min(SHADES.length, steps.length);
  // The first and the last are among them, the others evenly between.
  return [...new Set(Array.from({ length: wanted }, (_, index) => steps[wanted > 1 ? Math.round(index * (steps.length - 1) / (wanted - 1)) : 0]))];
}

function places() {
  const { countries, cities } = data.places;
  if (!countries.length && !cities.length) { ids("places").hidden = true; return; }
  const rows = countries.map((row) => ({ ...row, id: row.code, name: country(row.code), what: "country" }));
  if (rows.length) finding("places", name(rows[0].name), ` is named most: ${count(rows[0].articles, "article")} ${rows[0].articles === 1 ? "names" : "name"} it, its people or a place in it.`);
  const dots = cities.map((row) => ({ ...row, id: row.name + row.code, what: "city" }));
  const limits = classes(Math.max(1, ...rows.map((row) => row.articles)));
  figure(ids("places"), {
    file: "places", heading: "Countries and cities named",
    label: `A map of the world: countries shaded and cities dotted by articles that name them. Most: ${rows.slice(0, 5).map((row) => `${row.name} ${row.articles}`).join(", ")}.`,
    note: "Countries are shaded by the number of articles that name them, their people or a place in them; dots are cities, larger for more articles, coloured by tone, grey where it isn't told apart from 0. Places that could be one of several are left out.",
    columns: [["Place", (row) => row.name], ["Kind", (row) => row.what], ["Articles", (row) => row.articles, true], ...toneColumns()],
    rows: [...rows, ...dots],
    draw: (width) => map(width, rows, dots, limits),
  });
  const grid = el("div", { class: "columns two" });
  ids("places").append(grid);
  for (const [found, caption, file] of [[rows, "Countries", "countries"], [dots, "Cities", "cities"]]) {
    if (found.length) figure(grid, {
      file, caption, heading: `${caption} named in most articles`, label: `${caption} named in most articles: ${found.slice(0, 5).map((row) => `${clean(row.name)} ${row.articles}`).join(", ")}.`,
      columns: [["Place", (row) => row.name], ["Articles", (row) => row.articles, true], ...toneColumns()], rows: found,
      draw: (width) => bars(found.slice(0, 8), width),
    });
  }
}

function map(width, rows, dots, limits) {
  const shapes = charts.feature(data.world, data.world.objects.countries).features;
  const known = new Map(rows.map((row) => [row.code, row]));
  const shade = (articles) => SHADES[SHADES.length - limits.length + limits.findLastIndex((limit) => articles >= limit)];
  const step = Math.min(58, (width - 80) / limits.length);
  return plot({
    width, height: Math.round((width - 4) * 0.487) + 40, marginLeft: 2, marginRight: 2, marginTop: 2, marginBottom: 36, projection: { type: "equal-earth", domain: { type: "Sphere" } },
    r: { range: [1.5, Math.max(5, width / 80)], domain: [0, Math.max(1, ...dots.map((city) => city.articles))] }, opacity: { type: "identity" },
    marks: [
      charts.sphere({ fill: "var(--sea)", stroke: "var(--line)" }),
      charts.geo(shapes, { fill: "var(--land)", stroke: "var(--sea)", strokeWidth: 0.5 }),
      charts.geo(shapes.filter((shape) => known.has(shape.id)), { fill: "var(--story)", fillOpacity: (shape) => shade(known.get(shape.id).articles), stroke: "var(--sea)", strokeWidth: 0.5,
        title: (shape) => `${country(shape.id)}: ${count(known.get(shape.id).articles, "article")}` }),
      charts.dot(dots, { x: "longitude", y: "latitude", r: "articles", fill: { value: colour, scale: null }, stroke: "var(--card)", strokeWidth: 1,
        title: (city) => `${clean(city.name)}: ${count(city.articles, "article")}, ${spoken(city)}`, tip: true }),
      ...limits.flatMap((limit, index) => [
        charts.text(["■"], { frameAnchor: "bottom-left", text: (words) => words, dx: index * step, dy: 18, fontSize: 17, fill: "var(--story)", fillOpacity: shade(limit), textAnchor: "start" }),
        charts.text([index === limits.length - 1 ? `${number(limit)}+ articles` : `${number(limit)}+`], { frameAnchor: "bottom-left", text: (words) => words, dx: index * step + 16, dy: 19, fill: "var(--muted)", fontSize: 11, textAnchor: "start" }),
      ]),
    ],
  });
}
