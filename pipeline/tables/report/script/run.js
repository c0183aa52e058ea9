// Copies, languages, the ledger, rejects and the run itself; and all parts drawn, in their order.
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
  const languageNames = new Intl.DisplayNames(["en"], { type: "language" });
  const language = (code) => { if (!code) return "not known"; try { return languageNames.of(code); } catch { return clean(code); } };
  const rows = languages.map((row) => ({ ...row, id: row.language ?? "", name: language(row.language) }));
  if (rows.length) figure(grid, {
    file: "languages", caption: "Languages", heading: "Articles by language",
    label: `Articles by language: ${rows.slice(0, 6).map((row) => `${row.name} ${row.articles}`).join(", ")}.`,
    note: "Grey: no model of the language ran, so that its names and tone aren't known.",
    columns: [["Language", (row) => row.name], ["Articles", (row) => row.articles, true], ["Copies", (row) => row.copies, true], ["Read for names", (row) => row.read_for_names, true]],
    rows,
    draw: (width) => bars(rows, width, { fill: (row) => row.read_for_names ? "var(--story)" : "var(--z)" }),
  });
}

function ledger() {
  const f = data.flow, o = data.overview, records = o.articles + o.rejects + f.left_out;
  finding("ledger", `Of ${count(records, "record")}, ${number(o.articles)} (${share(o.articles, records)}) became articles and ${number(o.rejects)} (${share(o.rejects, records)}) rejects${f.left_out ? `; ${number(f.left_out)} (${share(f.left_out, records)}) were left out, as the run was asked to` : ""}. ${records === data.speed.records ? "None was lost." : `But ${number(data.speed.records)} were read: run newsbeam check.`}`);
  const nodes = [["records", "Records"], ["articles", "Articles"], ["rejects", "Rejects"], ["left_out", "Left out"], ["stories", "Stories"], ["exact", "Exact copies"], ["near", "Near copies"], ["read", "Names and tone"], ["unread", "No model"]].map(([id, label]) => ({ id, label }));
  const links = [["records", "articles", o.articles], ["records", "rejects", o.rejects], ["records", "left_out", f.left_out], ["articles", "stories", o.stories], ["articles", "exact", f.exact], ["articles", "near", f.near], ["stories", "read", f.read], ["stories", "unread", f.unread]];
  const most = f.rejects.slice(0, 6), rest = f.rejects.slice(6).reduce((sum, row) => sum + row.rejects, 0);
  for (const row of most) { nodes.push({ id: "r:" + row.reason, label: row.reason.replaceAll("_", " "), bad: true }); links.push(["rejects", "r:" + row.reason, row.rejects]); }
  if (rest) { nodes.push({ id: "rest", label: "other causes", bad: true }); links.push(["rejects", "rest", rest]); }
  const used = links.filter((link) => link[2] > 0).map(([source, target, value]) => ({ source, target, value }));
  if (!used.length) return;
  figure(ids("ledger"), {
    file: "ledger", heading: "What became of the records",
    label: `What became of ${records} records: ${o.articles} articles, of which ${f.exact + f.near} copies; ${o.rejects} rejects.`,
    columns: [["From", (link) => labelOf(nodes, link.source)], ["To", (link) => labelOf(nodes, link.target)], ["Records", (link) => link.value, true]],
    rows: used,
    // On a narrow screen the columns of a flow would stand too near: bars say the same.
    draw: (width) => width < 560 ? fates(width, nodes, used, records) : flow(width, nodes, used),
  });
  const skipped = Object.entries(f.skipped);
  if (skipped.length) ids("ledger").append(el("p", { class: "note" }, `Passed over, since they were never meant to be articles: ${skipped.slice(0, 6).map(([reason, times]) => `${clean(reason).replaceAll("_", " ")} ${number(times)}`).join(", ")}.`));
}
const fateColour = (node) => node.bad || node.id === "rejects" ? "var(--bad)" : node.id === "exact" || node.id === "near" ? "var(--copy)" : node.id === "unread" || node.id === "left_out" ? "var(--z)" : "var(--story)";
const labelOf = (nodes, id) => nodes.find((node) => node.id === id).label;

function fates(width, nodes, links, records) {
  const rows = [{ ...nodes[0], name: nodes[0].label, value: records }, ...links.map((link) => { const node = nodes.find((one) => one.id === link.target); return { ...node, name: node.label, value: link.value }; })];
  return bars(rows, width, { value: (row) => row.value, fill: fateColour });
}

function flow(width, allNodes, allLinks) {
  const links = allLinks.map((link) => ({ ...link }));
  const present = new Set(links.flatMap((link) => [link.source, link.target]));
  const nodes = allNodes.filter((node) => present.has(node.id)).map((node) => ({ ...node }));
  const height = Math.max(280, 30 * nodes.length);
  const layout = charts.sankey().nodeId((node) => node.id).nodeWidth(14).nodePadding(18).nodeAlign(charts.sankeyLeft).nodeSort(null).linkSort(null).extent([[1, 14], [width - 175, height - 8]]);
  const graph = layout({ nodes, links });
  const svg = charts.create("svg").attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`).attr("font-family", FONT).attr("font-size", 12.5);
  svg.append("g").attr("fill", "none").selectAll("path").data(graph.links).join("path").attr("d", charts.sankeyLinkHorizontal()).attr("stroke", (d) => fateColour(d.target)).attr("stroke-opacity", 0.32).attr("stroke-width", (d) => Math.max(1, d.width))
    .append("title").text((d) => `${d.source.label} → ${d.target.label}: ${number(d.value)}`);
  svg.append("g").selectAll("rect").data(graph.nodes).join("rect").attr("x", (d) => d.x0).attr("y", (d) => d.y0).attr("width", (d) => d.x1 - d.x0).attr("height", (d) => Math.max(1.5, d.y1 - d.y0)).attr("fill", fateColour).attr("rx", 1.5);
  const text = svg.append("g").attr("fill", "currentColor").selectAll("text").data(graph.nodes).join("text").attr("x", (d) => d.x1 + (7)).attr("y", (d) => (d.y0 + d.y1) / 2).attr("dy", "0.35em")
    .attr("stroke", "var(--paper)").attr("stroke-width", 3).attr("paint-order", "stroke").attr("stroke-linejoin", "round");
  text.append("tspan").attr("font-weight", 600).text((d) => number(d.value) + " ");
  text.append("tspan").text((d) => short(d.label, 24));
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
  const engine = s.sentiment ? [["Sentiment", [s.sentiment.engine, s.sentiment.model, s.sentiment.version].filter(Boolean).join(", ")]] : [];
  const facts = [["Run", s.run_id], ["Started", s.started], ["newsbeam", s.version], ...(s.cores ? [["Cores of the machine", String(s.cores)]] : []),
    ...s.models.map((model) => [`Model (${model.language})`, `${model.name} ${model.version}${(model.engine || []).length ? ", run by " + model.engine.join(", ") : ""}`]), ...engine];
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
