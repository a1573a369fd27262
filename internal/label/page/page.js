// The page: which case is open, which result is current, and the keys.
import { ask, listen, read } from "./api.js";
import { alert, at, drawCounts, drawList, drawRow, drawStrata, make, result, status, systemLines } from "./view.js";
import { answerForm, wireForms } from "./forms.js";

let board = null; // all cases
let sheet = null; // the open case with its results
let search = null; // { query, items, shown } while what the system missed is looked for
let current = 0; // the current result's place
let fields = null; // chosen by the person; null: what the server proposes
let ranks = sessionStorage.getItem("ranks") === "yes";

/** Runs a step; what it fails with is shown and stays until the next one that works. */
async function step(what) {
  try {
    const out = await what();
    alert("");
    return out;
  } catch (problem) {
    alert(problem.message);
    return undefined;
  }
}

// ---- what there is

async function load() {
  const before = new Map((board?.cases ?? []).map((row) => [row.id, row]));
  board = await read("/api/board");
  board.cases = board.cases.map((row) => newer(before.get(row.id), row));
  drawList(board.cases, sheet?.id, go);
  refresh();
  document.body.classList.toggle("ranking", board.kind === "ranking");
  at("find").hidden = board.kind !== "ranking" || !board.how;
}

function refresh() {
  drawCounts(board.counts);
  drawStrata(board.cases);
}

/** Of two states of a case the one that was written later: answers and events overtake each other. */
const newer = (known, row) => (known && known.revision > row.revision ? known : row);

const place = () => board.cases.findIndex((row) => row.id === sheet?.id);

function takeRow(row, counts) {
  const index = board.cases.findIndex((one) => one.id === row.id);
  if (index < 0 || newer(board.cases[index], row) !== row) return;
  board.cases[index] = row;
  if (counts) board.counts = counts;
  drawRow(row, row.id === sheet?.id, go);
  if (sheet?.id === row.id) {
    label(row);
    const named = row.label.trim();
    if (sheet.classes && named && !sheet.classes.includes(named)) sheet.classes = [...sheet.classes, named].sort();
    redraw();
  }
  refresh();
}

/** Gives the open case the label of its row. */
function label(row) {
  Object.assign(sheet, { grades: row.grades, label: row.label, labelled: row.labelled, problem: row.problem, revision: row.revision });
}

// ---- one case

async function open(id, keep) {
  const got = await step(() => read(`/api/case?id=${encodeURIComponent(id)}`));
  if (!got) return;
  const before = sheet;
  const pointed = keep && before ? items()[current]?.id : undefined;
  if (!keep) [search, current] = [null, 0];
  sheet = got;
  const known = board.cases.find((row) => row.id === id);
  if (newer(known, got) === known) label(known);
  if (keep) current = Math.max(0, items().findIndex((item) => item.id === pointed)); // others may have come before it
  location.replace(`#${encodeURIComponent(id)}`);
  for (const old of [before, sheet]) {
    const row = old && board.cases.find((one) => one.id === old.id);
    if (row) drawRow(row, row.id === sheet.id, go);
  }
  at("list").querySelector("[aria-current=true]")?.scrollIntoView({ block: "nearest" });
  at("side").classList.remove("open");
  at("queries").setAttribute("aria-expanded", "false");
  draw();
  if (!keep) {
    at("results").scrollTop = 0;
    focusOn(0);
  }
}

/** The results in the order that was asked for. */
function items() {
  if (search) return search.items;
  const all = sheet.items ?? [];
  if (!ranks) return all;
  const rank = (item) => Math.min(...(item.from ?? []).map((source) => source.system * 1e6 + source.rank), 1e9);
  return [...all].sort((a, b) => rank(a) - rank(b));
}

const marks = () => {
  const grades = board.graded ? [[1, "1", "grade 1"], [2, "2", "grade 2"], [3, "3", "grade 3"], [4, "4", "grade 4"]] : [[1, "Yes", "yes, it answers"]];
  return [[0, "No", "no, it does not answer"], ...grades];
};

function shown() {
  return fields ?? (search ? search.shown : sheet.shown) ?? [];
}

const view = () => ({ grades: sheet.grades ?? {}, fields: shown(), ranks: ranks && !search, systems: board.systems, marks: marks(), mark: clicked(mark), focus: focused });

