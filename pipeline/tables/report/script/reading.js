// How far all of this can be believed: what was measured, and what doesn't follow.
const ofHundred = (value) => Math.round(100 * value);

function reading() {
  const grid = el("div", { class: "columns three" });
  ids("reading").append(grid);
  grid.append(aboutCounts(), aboutNames(), aboutTone());
  ids("reading").append(el("h3", {}, "What not to conclude"), el("ul", { class: "plain" }, ...[
    `Anything from a single label: the table above says how often one is right. With fewer than ${data.enough} mentions no tone is shown, ranked or coloured.`,
    "That two tones differ whose bars overlap. Where a tone is grey, it isn't told apart from 0.",
    "An outlet's stance or fairness. A tone is that of the sentences in which a name stands: a defendant is spoken of badly in the fairest report, and a victim's city too.",
    "Anything about the world from the number of articles alone: it is that of this collection, whatever was put into it.",
    "That nobody else is meant: two people of the same full name count as one here.",
  ].map((text) => el("li", {}, text))));
}

const block = (title, ...parts) => el("div", {}, el("h3", {}, title), ...parts.filter(Boolean).map((part) => typeof part === "string" ? el("p", {}, part) : part));
// Rows: [what, precision, recall].
const quality = (what, rows) => el("table", { class: "few" }, el("thead", {}, el("tr", {}, ...[what, "right, of 100 given", "found, of 100 there"].map((text, index) => el("th", { scope: "col", class: index ? "n" : "" }, text)))),
  el("tbody", {}, ...rows.map(([text, precision, recall]) => el("tr", {}, el("td", {}, text), el("td", { class: "n" }, ofHundred(precision)), el("td", { class: "n" }, ofHundred(recall))))));

function aboutCounts() {
  const o = data.overview, dates = o.undated ? `${count(o.undated, "article")} ${o.undated === 1 ? "has" : "have"} no date: counted in all but the charts over time.` : "";
  return block("What is counted",
    `A story counts once, however many outlets printed it${o.articles > o.stories ? `: ${number(o.articles)} articles are ${number(o.stories)} stories` : ""}. Outlets are one however their name is spelled.`,
    "A person, body or place counts as one under all its names, so far as the articles leave no doubt: “Obama” is Barack Obama; “Clinton” alone stands for itself.", dates);
}

function aboutNames() {
  const found = data.measured.names;
  return block("Names",
    "Names are found in English only, by a model that errs. A name counts as right where its boundaries and its kind are:",
    quality("Kind", Object.entries(found.kinds).map(([label, [precision, recall]]) => [KINDS[label], precision, recall])),
    `Measured on ${number(found.articles)} articles of newswire from all continents. What is wrong is mostly an organisation that is none: a product, a law, an event.`);
}

function aboutTone() {
  const engine = (data.speed.sentiment || {}).engine, found = data.measured.tone[engine];
  const scored = "Tone is how a sentence speaks of a name, from −1 to +1; a name's tone is the mean over its mentions in an article, then over articles. News speaks more often badly than well of those whom it names"
    + (known(data.usual) ? `: here the average is ${score(data.usual)}.` : ".");
  if (!found) return block("Tone", scored, `How often the engine of this run${engine ? `, “${clean(engine)}”,` : ""} is right wasn't measured.`);
  return block("Tone", scored,
    quality("Label", ["negative", "positive", "neutral"].map((label) => [label[0].toUpperCase() + label.slice(1), ...found.labels[label]])),
    `The engine of this run, “${engine}”, measured on ${number(found.names)} names drawn at random, each judged by people. Single labels are hints; means over hundreds of mentions can be compared.`);
}
