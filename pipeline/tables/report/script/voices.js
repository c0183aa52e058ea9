// Who gets to speak, and in whose words the most named are judged.
function voices() {
  const { speakers, tones } = data.voices;
  if (!speakers.length && !tones.length) { ids("voices").hidden = true; return; }
  if (speakers.length) finding("voices", name(speakers[0].name), ` is quoted most, in ${count(speakers[0].sentences, "sentence")} of ${count(speakers[0].articles, "article")}.`);
  const grid = el("div", { class: "columns two" });
  ids("voices").append(grid);
  if (speakers.length) figure(grid, {
    file: "quoted-most", caption: "Quoted most, in sentences", heading: "Who is quoted most, in sentences",
    label: `Who is quoted in most sentences: ${speakers.slice(0, 5).map((row) => `${clean(row.name)} ${row.sentences}`).join(", ")}.`,
    columns: [["Name", (row) => row.name], ["Sentences", (row) => row.sentences, true], ["Articles", (row) => row.articles, true], ...toneColumns("Sentences with a tone")],
    rows: speakers,
    draw: (width) => bars(speakers, width, { value: (row) => row.sentences, fill: () => "var(--story)" }),
  });
  if (tones.length) ownVoice(grid, tones);
  else grid.append(el("p", { class: "note" }, `None of the most named has ${data.enough} mentions both in the outlets' own words and in quotations: too few to compare the two.`));
}

function ownVoice(grid, tones) {
  const ends = (row) => [row.own - 2 * row.own_error, row.own + 2 * row.own_error, row.quoted - 2 * row.quoted_error, row.quoted + 2 * row.quoted_error];
  const limit = reach(tones.flatMap(ends)), inside = (value) => Math.max(-limit, Math.min(limit, value));
  const span = (which, dy, stroke) => charts.link(tones, { x1: (row) => inside(row[which] - 2 * row[which + "_error"]), x2: (row) => inside(row[which] + 2 * row[which + "_error"]), y1: "id", y2: "id", stroke, strokeWidth: 4, strokeOpacity: 0.4, dy });
  const dot = (which, dy, options) => charts.dot(tones, { x: (row) => inside(row[which]), y: "id", r: 5, dy, ...options,
    title: (row) => `${clean(row.name)}: outlets' own words ${within(row.own, row.own_error)}, n = ${number(row.own_mentions)}; quotations ${within(row.quoted, row.quoted_error)}, n = ${number(row.quoted_mentions)}`, tip: true });
  figure(grid, {
    file: "own-words-and-quotations", caption: "Tone in the outlets' own words and in quotations",
    label: `Tone in the outlets' own words and in quotations: ${tones.slice(0, 5).map((row) => `${clean(row.name)} ${score(row.own)} and ${score(row.quoted)}`).join(", ")}.`,
    note: `Dots: the outlets' own words; rings: those they quote. Bars: two standard errors either way; n: mentions in own words + in quotations, at least ${data.enough} of each.`,
    columns: [["Name", (row) => row.name], ["Own words", (row) => rounded(row.own), true], ["± (own)", (row) => rounded(2 * row.own_error), true], ["Mentions (own)", (row) => row.own_mentions, true],
      ["Quotations", (row) => rounded(row.quoted), true], ["± (quotations)", (row) => rounded(2 * row.quoted_error), true], ["Mentions (quotations)", (row) => row.quoted_mentions, true]],
    rows: tones,
    draw: (width) => plot({
      width, height: tones.length * 46 + 46, marginLeft: 10, marginRight: 10, marginTop: 40, marginBottom: 6,
      x: { domain: [-limit, limit], label: null, axis: "top", ticks: [-limit, -limit / 2, 0, limit / 2, limit], tickFormat: signed },
      y: { type: "band", domain: tones.map((row) => row.id), axis: null, padding: 0 },
      marks: [
        charts.ruleX([0], { stroke: "var(--muted)", strokeOpacity: 0.8 }),
        charts.link(tones, { x1: -limit, x2: limit, y1: "id", y2: "id", stroke: "var(--line)", dy: 23 }),
        span("own", 5, "var(--story)"), span("quoted", 14, "var(--muted)"),
        dot("own", 5, { fill: "var(--story)", stroke: "var(--paper)" }), dot("quoted", 14, { fill: "var(--paper)", stroke: "var(--muted)", strokeWidth: 2.2 }),
        charts.text(tones, { x: -limit, y: "id", text: (row) => cut(row.name, width - 36 - wide(`n ${number(row.own_mentions)} + ${number(row.quoted_mentions)}`, 12)), href: (row) => link(row.id), textAnchor: "start", dy: -11, fill: "currentColor", stroke: "var(--paper)", strokeWidth: 4, fontWeight: 500, fontSize: 13 }),
        charts.text(tones, { x: limit, y: "id", text: (row) => `n ${number(row.own_mentions)} + ${number(row.quoted_mentions)}`, textAnchor: "end", dy: -11, fill: "var(--muted)", fontVariant: "tabular-nums" }),
      ],
    }),
  });
}
