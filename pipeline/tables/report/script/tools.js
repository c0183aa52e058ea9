// What all parts of the page use. Everything that comes out of articles goes into text nodes and attributes of values,
// never into markup.
const data = JSON.parse(document.getElementById("data").textContent);
const TONES = ["var(--n3)", "var(--n2)", "var(--n1)", "var(--z)", "var(--p1)", "var(--p2)", "var(--p3)"];
// Text that can be read on each of these.
const ON_TONES = ["var(--on-n3)", "var(--on-n2)", "var(--on-n1)", "var(--on-z)", "var(--on-p1)", "var(--on-p2)", "var(--on-p3)"];
const LIMITS = [-0.2, -0.1, -0.02, 0.02, 0.1, 0.2];
const KINDS = {
  PERSON: "People", ORG: "Organisations", GPE: "Places", NORP: "Groups", LOC: "Regions", FAC: "Buildings",
  EVENT: "Events", PRODUCT: "Products", WORK_OF_ART: "Works", LAW: "Laws",
};
const ONE = {
  PERSON: "person", ORG: "organisation", GPE: "place", NORP: "group", LOC: "region", FAC: "building",
  EVENT: "event", PRODUCT: "product", WORK_OF_ART: "work", LAW: "law",
};
const MAIN = ["PERSON", "ORG", "GPE"];
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif';
const PAGE = 20;
const MOST = 12;

const number = (value) => value.toLocaleString("en").replace("-", "−");
const count = (value, one, many) => `${number(value)} ${value === 1 ? one : many || one + "s"}`;
const known = (value) => value !== null && value !== undefined;
// "−0.00" would be a sign without a value.
const score = (value) => { if (!known(value)) return "not known"; const text = Math.abs(value).toFixed(2); return text === "0.00" ? text : (value < 0 ? "−" : "+") + text; };
const share = (part, whole) => whole ? `${(100 * part / whole).toFixed(part && part / whole < 0.1 ? 1 : 0)}%` : "0%";
// Characters that would turn or hide the text around them.
const clean = (text) => String(text ?? "").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, "");
const short = (text, length) => { const all = [...clean(text).replace(/\s+/g, " ")]; return all.length > length ? all.slice(0, length - 1).join("").trimEnd() + "…" : all.join(""); };
const step = (value) => { const place = LIMITS.findIndex((limit) => value < limit); return place < 0 ? 6 : place; };
// A mean tone is told apart from 0 where it lies more than two standard errors away, and rests on enough to be ranked.
const apart = (value, error) => known(value) && known(error) && Math.abs(value) > 2 * error;
// Of many the ends are chosen: the two must lie further apart than any two by chance.
const farApart = (low, high) => high.sentiment - low.sentiment > 4 * Math.hypot(high.error, low.error);
const ranked = (row) => row.n >= data.enough && known(row.sentiment) && known(row.error);
const mood = (row) => ranked(row) && apart(row.sentiment, row.error) ? step(row.sentiment) : 3;
const colour = (row) => TONES[mood(row)];
const within = (value, error) => !known(value) ? "not known" : score(value) + (known(error) ? ` ± ${(2 * error).toFixed(2)}` : "");
const measured = (row, what = "mention") => within(row.sentiment, row.error) + (known(row.sentiment) ? `, n = ${number(row.n)}` : "");
// What is said in a sentence: a tone only where enough mentions carry one.
const spoken = (row) => !known(row.sentiment) ? "tone not known" : ranked(row) ? `tone ${measured(row)}` : `too few mentions for a tone, n = ${number(row.n)}`;
const rounded = (value) => known(value) ? Math.round(value * 1000) / 1000 : null;
// The columns of a table that give a tone: its mean, twice its standard error, what it rests on.
const toneColumns = (what = "Mentions with a tone") => [["Tone", (row) => rounded(row.sentiment), true],
  ["± two standard errors", (row) => known(row.error) ? rounded(2 * row.error) : null, true], [what, (row) => row.n, true]];
const date = (day) => new Date(day + "T00:00:00Z");
const shown = charts.utcFormat("%-d %B %Y");
const ids = (id) => document.getElementById(id);

function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name === "class") node.className = value;
    else if (name === "on") for (const [event, run] of Object.entries(value)) node.addEventListener(event, run);
    else if (known(value)) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => known(child)));
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
