// The numbers at the top, and the most named.
function header() {
  const o = data.overview;
  const dates = !o.first ? "without dates" : o.first === o.last ? `published on ${shown(date(o.first))}` : `published between ${shown(date(o.first))} and ${shown(date(o.last))}`;
  const from = o.outlets ? ` from ${count(o.outlets, "outlet")}` : "";
  ids("lede").prepend(o.articles ? `${count(o.articles, "article")}${from}, ${dates}: who was in them, how often, and how they were spoken of. ` : "This run has no articles. ");
  const numbers = [["articles", o.articles], ["stories", o.stories], ["outlets", o.outlets], ["languages", o.languages],
    ["different names", o.entities], ["mentions", o.mentions], ["sentences", o.sentences], ["rejects", o.rejects]];
  ids("numbers").append(...numbers.map(([title, value]) => el("div", {}, el("dt", {}, title), el("dd", {}, number(value)))));
}

// What the colours of tone mean.
function scale() {
  const steps = TONES.map((colour, index) => { const step = el("i"); step.style.background = colour; return el("span", {}, step, index < LIMITS.length ? signed(LIMITS[index]) : ""); });
  return el("p", { class: "scale", "aria-hidden": "true" }, "negative", el("span", { class: "steps" }, ...steps), "positive");
}

function named() {
  ids("named-charts").replaceChildren();
  const sentences = [];
  for (const label of MAIN) {
    const rows = mostNamed(label);
    if (!rows.length) continue;
    sentences.push([name(rows[0].name), ` (${count(rows[0].articles, "article")})`]);
    figure(ids("named-charts"), {
      file: `most-named-${ONE[label]}`, caption: KINDS[label], heading: `${KINDS[label]} named in most articles`,
      label: `${KINDS[label]} named in most articles: ${rows.slice(0, 5).map((row) => `${clean(row.name)} ${row.articles}`).join(", ")}.`,
      columns: [["Name", (row) => row.name], ["Articles", (row) => row.articles, true], ["Mentions", (row) => row.mentions, true], ...toneColumns()],
      rows,
      draw: (width) => bars(rows, width),
    });
  }
  if (!sentences.length && everything()) { ids("named").hidden = true; return; }
  const joined = sentences.flatMap((part, index) => [index === 0 ? "" : index === sentences.length - 1 ? " and " : ", ", ...part]);
  finding("named", ...(sentences.length ? [everything() ? "Most in the news: " : `Most in the news, ${chosen()}: `, ...joined, "."] : [`No name that the page holds: ${chosen()}.`]));
  const more = data.overview.entities > data.entities.length && !everything();
  ids("named-more").textContent = more ? `Of ${number(data.overview.entities)} names the page can filter ${number(data.entities.length)}: the most named of each kind, those at the top in an outlet or a ${data.overview.unit}, and on. ` : "";
}
