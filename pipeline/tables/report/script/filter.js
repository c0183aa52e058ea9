// The choice of outlet and time, and the figures for it: sums of the cells that it takes.
const NO_PERIOD = -1, EVERY = -1;
const periods = data.overview.periods.slice(0, -1), ends = data.overview.periods.slice(1);
const choice = { outlet: EVERY, from: 0, to: periods.length - 1 };
const everything = () => choice.outlet === EVERY && choice.from === 0 && choice.to >= periods.length - 1;
const timed = () => choice.from > 0 || choice.to < periods.length - 1;
const takes = (outlet, period) => (choice.outlet === EVERY || outlet === choice.outlet) && (!timed() || (period >= choice.from && period <= choice.to));
const outletName = (place) => place < data.listed.length ? data.listed[place] : "all other outlets";

// The days of a period, in words that a reader would use.
function called(period) {
  const start = date(periods[period]), unit = data.overview.unit;
  if (unit === "day") return shown(start);
  if (unit === "week") return `week of ${shown(start)}`;
  if (unit === "month") return charts.utcFormat("%B %Y")(start);
  if (unit === "quarter") return `${charts.utcFormat("%B")(start)} to ${charts.utcFormat("%B %Y")(new Date(date(ends[period]) - 1))}`;
  if (unit === "year") return charts.utcFormat("%Y")(start);
  return `${charts.utcFormat("%Y")(start)} to ${charts.utcFormat("%Y")(new Date(date(ends[period]) - 1))}`;
}
// In few letters, for a list to choose from.
function brief(period) {
  const start = date(periods[period]), unit = data.overview.unit;
  if (unit === "day" || unit === "week") return charts.utcFormat("%-d %b %Y")(start);
  if (unit === "month") return charts.utcFormat("%b %Y")(start);
  return unit === "quarter" ? charts.utcFormat("Q%q %Y")(start) : called(period);
}
function times() {
  if (choice.from === choice.to) return called(choice.from);
  return `${data.overview.unit === "week" ? "weeks of " : ""}${brief(choice.from)} to ${brief(choice.to)}`;
}
function chosen() {
  const parts = [];
  if (choice.outlet !== EVERY) parts.push(clean(outletName(choice.outlet)));
  if (timed()) parts.push(times());
  return parts.join(", ");
}

// Counts, mean tone and its standard error from sums of: articles, mentions, n, scored, total, squares.
function tally(sums) {
  const [articles, mentions, n, scored, total, squares] = sums, mean = scored ? total / scored / 1000 : null;
  const error = scored ? Math.sqrt(Math.max(0, squares / scored / 1000 - mean * mean) / scored) : null;
  return { articles, mentions, n, sentiment: mean, error };
}
// The figures of a name's cells, summed by a key of outlet and period, of those that the choice takes.
function sum(entity, key, taken = takes) {
  const found = new Map(), cells = entity.cells;
  for (let at = 0; at < cells.length; at += 8) {
    if (!taken(cells[at], cells[at + 1])) continue;
    const place = key(cells[at], cells[at + 1]);
    let sums = found.get(place);
    if (!sums) found.set(place, sums = [0, 0, 0, 0, 0, 0]);
    for (let index = 0; index < 6; index += 1) sums[index] += cells[at + 2 + index];
  }
  return new Map([...found].map(([place, sums]) => [place, tally(sums)]));
}
const NOTHING = { articles: 0, mentions: 0, n: 0, sentiment: null, error: null };
// Names as the choice has them, the most named first. Without a choice the exact figures of the tables.
function names() {
  return data.entities.map((entity) => ({ ...entity, ...(everything() ? {} : sum(entity, () => 0).get(0) || NOTHING) }))
    .filter((entity) => entity.articles).sort((a, b) => b.articles - a.articles || b.mentions - a.mentions);
}
const mostNamed = (label) => names().filter((entity) => entity.label === label).slice(0, MOST);

// Articles of the choice by a key; an outlet's tone is the mean of its articles, with the error of a mean.
function coverage(key, taken = takes) {
  const found = new Map();
  for (const [outlet, period, stories, copies, scored, total, squares] of data.cells) {
    if (!taken(outlet, period)) continue;
    const place = key(outlet, period), row = found.get(place) || { stories: 0, copies: 0, n: 0, total: 0, squares: 0 };
    row.stories += stories; row.copies += copies; row.n += scored; row.total += total; row.squares += squares;
    found.set(place, row);
  }
  for (const row of found.values()) {
    row.articles = row.stories + row.copies;
    row.sentiment = row.n ? row.total / row.n / 1000 : null;
    row.error = row.n > 1 ? Math.sqrt(Math.max(0, row.squares / row.n / 1000 - row.sentiment ** 2) / (row.n - 1)) : null;
  }
  return found;
}

// The address of a name: kind and name, with the choice.
const byId = new Map(data.entities.map((entity) => [entity.id, entity]));
function fragment(entity) {
  const parts = new URLSearchParams();
  if (entity) parts.set(ONE[entity.label], entity.name);
  if (choice.outlet !== EVERY) parts.set("outlet", choice.outlet < data.listed.length ? data.listed[choice.outlet] : "");
  if (timed()) { parts.set("from", periods[choice.from]); parts.set("to", periods[choice.to]); }
  return "#" + parts;
}
const link = (id) => byId.has(id) ? fragment(byId.get(id)) : null;
