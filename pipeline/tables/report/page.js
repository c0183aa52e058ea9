// Draws the page from the data that it carries. Everything that comes out of articles goes into text nodes and
// attributes of values, never into markup.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const TONES = ["var(--n3)", "var(--n2)", "var(--n1)", "var(--z)", "var(--p1)", "var(--p2)", "var(--p3)"];
  const KINDS = {
    PERSON: "People", ORG: "Organisations", GPE: "Places", NORP: "Groups", LOC: "Regions", FAC: "Buildings",
    EVENT: "Events", PRODUCT: "Products", WORK_OF_ART: "Works", LAW: "Laws",
  };
  const ONE = {
    PERSON: "person", ORG: "organisation", GPE: "place", NORP: "group", LOC: "region", FAC: "building",
    EVENT: "event", PRODUCT: "product", WORK_OF_ART: "work", LAW: "law",
  };
  const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif';
  const PAGE = 20;

  const number = (value) => value.toLocaleString("en");
  const count = (value, one, many) => `${number(value)} ${value === 1 ? one : many || one + "s"}`;
  const score = (value) => value === null || value === undefined ? "not known" : (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
  const share = (part, whole) => whole ? `${(100 * part / whole).toFixed(part && part / whole < 0.1 ? 1 : 0)}%` : "0%";
  // Characters that would turn or hide the text around them.
  const clean = (text) => String(text ?? "").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, "");
  const short = (text, length) => { const all = [...clean(text)]; return all.length > length ? all.slice(0, length - 1).join("") + "…" : all.join(""); };
  const mood = (value) => value === null || value === undefined ? "neutral" : value >= 0.05 ? "positive" : value <= -0.05 ? "negative" : "neutral";
  const tone = (value) => value === null || value === undefined ? TONES[3]
    : TONES[value <= -0.4 ? 0 : value <= -0.2 ? 1 : value <= -0.05 ? 2 : value < 0.05 ? 3 : value < 0.2 ? 4 : value < 0.4 ? 5 : 6];
  const date = (day) => new Date(day + "T00:00:00Z");
  const shown = charts.utcFormat("%-d %B %Y");
  const ids = (id) => document.getElementById(id);

  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name === "class") node.className = value;
      else if (name === "on") for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
      else if (value !== null && value !== undefined) node.setAttribute(name, value);
    }
    node.append(...children.filter((child) => child !== null && child !== undefined));
    return node;
  }

  function finding(section, ...parts) {
    ids(section).querySelector(".finding").replaceChildren(...parts.map((part) => typeof part === "string" ? clean(part) : part));
  }
  const name = (text) => el("bdi", {}, el("strong", {}, clean(text)));

  // A table of figures. Columns: [title, row → value, numeric?].
  function table(columns, rows) {
    const head = el("tr", {}, ...columns.map(([title, , numeric]) => el("th", { scope: "col", class: numeric ? "n" : "" }, title)));
    const body = rows.map((row) => el("tr", {}, ...columns.map(([, value, numeric]) => {
      const found = value(row);
      return el("td", { class: numeric ? "n" : "" }, typeof found === "number" ? number(found) : found instanceof Node ? found : clean(found ?? "–"));
    })));
    return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Table of figures" },
      el("table", {}, el("thead", {}, head), el("tbody", {}, ...body)));
  }

  // A chart that is drawn for the width that it has, with a description and its figures as a table.
  function figure(parent, { caption, label, draw, columns, rows }) {
    const chart = el("div", { class: "chart" });
    const whole = el("figure", { "aria-label": label }, caption ? el("figcaption", {}, el("bdi", {}, clean(caption))) : null, chart);
    if (columns) {
      const figures = el("details", { class: "data" }, el("summary", {}, "The figures"));
      figures.addEventListener("toggle", () => { if (figures.open && figures.children.length === 1) figures.append(table(columns, rows)); });
      whole.append(figures);
    }
    parent.append(whole);
    let width = 0;
    const redraw = () => {
      const now = Math.floor(chart.clientWidth);
      if (!now || now === width) return;
      width = now;
      const drawn = draw(now);
      const svg = drawn.tagName === "svg" ? drawn : drawn.querySelector("svg:not([class*=ramp])") || drawn;
      svg.setAttribute("role", "img");
      svg.setAttribute("aria-label", clean(label));
      chart.replaceChildren(drawn);
    };
    new ResizeObserver(() => requestAnimationFrame(redraw)).observe(chart);
    redraw();
    return whole;
  }
  const style = { fontFamily: FONT, fontSize: "12px", background: "transparent", color: "var(--ink)" };
  const plot = (options) => charts.plot({ style, ...options });

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
        columns: [["Name", (row) => row.name], ["Articles", (row) => row.articles, true], ["Mentions", (row) => row.mentions, true], ["Tone", (row) => score(row.sentiment), true]],
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
        charts.barX(rows, { x: "articles", y: "id", insetTop: 21, insetBottom: 6, rx: 2, fill: { value: (row) => tone(row.sentiment), scale: null } }),
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
      for (const row of data.named[label].filter((found) => found.time.length).slice(0, 9)) toneOverTime(row);
    };
    ids("tone-kinds").append(...kinds.map((label) => el("button", { type: "button", value: label, on: { click: () => show(label) } }, KINDS[label])));
    show(kinds[0]);
    const all = kinds.flatMap((label) => data.named[label]).filter((row) => row.sentiment !== null && row.articles > 1);
    if (all.length > 1) {
      const sorted = [...all].sort((a, b) => a.sentiment - b.sentiment);
      const low = sorted[0], high = sorted[sorted.length - 1];
      finding("tone", "Among the most named, ", name(high.name), ` was spoken of most kindly (${score(high.sentiment)}), `, name(low.name), ` most harshly (${score(low.sentiment)}).`);
    }
  }

  function toneOverTime(row) {
    const points = row.time.map((point) => ({ ...point, date: date(point.day) }));
    const known = points.filter((point) => point.sentiment !== null);
    const most = Math.max(1, ...points.map((point) => point.articles));
    figure(ids("tone-charts"), {
      caption: row.name,
      label: `Tone of articles that name ${clean(row.name)} over time; ${score(row.sentiment)} on average.`,
      columns: [["From", (point) => point.day], ["Articles", (point) => point.articles, true], ["Tone", (point) => score(point.sentiment), true]],
      rows: points,
      draw: (width) => plot({
        width, height: 140, marginLeft: 30, marginRight: 8, marginTop: 8, marginBottom: 34,
        x: { type: "utc", domain: [date(data.overview.first), date(data.overview.last)], ticks: width < 300 ? 3 : 4, label: null },
        y: { domain: [-1, 1], ticks: [-1, 0, 1], label: null, tickFormat: (value) => value === 0 ? "0" : value < 0 ? "−1" : "+1" },
        r: { range: [2.5, 8], domain: [0, most] },
        marks: [
          charts.ruleY([-1, 1], { stroke: "var(--line)" }), charts.ruleY([0], { stroke: "var(--muted)", strokeOpacity: 0.7 }),
          known.length > 1 ? charts.lineY(known, { x: "date", y: "sentiment", stroke: "var(--muted)", strokeWidth: 1.2, curve: "monotone-x" }) : null,
          charts.dot(known, { x: "date", y: "sentiment", r: "articles", fill: { value: (point) => tone(point.sentiment), scale: null }, stroke: "var(--paper)",
            title: (point) => `${shown(point.date)}: ${count(point.articles, "article")}, ${score(point.sentiment)}`, tip: true }),
        ],
      }),
    });
  }

  // The list of entities: built as it is looked at.
  const plain = (text) => clean(text).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  function search() {
    const entities = data.entities.map((entity) => ({ ...entity, plain: plain(entity.name) }));
    if (!entities.length) { ids("search").hidden = true; return; }
    const kinds = [...new Set(entities.map((entity) => entity.label))];
    ids("kind").append(el("option", { value: "" }, "All kinds"), ...Object.keys(KINDS).filter((label) => kinds.includes(label)).map((label) => el("option", { value: label }, KINDS[label])));
    const orders = {
      articles: (a, b) => b.articles - a.articles, name: (a, b) => a.plain < b.plain ? -1 : 1,
      positive: (a, b) => (b.sentiment ?? -2) - (a.sentiment ?? -2), negative: (a, b) => (a.sentiment ?? 2) - (b.sentiment ?? 2),
    };
    let limit = PAGE;
    const list = () => {
      const words = plain(ids("query").value).split(/\s+/).filter(Boolean), kind = ids("kind").value;
      const found = entities.filter((entity) => (!kind || entity.label === kind) && words.every((word) => entity.plain.includes(word)));
      found.sort(orders[ids("order").value]);
      ids("entities").replaceChildren(...found.slice(0, limit).map(entry));
      ids("more").parentElement.hidden = found.length <= limit;
      const of = data.overview.entities > entities.length ? `; the page holds the ${number(entities.length)} most named of ${number(data.overview.entities)}` : "";
      ids("found").textContent = `${count(found.length, "name")} found${of}.`;
    };
    const again = () => { limit = PAGE; list(); };
    ids("query").addEventListener("input", again);
    for (const id of ["kind", "order"]) ids(id).addEventListener("change", again);
    ids("more").addEventListener("click", () => { limit += PAGE; list(); });
    list();
  }

  function entry(entity) {
    const item = el("details", { class: "entity", "data-entity": entity.id },
      el("summary", {}, el("span", { class: "name" }, clean(entity.name)),
        el("span", { class: "what" }, `${ONE[entity.label] || "name"} · ${count(entity.articles, "article")} · ${count(entity.mentions, "mention")}`),
        el("span", { class: "side" }, sparkline(entity), el("span", { class: "pill " + mood(entity.sentiment) }, score(entity.sentiment)))));
    item.addEventListener("toggle", () => { if (item.open && item.children.length === 1) item.append(body(entity)); });
    return item;
  }

  function sparkline(entity) {
    const days = data.bins, most = Math.max(1, ...Object.values(entity.time));
    const svg = charts.create("svg:svg").attr("class", "spark").attr("viewBox", `0 0 ${Math.max(days.length, 1)} 10`).attr("preserveAspectRatio", "none").attr("aria-hidden", "true");
    const bar = days.map((day, index) => { const value = entity.time[day]; return value ? `M${index},10V${(10 - 9 * value / most).toFixed(2)}h.8V10z` : ""; }).join("");
    svg.append("path").attr("d", bar || "M0,10").attr("fill", "var(--muted)");
    return svg.node();
  }

  function body(entity) {
    const [negative, neutral, positive] = entity.tones, all = negative + neutral + positive;
    const bar = el("div", { class: "tones", role: "img", "aria-label": `${negative} negative, ${neutral} neutral, ${positive} positive mentions` });
    for (const [part, colour] of [[negative, "var(--n2)"], [neutral, "var(--z)"], [positive, "var(--p2)"]]) {
      const piece = el("span"); piece.style.width = `${all ? 100 * part / all : 0}%`; piece.style.background = colour; bar.append(piece);
    }
    const parts = [bar, el("p", { class: "note" }, all ? `${count(negative, "negative", "negative")}, ${count(neutral, "neutral", "neutral")} and ${count(positive, "positive", "positive")} mentions, in ${count(entity.outlets, "outlet")}. The strongest:` : "No model of their language ran on the articles that name it.")];
    for (const found of entity.evidence) {
      const quote = el("blockquote", {}, el("p", { dir: "auto" }, ...found.pieces.map((piece, index) => index % 2 ? el("mark", {}, clean(piece)) : clean(piece))));
      quote.style.borderLeftColor = tone(found.sentiment);
      const source = [found.source, found.day].filter(Boolean).map(clean).join(", ");
      const title = clean(found.title || "Untitled");
      const safe = /^https?:\/\//i.test(found.url || "");
      quote.append(el("footer", {}, el("span", { class: mood(found.sentiment) }, score(found.sentiment)), " · ",
        el("bdi", {}, safe ? el("a", { href: found.url, rel: "noopener noreferrer nofollow", target: "_blank" }, title) : title), source ? " · " : "", el("bdi", {}, source)));
      parts.push(quote);
    }
    return el("div", { class: "body" }, ...parts);
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
    let height = small ? 520 : Math.min(640, Math.max(420, width * 0.56));
    const radius = charts.scaleSqrt([0, Math.max(...nodes.map((node) => node.articles))], [0, small ? 13 : 20]);
    const strength = Math.max(...links.map((link) => link.articles));
    charts.forceSimulation(nodes).force("link", charts.forceLink(links).id((node) => node.id).distance(small ? 52 : 84).strength((link) => 0.25 + 0.5 * link.articles / strength))
      .force("charge", charts.forceManyBody().strength(small ? -170 : -330)).force("x", charts.forceX(width / 2).strength(small ? 0.16 : 0.07)).force("y", charts.forceY(height / 2).strength(0.13))
      .force("collide", charts.forceCollide((node) => Math.max(radius(node.articles) + (small ? 15 : 22), Math.min([...node.name].length, small ? 14 : 24) * (small ? 2.3 : 2.7)))).stop().tick(320);
    const edge = small ? 34 : 60;
    for (const node of nodes) { node.x = Math.max(edge, Math.min(width - edge, node.x)); node.y = Math.max(20, Math.min(height - 26, node.y)); }
    const top = Math.min(...nodes.map((node) => node.y)) - 24;
    for (const node of nodes) node.y -= top;
    height = Math.max(...nodes.map((node) => node.y)) + 36;
    const svg = charts.create("svg").attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`).attr("font-family", FONT).attr("font-size", small ? 11 : 12);
    svg.append("g").attr("stroke", "var(--muted)").selectAll("line").data(links).join("line").attr("x1", (d) => d.source.x).attr("y1", (d) => d.source.y)
      .attr("x2", (d) => d.target.x).attr("y2", (d) => d.target.y).attr("stroke-opacity", (d) => 0.18 + 0.45 * d.articles / strength).attr("stroke-width", (d) => 1 + 4 * d.articles / strength);
    const groups = svg.append("g").selectAll("g").data(nodes).join("g").attr("transform", (d) => `translate(${d.x},${d.y})`);
    groups.filter((d) => d.label === "PERSON").append("circle").attr("r", (d) => Math.max(3.5, radius(d.articles)));
    groups.filter((d) => d.label !== "PERSON").append("rect").each(function (d) {
      const side = Math.max(6.5, 1.8 * radius(d.articles)); this.setAttribute("width", side); this.setAttribute("height", side); this.setAttribute("x", -side / 2); this.setAttribute("y", -side / 2); this.setAttribute("rx", 2);
    });
    groups.selectAll("circle, rect").attr("fill", (d) => tone(d.sentiment)).attr("stroke", "var(--paper)").attr("stroke-width", 1.5);
    groups.append("title").text((d) => `${clean(d.name)}: ${count(d.articles, "article")}, tone ${score(d.sentiment)}`);
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
      columns: [["Place", (row) => row.name], ["Kind", (row) => row.what], ["Articles", (row) => row.articles, true], ["Tone", (row) => score(row.sentiment), true]],
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
          charts.dot(cities, { x: "longitude", y: "latitude", r: "articles", fill: { value: (city) => tone(city.sentiment), scale: null }, stroke: "var(--card)", strokeWidth: 1,
            title: (city) => `${clean(city.name)}: ${count(city.articles, "article")}, tone ${score(city.sentiment)}`, tip: true }),
        ],
      }),
    });
    ids("places").append(el("p", { class: "note" }, "Countries are darker the more articles name them; dots are cities, coloured by tone. Places that could be one of several are left out."));
  }

  function outlets() {
    const { outlets: rows, named: over, tones } = data.outlets;
    if (!rows.length) { ids("outlets").hidden = true; return; }
    const known = rows.filter((row) => row.sentiment !== null && row.articles > 1);
    const sorted = [...known].sort((a, b) => a.sentiment - b.sentiment);
    if (sorted.length > 1) finding("outlets", "The gloomiest is ", name(sorted[0].source), ` (${score(sorted[0].sentiment)}), the brightest `, name(sorted[sorted.length - 1].source), ` (${score(sorted[sorted.length - 1].sentiment)}).`);
    const grid = el("div", { class: "columns two" });
    ids("outlets").append(grid);
    const extent = Math.max(0.2, ...rows.map((row) => Math.abs(row.sentiment ?? 0))) * 1.15;
    figure(grid, {
      caption: "Mean tone of their articles",
      label: `Mean tone by outlet: ${rows.slice(0, 6).map((row) => `${clean(row.source)} ${score(row.sentiment)}`).join(", ")}.`,
      columns: [["Outlet", (row) => row.source], ["Articles", (row) => row.articles, true], ["Copies", (row) => row.copies, true], ["Tone", (row) => score(row.sentiment), true], ["From", (row) => row.first], ["To", (row) => row.last]],
      rows,
      draw: (width) => plot({
        width, height: rows.length * 32 + 56, marginLeft: 8, marginRight: 8, marginTop: 30, marginBottom: 4,
        x: { domain: [-extent, extent], label: null, axis: "top", ticks: 5, tickFormat: (value) => value ? score(value).slice(0, 4) : "0" }, y: { domain: rows.map((row) => row.source), axis: null, padding: 0.9, align: 1 },
        r: { range: [3, 11], domain: [0, rows[0].articles] },
        marks: [
          charts.ruleX([0], { stroke: "var(--muted)" }), charts.ruleY(rows, { y: "source", stroke: "var(--line)" }),
          charts.dot(rows.filter((row) => row.sentiment !== null), { x: "sentiment", y: "source", r: "articles", fill: { value: (row) => tone(row.sentiment), scale: null }, stroke: "var(--paper)",
            title: (row) => `${clean(row.source)}: ${count(row.articles, "article")}, ${score(row.sentiment)}`, tip: true }),
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
      columns: [["Name", (row) => called.get(row.id)], ["Outlet", (row) => row.source], ["Articles", (row) => row.articles, true], ["Tone", (row) => score(row.sentiment), true]],
      rows: tones,
      draw: (width) => {
        const left = Math.min(150, width * 0.36), narrow = width < 420;
        return plot({
          width, height: over.length * 34 + 116, marginLeft: left, marginTop: 112, marginRight: Math.min(64, width * 0.14), marginBottom: 2,
          x: { domain: sources, label: null, axis: "top", tickRotate: -45, tickSize: 0, tickFormat: (source) => short(source, 18) },
          y: { domain: over.map((entity) => entity.id), label: null, tickSize: 0, tickFormat: (id) => short(called.get(id), Math.floor(left / 7)) },
          marks: [
            charts.cell(tones, { x: "source", y: "id", fill: { value: (row) => tone(row.sentiment), scale: null }, inset: 1, rx: 3,
              title: (row) => `${clean(called.get(row.id))} in ${clean(row.source)}: ${count(row.articles, "article")}, ${score(row.sentiment)}`, tip: true }),
            narrow ? null : charts.text(tones, { x: "source", y: "id", text: (row) => row.sentiment === null ? "" : score(row.sentiment), fontSize: 10.5,
              fill: { value: (row) => Math.abs(row.sentiment ?? 0) >= 0.4 ? "var(--paper)" : "var(--ink)", scale: null } }),
          ],
        });
      },
    });
  }

  function copies() {
    const { spread, languages, overview } = data;
    const copied = overview.articles - overview.stories;
    finding("copies", copied ? `${count(copied, "article")} of ${number(overview.articles)} (${share(copied, overview.articles)}) ${copied === 1 ? "is a copy" : "are copies"} of another.` : "No article is a copy of another.");
    const grid = el("div", { class: "columns two" });
    ids("copies").append(grid);
    if (spread.length) {
      grid.append(el("div", {}, el("h3", {}, "Stories printed most often"), table([["Story", (row) => row.title || "Untitled"], ["Outlets", (row) => row.outlets, true], ["Printed", (row) => row.printed, true],
        ["Within", (row) => row.hours === null ? "–" : row.hours < 48 ? `${row.hours} h` : `${(row.hours / 24).toFixed(0)} days`, true]], spread)));
    }
    const names = new Intl.DisplayNames(["en"], { type: "language" });
    const called = (code) => { if (!code) return "not known"; try { return names.of(code); } catch { return clean(code); } };
    figure(grid, {
      caption: "Languages",
      label: `Articles by language: ${languages.slice(0, 6).map((row) => `${called(row.language)} ${row.articles}`).join(", ")}.`,
      columns: [["Language", (row) => called(row.language)], ["Articles", (row) => row.articles, true], ["Copies", (row) => row.copies, true], ["Read for names", (row) => row.read_for_names, true]],
      rows: languages,
      draw: (width) => plot({
        width, height: languages.length * 30 + 8, marginLeft: 100, marginRight: 52, marginTop: 2, marginBottom: 2,
        x: { axis: null, type: "sqrt", domain: [0, Math.max(...languages.map((row) => row.articles))] }, y: { domain: languages.map((row) => row.language ?? ""), label: null, tickSize: 0, tickFormat: (code) => short(called(code), 15) },
        marks: [
          charts.barX(languages, { x: "articles", y: (row) => row.language ?? "", fill: { value: (row) => row.read_for_names ? "var(--story)" : "var(--z)", scale: null }, rx: 2, insetTop: 3, insetBottom: 3 }),
          charts.text(languages, { x: "articles", y: (row) => row.language ?? "", text: (row) => number(row.articles), textAnchor: "start", dx: 6, fill: "var(--muted)" }),
        ],
      }),
    });
    grid.lastChild.append(el("p", { class: "note" }, "Grey: no model of the language ran. Lengths grow with the root of the number."));
  }

  function ledger() {
    const f = data.flow, o = data.overview, records = o.articles + o.rejects;
    finding("ledger", `Of ${count(records, "record")}, ${number(o.articles)} (${share(o.articles, records)}) became articles and ${number(o.rejects)} (${share(o.rejects, records)}) rejects. ${records === data.speed.records ? "None was lost." : `But ${number(data.speed.records)} were read: hold the run to its contract.`}`);
    const nodes = [["records", "Records"], ["articles", "Articles"], ["rejects", "Rejects"], ["stories", "Stories"], ["exact", "Exact copies"], ["near", "Near copies"], ["read", "Names and tone"], ["unread", "No model"]].map(([id, label]) => ({ id, label }));
    const links = [["records", "articles", o.articles], ["records", "rejects", o.rejects], ["articles", "stories", o.stories], ["articles", "exact", f.exact], ["articles", "near", f.near], ["stories", "read", f.read], ["stories", "unread", f.unread]];
    const most = f.rejects.slice(0, 6), rest = f.rejects.slice(6).reduce((sum, row) => sum + row.rejects, 0);
    for (const row of most) { nodes.push({ id: "r:" + row.reason, label: row.reason.replaceAll("_", " "), bad: true }); links.push(["rejects", "r:" + row.reason, row.rejects]); }
    if (rest) { nodes.push({ id: "rest", label: "other causes", bad: true }); links.push(["rejects", "rest", rest]); }
    const used = links.filter((link) => link[2] > 0).map(([source, target, value]) => ({ source, target, value }));
    if (!used.length) return;
    figure(ids("ledger"), {
      label: `What became of ${records} records: ${o.articles} articles, of which ${f.exact + f.near} copies; ${o.rejects} rejects.`,
      columns: [["From", (link) => labelOf(nodes, link.source)], ["To", (link) => labelOf(nodes, link.target)], ["Records", (link) => link.value, true]],
      rows: used,
      draw: (width) => flow(width, nodes, used),
    });
    const skipped = Object.entries(f.skipped);
    if (skipped.length) ids("ledger").append(el("p", { class: "note" }, `Passed over, since they were never meant to be articles: ${skipped.slice(0, 6).map(([reason, times]) => `${clean(reason).replaceAll("_", " ")} ${number(times)}`).join(", ")}.`));
  }
  const labelOf = (nodes, id) => nodes.find((node) => node.id === id).label;

  function flow(width, allNodes, allLinks) {
    const small = width < 560;
    const links = allLinks.map((link) => ({ ...link }));
    const present = new Set(links.flatMap((link) => [link.source, link.target]));
    const nodes = allNodes.filter((node) => present.has(node.id)).map((node) => ({ ...node }));
    const height = Math.max(280, 30 * nodes.length);
    const layout = charts.sankey().nodeId((node) => node.id).nodeWidth(small ? 8 : 14).nodePadding(small ? 16 : 18).nodeAlign(charts.sankeyLeft).nodeSort(null).linkSort(null).extent([[1, 14], [width - (small ? 92 : 150), height - 8]]);
    const graph = layout({ nodes, links });
    const colour = (node) => node.bad || node.id === "rejects" ? "var(--bad)" : node.id === "exact" || node.id === "near" ? "var(--copy)" : node.id === "unread" ? "var(--z)" : "var(--story)";
    const svg = charts.create("svg").attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`).attr("font-family", FONT).attr("font-size", small ? 11 : 12.5);
    svg.append("g").attr("fill", "none").selectAll("path").data(graph.links).join("path").attr("d", charts.sankeyLinkHorizontal()).attr("stroke", (d) => colour(d.target)).attr("stroke-opacity", 0.32).attr("stroke-width", (d) => Math.max(1, d.width))
      .append("title").text((d) => `${d.source.label} → ${d.target.label}: ${number(d.value)}`);
    svg.append("g").selectAll("rect").data(graph.nodes).join("rect").attr("x", (d) => d.x0).attr("y", (d) => d.y0).attr("width", (d) => d.x1 - d.x0).attr("height", (d) => Math.max(1.5, d.y1 - d.y0)).attr("fill", colour).attr("rx", 1.5);
    const text = svg.append("g").attr("fill", "currentColor").selectAll("text").data(graph.nodes).join("text").attr("x", (d) => d.x1 + (small ? 4 : 7)).attr("y", (d) => (d.y0 + d.y1) / 2).attr("dy", "0.35em")
      .attr("stroke", "var(--paper)").attr("stroke-width", 3).attr("paint-order", "stroke").attr("stroke-linejoin", "round");
    text.append("tspan").attr("font-weight", 600).text((d) => number(d.value) + " ");
    text.append("tspan").text((d) => short(d.label, small ? 13 : 24));
    return svg.node();
  }

  function rejects() {
    const rows = data.rejects;
    if (!rows.length) { finding("rejects", "There are none: every record became an article."); return; }
    finding("rejects", `${count(data.overview.rejects, "record")} did not become an article, for ${count(data.flow.rejects.length, "cause")}. One of each, with where it lies and how it begins:`);
    for (const row of rows) {
      ids("rejects").append(el("div", { class: "cause" }, el("h3", {}, clean(row.reason).replaceAll("_", " ")), el("span", { class: "count" }, number(row.rejects)),
        el("p", {}, `${row.stage}: `, el("bdi", {}, short(row.message, 300))), el("p", {}, el("bdi", {}, short(row.file, 300)), ` at ${number(row.offset)}, ${count(row.size, "byte")}${row.retryable ? ", worth another try" : ""}`),
        row.payload ? el("pre", { tabindex: "0", "aria-label": "How it begins" }, clean(row.payload)) : null));
    }
  }

  function run() {
    const s = data.speed, seconds = s.seconds, minutes = Math.floor(seconds / 60);
    const took = seconds < 60 ? `${seconds.toFixed(0)} seconds` : seconds < 3600 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
    finding("run", `It took ${took}, ${count(Math.max(1, Math.round(s.records / seconds)), "record")} a second${s.peak_memory_bytes ? `, and ${size(s.peak_memory_bytes)} of memory at its peak` : ""}.`);
    const facts = [["Run", s.run_id], ["Started", s.started], ["newsbeam", s.version], ...(s.workers ? [["Workers", String(s.workers)]] : []),
      ...s.models.map((model) => [`Model (${model.language})`, `${model.name} ${model.version}${(model.engine || []).length ? ", run by " + model.engine.join(", ") : ""}`])];
    const grid = el("div", { class: "columns two" });
    grid.append(table([["Fact", (row) => row[0]], ["", (row) => row[1]]], facts),
      table([["Table", (row) => row[0]], ["Rows", (row) => row[1], true], ["Size", (row) => size(row[2]), true]], Object.keys(s.rows).map((title) => [title, s.rows[title], s.bytes[title]])));
    ids("run").append(grid);
  }
  function size(bytes) {
    const units = ["bytes", "KiB", "MiB", "GiB", "TiB"];
    let power = 0;
    while (bytes >= 1024 && power < 4) { bytes /= 1024; power += 1; }
    return `${power && bytes < 10 ? bytes.toFixed(1) : Math.round(bytes)} ${units[power]}`;
  }

  for (const part of [header, named, overTone, search, overTime, together, places, outlets, copies, ledger, rejects, run]) part();
  document.documentElement.dataset.ready = "yes";
})();
