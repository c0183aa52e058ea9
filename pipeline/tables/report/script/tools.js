// What all parts of the page use. Everything that comes out of articles goes into text nodes and attributes of values,
// never into markup.
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
const mood = (value) => value === null || value === undefined ? "neutral" : value >= data.neutral ? "positive" : value <= -data.neutral ? "negative" : "neutral";
const tone = (value) => value === null || value === undefined ? TONES[3]
  : TONES[value <= -0.4 ? 0 : value <= -0.2 ? 1 : value <= -0.05 ? 2 : value < 0.05 ? 3 : value < 0.2 ? 4 : value < 0.4 ? 5 : 6];
// A mean tone is told apart from 0 where it lies more than two standard errors away, and rests on enough to be ranked.
const apart = (value, error) => value !== null && value !== undefined && error !== null && Math.abs(value) > 2 * error;
const ranked = (row) => row.n >= data.enough && row.sentiment !== null && row.error !== null;
const colour = (row) => apart(row.sentiment, row.error) ? tone(row.sentiment) : TONES[3];
const within = (value, error) => value === null || value === undefined ? "not known" : score(value) + (error === null || error === undefined ? "" : ` ± ${(2 * error).toFixed(2)}`);
const measured = (row, what = "mention") => within(row.sentiment, row.error) + (row.sentiment === null ? "" : ` (${count(row.n, what)})`);
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
    const svg = drawn.tagName === "svg" ? drawn : drawn.querySelector(":scope > svg");
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