function draw() {
  const row = sheet;
  const head = [make("h2", {}, row.inputs.filter(Boolean).join(" · "))];
  if (board.inputs.length > 1) head.push(make("p", { class: "small" }, board.inputs.map((name, i) => `${name}: ${row.inputs[i]}`).join(" · ")));
  head.push(make("p", { class: "small" }, [row.id, row.stratum].filter(Boolean).join(" · ")));
  if (row.problem) head.push(make("p", { class: "wrong" }, `Its label can't be read: ${row.problem}. Mend it in ${board.file}.`));
  head.push(...systemLines(board.systems, () => step(() => ask("/api/again"))));
  head.push(...(sheet.problems ?? []).map((text) => make("p", { class: "wrong" }, text)));
  if (board.kind === "ranking") head.push(search ? searchForm() : options());
  at("head").replaceChildren(...head);
  if (board.kind !== "ranking") {
    at("body").replaceChildren(answerForm(board, sheet, clicked(say)));
    return;
  }
  const list = items();
  const drawn = view();
  at("body").replaceChildren(list.length
    ? make("div", {}, make("ul", { "aria-label": search ? "Found" : "Results" }, ...list.map((item) => result(item, drawn))), onward())
    : make("p", { class: "note" }, search ? "Nothing found." : sheet.waiting ? "Its results come as soon as the system has answered." : "The system returned nothing."));
  point();
}

/** Draws anew what a label changes, and nothing else. */
function redraw() {
  if (board.kind !== "ranking") return draw();
  const drawn = view();
  items().forEach((item, index) => {
    const old = at("body").querySelectorAll(".result")[index];
    if (!old || old.dataset.grade === String(drawn.grades[item.id])) return;
    const made = result(item, drawn);
    const focus = old.contains(document.activeElement);
    old.replaceWith(made);
    if (focus) made.focus({ preventScroll: true });
  });
  point();
}

function options() {
  const names = [...new Set([...shown(), ...(sheet.items ?? []).flatMap((item) => (item.fields ?? []).map((field) => field.name))])].filter((name) => name !== "id");
  const boxes = names.map((name) => make("label", {}, make("input", {
    type: "checkbox", checked: shown().includes(name),
    onchange: (event) => {
      fields = event.target.checked ? [...shown(), name] : shown().filter((one) => one !== name);
      draw();
    },
  }), name));
  const order = make("button", { type: "button", "aria-pressed": String(ranks), onclick: turn }, "System's order");
  const go = make("button", { type: "button", onclick: () => queued(next) }, "Next case ", make("kbd", {}, "Enter"));
  return make("div", { class: "options" }, `${items().length} results`, order, go, ...boxes);
}

function turn() {
  ranks = !ranks;
  sessionStorage.setItem("ranks", ranks ? "yes" : "no");
  draw();
  focusOn(0);
  status(ranks ? "the system's own order: mind that its first ones look right" : "a drawn order, which says nothing of any rank");
}

/** For whoever has no keys: the next case, where the results end. */
const onward = () => make("p", { class: "tools" }, search
  ? make("button", { type: "button", onclick: leaveSearch }, "Back to the results")
  : make("button", { type: "button", onclick: () => queued(next) }, "Next case"));

function searchForm() {
  const input = make("input", { type: "search", value: search.query, "aria-label": "Search for what the system missed" });
  const form = make("form", { class: "row", onsubmit: (event) => { event.preventDefault(); look(input.value); } }, input, make("button", {}, "Search"),
    make("button", { type: "button", onclick: leaveSearch }, "Back to the results"));
  return make("div", {}, make("p", { class: "small" }, board.how), form);
}

async function look(query) {
  status("searching …");
  const got = await step(() => ask("/api/search", { query }));
  if (!got) return;
  status(`${got.items.length} found`);
  search = { query, ...got };
  current = 0;
  draw();
  if (got.items.length) focusOn(0);
}

function startSearch() {
  if (board.kind !== "ranking" || !board.how) return;
  search = { query: "", items: [], shown: [] };
  draw();
  at("body").replaceChildren();
  at("head").querySelector("input[type=search]").focus();
}

function leaveSearch() {
  search = null;
  open(sheet.id);
}

// ---- the current result

function focused(element) {
  const index = [...at("body").querySelectorAll(".result")].indexOf(element);
  if (index >= 0 && index !== current) {
    current = index;
    point();
  }
}

function point() {
  at("body").querySelectorAll(".result").forEach((element, index) => {
    if (index === current) element.setAttribute("aria-current", "true");
    else element.removeAttribute("aria-current");
  });
}

function focusOn(index) {
  const all = at("body").querySelectorAll(".result");
  current = Math.max(0, Math.min(index, all.length - 1));
  point();
  const target = all[current] ?? (search && at("head").querySelector("input[type=search]")) ?? at("results");
  target.focus({ preventScroll: true });
  if (all[current]) all[current].scrollIntoView({ block: "nearest" });
}

// ---- labels

async function mark(of, id, grade) {
  const same = board.cases.find((row) => row.id === of)?.grades?.[id] === grade;
  const row = await step(() => ask("/api/mark", { case: of, id, grade: same ? null : grade }));
  if (!row) return false;
  takeRow(row);
  said = same ? "label taken away" : "saved";
  return true;
}

async function markCurrent(grade) {
  const item = items()[current];
  if (!item) return;
  const before = current;
  if ((await mark(sheet.id, item.id, grade)) && current === before) focusOn(before + 1);
}

async function say(of, value, onward) {
  const row = await step(() => ask("/api/say", { case: of, value }));
  if (!row) return;
  takeRow(row);
  said = "saved";
  if (onward) await next();
}

