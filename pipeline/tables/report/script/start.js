// The filter's controls, the address, and all parts drawn in their order.
function controls() {
  const outlet = ids("outlet"), from = ids("from"), to = ids("to");
  const others = data.overview.outlets > data.listed.length || data.cells.some((cell) => cell[0] === data.listed.length);
  outlet.append(el("option", { value: EVERY }, "All outlets"), ...data.listed.map((title, place) => el("option", { value: place }, short(title, 40))), ...(others ? [el("option", { value: data.listed.length }, "All other outlets")] : []));
  for (const select of [from, to]) select.append(...periods.map((day, period) => el("option", { value: period }, brief(period))));
  outlet.parentElement.hidden = outlet.options.length < 3;
  for (const select of [from, to]) select.parentElement.hidden = periods.length < 2;
  ids("filter").hidden = outlet.parentElement.hidden && from.parentElement.hidden;
  const choose = () => {
    Object.assign(choice, { outlet: Number(outlet.value), from: Number(from.value || 0), to: Number(to.value || 0) });
    if (choice.to < choice.from) choice.to = choice.from;
    if (!periods.length) choice.to = -1;
    history.replaceState(null, "", everything() ? "#" : fragment(null));
    filtered();
  };
  for (const select of [outlet, from, to]) select.addEventListener("change", choose);
  for (const button of document.querySelectorAll(".reset")) button.addEventListener("click", () => {
    Object.assign(choice, { outlet: EVERY, from: 0, to: periods.length - 1 });
    history.replaceState(null, "", "#");
    filtered();
  });
}

// All that the choice changes; the sections that it can't change say so.
function filtered() {
  ids("outlet").value = choice.outlet; ids("from").value = choice.from; ids("to").value = choice.to;
  for (const part of [named, overTone, list, overTime, outlets]) part();
  const active = !everything();
  for (const button of document.querySelectorAll(".reset")) button.hidden = !active;
  document.querySelector("nav .reset").textContent = active ? `${short(chosen(), 60)} ×` : "";
  document.querySelector("nav .reset").setAttribute("aria-label", active ? `Show everything again, not only ${chosen()}` : "");
  ids("chosen").textContent = active ? `Shown: ${chosen()}.` : "";
  for (const section of document.querySelectorAll("section")) {
    section.querySelector(".whole")?.remove();
    if (active && section.dataset.filter === undefined) section.querySelector("h2").after(el("p", { class: "whole" }, "All outlets, the whole time"));
  }
  if (choice.outlet !== EVERY) ids("outlets").querySelector("h2").after(el("p", { class: "whole" }, timed() ? "All outlets in the time chosen" : "All outlets"));
  for (const anchor of document.querySelectorAll("nav li a")) anchor.parentElement.hidden = ids(anchor.hash.slice(1)).hidden;
}

// An address may hold a name and a choice: #person=Ada%20Lovelace&outlet=The%20Post&from=2020-01-01
function follow() {
  const words = location.hash.slice(1);
  if (!words.includes("=")) return;
  const asked = new URLSearchParams(words), outlet = asked.get("outlet");
  choice.outlet = outlet === null ? EVERY : outlet === "" ? data.listed.length : data.listed.indexOf(outlet);
  // A day chooses the period that it lies in.
  const from = asked.get("from"), to = asked.get("to");
  choice.from = from ? Math.max(0, periods.findLastIndex((day) => day <= from)) : 0;
  choice.to = to ? Math.max(choice.from, periods.findLastIndex((day) => day <= to)) : periods.length - 1;
  filtered();
  const found = data.entities.find((entity) => asked.get(ONE[entity.label]) === entity.name);
  if (found) openName(found);
  else if ([...asked.keys()].some((key) => Object.values(ONE).includes(key))) { ids("found").textContent = "The name that this address asks for isn't on this page."; ids("search").scrollIntoView(); }
}

for (const part of [header, search, voices, together, places, copies, ledger, rejects, run, reading, controls, filtered]) part();
for (const place of document.querySelectorAll(".legend")) place.append(scale());
addEventListener("hashchange", follow);
follow();
document.documentElement.dataset.ready = "yes";
