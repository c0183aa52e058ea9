// Who is named with whom.
function together() {
  const { nodes, links } = data.together;
  if (!links.length) { ids("together").hidden = true; return; }
  const nodeOf = new Map(nodes.map((node) => [node.id, node]));
  const pairs = links.map((pair) => ({ a: nodeOf.get(pair.source), b: nodeOf.get(pair.target), articles: pair.articles }));
  const first = pairs[0];
  finding("together", name(first.a.name), " and ", name(first.b.name), ` are named together most often, in ${count(first.articles, "article")}.`);
  figure(ids("together"), {
    file: "named-together",
    label: `People and organisations named in the same articles. Strongest: ${pairs.slice(0, 5).map((pair) => `${clean(pair.a.name)} and ${clean(pair.b.name)}, ${pair.articles}`).join("; ")}.`,
    note: "Circles are people, squares organisations; size is the number of articles that name them, colour their tone, grey where it isn't told apart from 0. On a narrow screen: the strongest pairs, by the number of articles that name both.",
    columns: [["Name", (pair) => pair.a.name], ["Named with", (pair) => pair.b.name], ["Articles", (pair) => pair.articles, true]],
    rows: pairs,
    draw: (width) => width < 560 ? strongest(width, pairs) : network(width, nodes, links),
  });
}

function strongest(width, pairs) {
  const half = width / 2 - 16;
  return bars(pairs.slice(0, 15).map((pair, index) => ({ id: String(index), name: `${cut(pair.a.name, half)} + ${cut(pair.b.name, half)}`, articles: pair.articles })), width, { fill: () => "var(--story)" });
}

// Places for the nodes: those named together are near, and all the room is used.
function arrange(width, height, nodes, links, radius) {
  const strength = Math.max(...links.map((pair) => pair.articles));
  charts.forceSimulation(nodes).force("link", charts.forceLink(links).id((node) => node.id).distance(90).strength((pair) => 0.15 + 0.5 * pair.articles / strength))
    .force("charge", charts.forceManyBody().strength(-420)).force("x", charts.forceX(width / 2).strength(0.07)).force("y", charts.forceY(height / 2).strength(0.13))
    .force("collide", charts.forceCollide((node) => Math.max(radius(node.articles) + 22, Math.min([...node.name].length, 24) * 2.9))).stop().tick(320);
  for (const [axis, low, high] of [["x", 70, width - 70], ["y", 26, height - 36]]) {
    const [first, last] = charts.extent(nodes, (node) => node[axis]);
    for (const node of nodes) node[axis] = last > first ? low + (node[axis] - first) / (last - first) * (high - low) : (low + high) / 2;
  }
}

// A place for each label where it covers no other and no node; without one it is left to the pointer and the figures.
function labels(nodes, radius, width, height) {
  const taken = nodes.map((node) => { const r = radius(node.articles); return [node.x - r, node.y - r, node.x + r, node.y + r]; });
  const free = (box) => box[0] >= 0 && box[2] <= width && box[1] >= 0 && box[3] <= height && taken.every((other) => box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]);
  const found = new Map();
  for (const node of [...nodes].sort((a, b) => b.articles - a.articles)) {
    const text = short(node.name, 24), half = wide(text, 12, 400) / 2 + 3, away = radius(node.articles) + 3;
    for (const [anchor, x, y] of [["middle", node.x, node.y + away + 11], ["middle", node.x, node.y - away - 3], ["start", node.x + away + 2, node.y + 4], ["end", node.x - away - 2, node.y + 4]]) {
      const left = anchor === "middle" ? x - half : anchor === "start" ? x : x - 2 * half, box = [left, y - 11, left + 2 * half, y + 4];
      if (free(box)) { taken.push(box); found.set(node, { text, anchor, x, y }); break; }
    }
  }
  return found;
}

function network(width, allNodes, allLinks) {
  const pairs = allLinks.slice(0, 60).map((pair) => ({ ...pair }));
  const kept = new Set(pairs.flatMap((pair) => [pair.source, pair.target]));
  const nodes = allNodes.filter((node) => kept.has(node.id)).map((node) => ({ ...node }));
  const height = Math.min(660, Math.max(420, width * 0.58)), strength = Math.max(...pairs.map((pair) => pair.articles));
  const size = charts.scaleSqrt([0, Math.max(...nodes.map((node) => node.articles))], [0, 20]), radius = (articles) => Math.max(3.5, size(articles));
  arrange(width, height, nodes, pairs, radius);
  const svg = charts.create("svg").attr("width", width).attr("height", height).attr("viewBox", `0 0 ${width} ${height}`).attr("font-family", FONT).attr("font-size", 12);
  svg.append("g").attr("stroke", "var(--muted)").selectAll("line").data(pairs).join("line").attr("x1", (d) => d.source.x).attr("y1", (d) => d.source.y)
    .attr("x2", (d) => d.target.x).attr("y2", (d) => d.target.y).attr("stroke-opacity", (d) => 0.12 + 0.4 * d.articles / strength).attr("stroke-width", (d) => 0.8 + 4 * d.articles / strength);
  const groups = svg.append("g").selectAll("g").data(nodes).join("g").attr("transform", (d) => `translate(${d.x},${d.y})`);
  groups.filter((d) => d.label === "PERSON").append("circle").attr("r", (d) => radius(d.articles));
  groups.filter((d) => d.label !== "PERSON").append("rect").attr("width", (d) => 1.8 * radius(d.articles)).attr("height", (d) => 1.8 * radius(d.articles))
    .attr("x", (d) => -0.9 * radius(d.articles)).attr("y", (d) => -0.9 * radius(d.articles)).attr("rx", 2);
  groups.selectAll("circle, rect").attr("fill", colour).attr("stroke", "var(--paper)").attr("stroke-width", 1.5);
  groups.append("title").text((d) => `${clean(d.name)}: ${count(d.articles, "article")}, ${spoken(d)}`);
  const texts = svg.append("g").attr("fill", "currentColor").attr("stroke", "var(--paper)").attr("stroke-width", 3.5).attr("paint-order", "stroke").attr("stroke-linejoin", "round");
  for (const [node, { text, anchor, x, y }] of labels(nodes, radius, width, height)) {
    const place = link(node.id), parent = place ? texts.append("a").attr("href", place) : texts;
    parent.append("text").attr("text-anchor", anchor).attr("x", x).attr("y", y).text(text);
  }
  return svg.node();
}
