// Articles over time.
function overTime() {
  const found = coverage((outlet, period) => period, (outlet, period) => takes(outlet, period) && period !== NO_PERIOD);
  const section = ids("time");
  section.hidden = !periods.length;
  for (const old of section.querySelectorAll("figure")) old.remove();
  if (!periods.length) return;
  const rows = [...found].map(([period, row]) => ({ ...row, period, start: date(periods[period]), end: date(ends[period]) })).sort((a, b) => a.period - b.period);
  const lost = [...coverage((outlet, period) => period, (outlet) => choice.outlet === EVERY || outlet === choice.outlet)].filter(([period]) => period === NO_PERIOD).reduce((all, [, row]) => all + row.articles, 0);
  const undated = lost ? ` Not in the chart: ${count(lost, "article")} without a date${data.overview.undated < lost ? ", or with one far from the others'" : ""}.` : "";
  if (!rows.length) { finding("time", `No article with a date: ${chosen()}.`); return; }
  const peak = rows.reduce((most, row) => row.articles > most.articles ? row : most), unit = data.overview.unit;
  finding("time", `${everything() ? "The" : chosen() + ": the"} most articles, ${number(peak.articles)}, are from ${unit === "week" ? "the " : ""}${called(peak.period)}.${undated}`);
  drawTime(section, rows, unit);
}

function drawTime(section, rows, unit) {
  const copies = rows.some((row) => row.copies);
  const legend = (word, dx, fill) => charts.text(copies ? [word] : [], { frameAnchor: "top-left", text: (words) => words, dx, dy: -26, fill, textAnchor: "start", fontWeight: 600 });
  figure(section, {
    file: "articles-over-time", caption: `Articles by ${unit}`, heading: `Articles by ${unit}`,
    label: `Articles by ${unit}, stories and copies of them: ${rows.slice(0, 6).map((row) => `${called(row.period)} ${row.articles}`).join(", ")}…`,
    columns: [[unit[0].toUpperCase() + unit.slice(1), (row) => called(row.period)], ["Stories", (row) => row.stories, true], ["Copies", (row) => row.copies, true]],
    rows,
    draw: (width) => {
      const gap = width / periods.length > 6 ? 0.5 : 0;
      return plot({
        width, height: Math.min(320, 180 + width / 8), marginLeft: 44, marginRight: 12, marginTop: 34,
        x: { type: "utc", label: null, domain: [date(periods[choice.from]), date(ends[choice.to])], ticks: Math.max(3, Math.floor(width / 90)) },
        y: { domain: [0, Math.max(...rows.map((row) => row.articles))], nice: true, grid: true, label: null, tickFormat: (value) => Number.isInteger(value) ? number(value) : "", ticks: 4 },
        marks: [
          charts.rectY(rows, { x1: "start", x2: "end", y1: 0, y2: "stories", fill: "var(--story)", insetLeft: gap, insetRight: gap, title: (row) => `${called(row.period)}: ${count(row.stories, "story", "stories")}`, tip: true }),
          charts.rectY(rows.filter((row) => row.copies), { x1: "start", x2: "end", y1: "stories", y2: "articles", fill: "var(--copy)", insetLeft: gap, insetRight: gap, title: (row) => `${called(row.period)}: ${count(row.copies, "copy", "copies")}`, tip: true }),
          charts.ruleY([0], { stroke: "currentColor" }),
          legend("■ stories", 0, "var(--story)"), legend("■ copies of them", 76, "var(--copy)"),
        ],
      });
    },
  });
}