async function undo() {
  const row = await step(() => ask("/api/undo"));
  if (!row) return;
  takeRow(row);
  if (sheet.id !== row.id) await open(row.id);
  said = "undone";
}

// ---- from case to case

function next() {
  const from = place();
  const order = [...board.cases.slice(from + 1), ...board.cases.slice(0, from)];
  const row = order.find((one) => !one.labelled);
  if (row) return open(row.id);
  said = "";
  status(`all ${board.cases.length} cases are labelled; autoresearch-skill label --check looks at them`);
}

function beside(way) {
  const row = board.cases[place() + way];
  if (row) return open(row.id);
  status(way > 0 ? "this is the last case" : "this is the first case");
}

const keys = {
  j: () => focusOn(current + 1), ArrowDown: () => focusOn(current + 1),
  k: () => focusOn(current - 1), ArrowUp: () => focusOn(current - 1),
  y: () => markCurrent(1), n: () => markCurrent(0),
  u: undo, s: () => beside(1), p: () => beside(-1), o: () => (board.kind === "ranking" ? turn() : undefined), Enter: next,
  "/": startSearch, "?": () => at("help-box").showModal(), Escape: () => (search ? leaveSearch() : undefined),
};

/** Of a case with one right answer: what the system says is right, or another is typed. */
const answered = {
  y: () => { if (sheet.answers?.length) return say(sheet.id, sheet.answers[0].label, true); },
  n: () => undefined,
  e: () => at("right").focus(),
};

function pressed(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !sheet || document.querySelector("dialog[open]")) return;
  const typing = event.target.matches("input:not([type=checkbox]),textarea,select");
  if (typing && event.key !== "Escape") return;
  if (event.key === "Enter" && event.target.matches("button,a,summary")) return;
  let act = keys[event.key];
  let labels = "ynu".includes(event.key);
  if (board.kind !== "ranking" && event.key in answered) act = answered[event.key];
  if (board.kind === "regression" && /^[0-9.+-]$/.test(event.key)) return at("right").select(); // and the key is typed there
  if (/^[1-9]$/.test(event.key)) {
    const number = Number(event.key);
    if (board.kind === "ranking" && number <= 4) [act, labels] = [() => markCurrent(number), true];
    else if (board.kind === "classification" && sheet.classes?.[number - 1] !== undefined) [act, labels] = [() => say(sheet.id, sheet.classes[number - 1], true), true];
  }
  if (!act) return;
  event.preventDefault();
  if (typing) event.target.blur();
  queued(act, labels);
}

// One step after the other: the next one waits until this one's label is saved.
let queue = Promise.resolve();
let unsaved = 0; // labels given and not on the disk yet
let said = ""; // what the last of them came to

function queued(act, labels) {
  if (labels) saving(1);
  queue = queue.then(act).catch((problem) => alert(problem.message)).finally(() => { if (labels) saving(-1); });
  return queue;
}

const go = (id) => queued(() => open(id));

/** A click labels the case that it was made in, whatever is open once its turn comes. */
function clicked(act) {
  const of = sheet.id;
  return (...values) => queued(() => act(of, ...values), true);
}

function saving(more) {
  unsaved += more;
  if (unsaved) status(`saving ${unsaved} …`, true);
  else if (said) status(said);
  else if (at("status").textContent.startsWith("saving")) status("");
  if (!unsaved) said = "";
}

window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

// ---- other windows, and systems at work

async function told(event) {
  if (!board) return;
  if (event.reload) return void step(load);
  if (event.row) takeRow(event.row, event.counts);
  if (event.systems) {
    board.systems = event.systems;
    if (!sheet) return;
    const typing = document.activeElement?.matches("input:not([type=checkbox]),textarea");
    if (!typing && !search) await open(sheet.id, true);
  }
}

async function begin() {
  await load();
  const wanted = decodeURIComponent(location.hash.slice(1));
  const row = board.cases.find((one) => one.id === wanted) ?? board.cases.find((one) => !one.labelled) ?? board.cases[0];
  if (row) await open(row.id);
  else at("body").replaceChildren(make("p", { class: "note" }, "No case yet: add one, or import a file of queries."));
}

let lost = false;
step(begin).then(() => listen(told, async () => {
  if (lost) { // what was said meanwhile was not heard
    await step(load);
    if (sheet) await open(sheet.id, true);
  }
  lost = false;
}, () => {
  lost = true;
  alert("the connection to autoresearch-skill label is lost: nothing is saved until it is back");
}));

document.addEventListener("keydown", pressed);
for (const [id, act] of [["undo", () => queued(undo, true)], ["find", startSearch], ["help", keys["?"]]]) at(id).addEventListener("click", act);
at("queries").addEventListener("click", () => at("queries").setAttribute("aria-expanded", String(at("side").classList.toggle("open"))));
wireForms(() => board, step, async (id) => { await load(); if (id) open(id); });
