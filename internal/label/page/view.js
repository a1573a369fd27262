// Everything that is drawn. Text from cases and results only ever becomes a
// text node: no markup of theirs is read.

/** An element with attributes and children; a child that is text stays text. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, name === "title" || name === "aria-label" ? plain(value) : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined).map(plain));
  return element;
}

/** A text's marks of writing direction in sight, for they let it show as another one. */
const plain = (text) => (typeof text !== "string" ? text
  : text.replace(/\p{Bidi_Control}/gu, (mark) => `‹U+${mark.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}›`));

export const at = (id) => document.getElementById(id);

const title = (row) => row.inputs.filter(Boolean).join(" · ");

/** The list on the left: made once, then changed row by row. */
export function drawList(rows, current, open) {
  at("list").replaceChildren(...rows.map((row) => make("li", { "data-id": row.id })));
  for (const row of rows) drawRow(row, row.id === current, open);
}

export function drawRow(row, isCurrent, open) {
  const item = at("list").querySelector(`li[data-id="${CSS.escape(row.id)}"]`);
  if (!item) return;
  const mark = row.labelled ? "✓" : "";
  item.replaceChildren(
    make("button", { type: "button", "aria-current": isCurrent ? "true" : undefined, title: title(row), onclick: () => open(row.id) },
      make("b", { "aria-hidden": "true" }, mark), make("span", {}, title(row)),
      row.stratum ? make("small", {}, row.stratum) : null, row.labelled ? make("span", { class: "away" }, " labelled") : null));
}

export function drawCounts(counts) {
  const parts = [`${counts.labelled} of ${counts.cases} labelled`];
  if (counts.relevant) parts.push(`${counts.relevant} relevant`);
  if (counts.pool) parts.push(`${counts.pool} of them only from the pool`);
  if (counts.found) parts.push(`${counts.found} found by hand`);
  at("count").textContent = parts.join(" · ");
  const percent = counts.cases ? Math.round((100 * counts.labelled) / counts.cases) : 0;
  at("bar").setAttribute("aria-valuenow", percent);
  at("bar").firstElementChild.style.width = `${percent}%`;
  at("undo").disabled = counts.undo === 0;
}

/** How far each stratum has come. */
export function drawStrata(rows) {
  const all = new Map();
  for (const row of rows) {
    const [done, total] = all.get(row.stratum || "") ?? [0, 0];
    all.set(row.stratum || "", [done + (row.labelled ? 1 : 0), total + 1]);
  }
  const parts = [...all].map(([name, [done, total]]) => `${name || "no stratum"} ${done}/${total}`);
  at("strata").textContent = all.size > 1 ? parts.slice(0, 12).join(" · ") : "";
}

/** What the systems are doing, in a line each. */
export function systemLines(systems, again) {
  return systems.filter((system) => system.running || system.error).map((system) =>
    system.error
      ? make("p", { class: "wrong" }, `${system.name}: ${system.error} `, make("button", { type: "button", onclick: again }, "Run again"))
      : make("p", { class: "note" }, `${system.name} is answering: ${system.done} of ${system.total} cases`));
}

/** One result with its fields and its marks. */
export function result(item, view) {
  const fields = view.fields.flatMap((name) => (item.fields ?? []).filter((field) => field.name === name));
  const [first, ...rest] = fields;
  const grade = view.grades[item.id];
  const what = make("div", { class: "what" }, make("h3", {}, first ? first.text : item.id));
  for (const field of rest) what.append(make("p", {}, make("i", {}, `${field.name}: `), field.text));
  if (view.ranks) what.append(make("p", {}, make("i", {}, origin(item, view.systems))));
  else if (first) what.append(make("p", {}, make("i", {}, item.id)));
  const marks = make("div", { class: "marks", role: "group", "aria-label": `Does it answer the query? ${item.id}` });
  for (const [value, name, says] of view.marks) {
    marks.append(make("button", {
      type: "button", class: value === 0 ? "none" : "", "aria-pressed": String(grade === value), "aria-label": says,
      onclick: () => view.mark(item.id, value),
    }, name));
  }
  return make("li", {
    class: `result ${grade > 0 ? "yes" : grade <= 0 ? "no" : ""}`, tabindex: "-1", "data-id": item.id, "data-grade": String(grade),
    onfocus: (event) => view.focus(event.currentTarget),
  }, what, marks);
}

function origin(item, systems) {
  const from = (item.from ?? []).map((source) => `${systems[source.system].name} rank ${source.rank}`);
  return `${item.id} · ${from.join(" · ") || "returned by no system"}`;
}

/** A line that goes away by itself, but where it stays for what is under way. */
let timer = 0;
export function status(text, stays) {
  at("status").textContent = text;
  clearTimeout(timer);
  if (stays) return;
  timer = setTimeout(() => { at("status").textContent = ""; }, 2500);
}

export const alert = (text) => { at("alert").textContent = text; };
