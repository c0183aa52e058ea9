// The list of entities: built as it is looked at.
const plain = (text) => clean(text).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
function search() {
  const entities = data.entities.map((entity) => ({ ...entity, plain: plain(entity.name) }));
  if (!entities.length) { ids("search").hidden = true; return; }
  const kinds = [...new Set(entities.map((entity) => entity.label))];
  ids("kind").append(el("option", { value: "" }, "All kinds"), ...Object.keys(KINDS).filter((label) => kinds.includes(label)).map((label) => el("option", { value: label }, KINDS[label])));
  const orders = {
    articles: (a, b) => b.articles - a.articles, name: (a, b) => a.plain < b.plain ? -1 : 1,
    // Names with too few mentions to be ranked come last.
    positive: (a, b) => ranked(b) - ranked(a) || (b.sentiment ?? -2) - (a.sentiment ?? -2), negative: (a, b) => ranked(b) - ranked(a) || (a.sentiment ?? 2) - (b.sentiment ?? 2),
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
      el("span", { class: "side" }, sparkline(entity), el("span", { class: "pill " + (ranked(entity) && apart(entity.sentiment, entity.error) ? mood(entity.sentiment) : "neutral") }, within(entity.sentiment, entity.error)))));
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
    quote.append(el("footer", {}, el("span", { class: found.label }, score(found.sentiment)), " · ",
      el("bdi", {}, safe ? el("a", { href: found.url, rel: "noopener noreferrer nofollow", target: "_blank" }, title) : title), source ? " · " : "", el("bdi", {}, source),
      found.quoted ? " · in a quotation" : "", found.quoted && found.speaker ? el("bdi", {}, " by " + clean(found.speaker)) : ""));
    parts.push(quote);
  }
  return el("div", { class: "body" }, ...parts);
}
