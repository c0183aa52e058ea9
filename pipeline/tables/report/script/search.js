// The list of names: built as it is looked at.
const plain = (text) => clean(text).normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const find = { limit: PAGE, first: null };
const ORDERS = {
  articles: (a, b) => b.articles - a.articles, name: (a, b) => a.plain < b.plain ? -1 : 1,
  // Names with too few mentions to be ranked come last.
  positive: (a, b) => ranked(b) - ranked(a) || (b.sentiment ?? -2) - (a.sentiment ?? -2), negative: (a, b) => ranked(b) - ranked(a) || (a.sentiment ?? 2) - (b.sentiment ?? 2),
};

function search() {
  if (!data.entities.length) { ids("search").hidden = true; return; }
  const kinds = new Set(data.entities.map((entity) => entity.label));
  ids("kind").append(el("option", { value: "" }, "All kinds"), ...Object.keys(KINDS).filter((label) => kinds.has(label)).map((label) => el("option", { value: label }, KINDS[label])));
  const again = () => { find.limit = PAGE; find.first = null; list(); };
  ids("query").addEventListener("input", again);
  for (const id of ["kind", "order"]) ids(id).addEventListener("change", again);
  ids("more").addEventListener("click", () => { find.limit += PAGE; list(); });
}

function list() {
  const words = plain(ids("query").value).split(/\s+/).filter(Boolean), kind = ids("kind").value;
  const found = names().map((entity) => ({ ...entity, plain: plain(entity.name) })).filter((entity) => entity.id === find.first || ((!kind || entity.label === kind) && words.every((word) => entity.plain.includes(word))));
  const order = ORDERS[ids("order").value];
  found.sort((a, b) => (b.id === find.first) - (a.id === find.first) || order(a, b));
  ids("entities").replaceChildren(...found.slice(0, find.limit).map(entry));
  ids("more").parentElement.hidden = found.length <= find.limit;
  const of = data.overview.entities > data.entities.length ? `; the page holds ${number(data.entities.length)} of ${number(data.overview.entities)}` : "";
  ids("found").textContent = `${count(found.length, "name")} found${everything() ? "" : `, ${chosen()}`}${of}.`;
}

// A name that an address asks for is opened, whatever was searched before.
function openName(entity) {
  find.first = entity.id; find.limit = PAGE;
  ids("query").value = clean(entity.name); ids("kind").value = entity.label;
  list();
  const item = [...document.querySelectorAll(".entity")].find((node) => node.dataset.entity === entity.id);
  if (!item) { ids("found").textContent = `${clean(entity.name)} isn't named: ${chosen()}.`; ids("search").scrollIntoView(); return; }
  item.open = true;
  item.querySelector("summary").focus({ preventScroll: true });
  item.scrollIntoView({ block: "start", behavior: "instant" });
}

function entry(entity) {
  const summary = el("summary", {}, el("span", { class: "name" }, clean(entity.name)),
    el("span", { class: "what" }, `${ONE[entity.label] || "name"} · ${count(entity.articles, "article")} · ${count(entity.mentions, "mention")}`),
    el("span", { class: "side" }, sparkline(entity), pill(entity)));
  const item = el("details", { class: "entity", "data-entity": entity.id }, summary);
  item.addEventListener("toggle", () => {
    if (item.open && item.children.length === 1) item.append(body(entity));
    // The address in the browser's bar is the name's, to be passed on.
    history.replaceState(null, "", item.open ? fragment(entity) : everything() ? "#search" : fragment(null));
  });
  return item;
}

function pill(entity) {
  const kind = mood(entity) < 3 ? "negative" : mood(entity) > 3 ? "positive" : "neutral";
  if (!ranked(entity)) return el("span", { class: "pill neutral" }, known(entity.sentiment) ? "too few" : "no tone", el("small", {}, `n = ${number(entity.n)}`));
  return el("span", { class: "pill " + kind }, within(entity.sentiment, entity.error), el("small", {}, `n = ${number(entity.n)}`));
}

function sparkline(entity) {
  const times = sum(entity, (outlet, period) => period, (outlet, period) => takes(outlet, period) && period !== NO_PERIOD), most = Math.max(1, ...[...times.values()].map((row) => row.articles));
  const svg = charts.create("svg:svg").attr("class", "spark").attr("viewBox", `0 0 ${Math.max(periods.length, 1)} 10`).attr("preserveAspectRatio", "none").attr("aria-hidden", "true");
  const bar = [...times].map(([period, row]) => `M${period},10V${(10 - 10 * row.articles / most).toFixed(2)}h.8V10z`).join("");
  svg.append("path").attr("d", bar || "M0,10").attr("fill", "var(--muted)");
  return svg.node();
}

function body(entity) {
  const [negative, neutral, positive] = byId.get(entity.id).tones, all = negative + neutral + positive;
  const bar = el("div", { class: "tones", role: "img", "aria-label": `${negative} negative, ${neutral} neutral, ${positive} positive mentions` });
  for (const [part, colour] of [[negative, "var(--n2)"], [neutral, "var(--z)"], [positive, "var(--p2)"]]) {
    const piece = el("span"); piece.style.width = `${all ? 100 * part / all : 0}%`; piece.style.background = colour; bar.append(piece);
  }
  const taken = entity.evidence.filter(inChoice), where = everything() ? "" : "In all articles: ";
  const text = all ? `${where}${count(negative, "negative", "negative")}, ${count(neutral, "neutral", "neutral")} and ${count(positive, "positive", "positive")} mentions, in ${count(byId.get(entity.id).outlets, "outlet")}. ` : "No model of their language ran on the articles that name it. ";
  const strongest = !entity.evidence.length ? "" : taken.length ? "The strongest sentences, not the usual ones:" : `None of the sentences that the page holds is of ${chosen()}.`;
  return el("div", { class: "body" }, bar, el("p", { class: "note" }, text, el("a", { href: fragment(entity) }, "Link to this name")), el("p", { class: "note" }, strongest), ...taken.map(sentence));
}
const inChoice = (found) => (choice.outlet === EVERY || (choice.outlet < data.listed.length ? found.source === data.listed[choice.outlet] : !data.listed.includes(found.source)))
  && (!timed() || (found.day && found.day >= periods[choice.from] && found.day < ends[choice.to]));

function sentence(found) {
  const quote = el("blockquote", {}, el("p", { dir: "auto" }, ...found.pieces.map((piece, index) => index % 2 ? el("mark", {}, clean(piece)) : clean(piece))));
  quote.style.borderLeftColor = TONES[step(found.sentiment)];
  const source = [found.source, found.day].filter(Boolean).map(clean).join(", ");
  const title = clean(found.title || "Untitled");
  const safe = /^https?:\/\//i.test(found.url || "");
  quote.append(el("footer", {}, el("span", { class: found.label }, score(found.sentiment)), " · ",
    el("bdi", {}, safe ? el("a", { href: found.url, rel: "noopener noreferrer nofollow", target: "_blank" }, title) : title), source ? " · " : "", el("bdi", {}, source),
    found.quoted ? " · in a quotation" : "", found.quoted && found.speaker ? el("bdi", {}, " by " + clean(found.speaker)) : ""));
  return quote;
}
