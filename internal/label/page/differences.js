// The page of the differences of two labellers: each is settled by a pick.
import { ask, listen, read } from "./api.js";
import { alert, at, make, status, systemLines } from "./view.js";

let all = null;
let current = 0;

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

const open = () => all.cases.reduce((sum, one) => sum + one.points.filter((point) => point.picked === null).length, 0);
const total = () => all.cases.reduce((sum, one) => sum + one.points.length, 0);

/** What a label says in words: of a ranking without grades, yes or no. */
function words(text) {
  if (all.kind !== "ranking") return text;
  if (all.graded || !["0", "1"].includes(text)) return `grade ${text}`;
  return text === "1" ? "yes" : "no";
}

function draw() {
  at("count").textContent = total() ? `${total() - open()} of ${total()} settled` : "no difference";
  const head = [make("p", {}, `${all.says}.`), ...systemLines(all.systems, () => step(() => ask("/api/again")))];
  if (all.agreed) {
    head.push(make("p", { class: "row" }, make("button", { type: "button", onclick: takeAgreed },
      `Write the labels of ${all.agreed} ${all.agreed === 1 ? "case" : "cases"} on which both agree to ${all.file}`)));
  }
  head.push(make("p", { class: "small" }, `A case's label is written to ${all.file} once nothing of it is open. Keys: 1 is ${all.names[0]}, 2 is ${all.names[1]}, j and k move, Enter goes to the next open one.`));
  at("head").replaceChildren(...head);
  at("body").replaceChildren(...(all.cases.length ? all.cases.map(section) : [make("p", { class: "note" }, "Nothing is left to pick.")]));
  point();
}

function section(one) {
  const parts = [make("h2", { class: "query" }, one.inputs.filter(Boolean).join(" · ")), make("p", { class: "small" }, [one.id, one.stratum, one.now ? `${all.file} says ${one.now}` : "no label in the case file yet"].filter(Boolean).join(" · "))];
  return make("section", { "aria-label": `Case ${one.id}` }, ...parts, make("ul", {}, ...one.points.map((choice) => card(one, choice))));
}

function card(one, choice) {
  const what = make("div", { class: "what" });
  const fields = one.shown.flatMap((name) => (choice.fields ?? []).filter((field) => field.name === name));
  if (choice.id) what.append(make("h3", {}, fields[0]?.text ?? choice.id));
  for (const field of fields.slice(1)) what.append(make("p", {}, make("i", {}, `${field.name}: `), field.text));
  if (choice.id && fields.length) what.append(make("p", {}, make("i", {}, choice.id)));
  const marks = make("div", { class: choice.id ? "picks" : "picks all", role: "group", "aria-label": `Which is right? ${choice.id || one.id}` });
  choice.says.forEach((text, index) => marks.append(make("button", {
    type: "button", "aria-pressed": String(choice.picked === text), onclick: () => pick(one, choice, text),
  }, `${all.names[index]}: ${words(text)}`)));
  marks.append(other(one, choice));
  return make("li", { class: `result ${choice.picked === null ? "" : "yes"}`, tabindex: "-1", onfocus: (event) => focused(event.currentTarget) }, choice.id ? what : null, marks);
}

/** An answer that neither gave. */
function other(one, choice) {
  const third = choice.picked !== null && !choice.says.includes(choice.picked) ? choice.picked : "";
  if (all.kind === "ranking") {
    if (!all.graded) return "";
    const grades = ["0", "1", "2", "3", "4"].filter((text) => !choice.says.includes(text));
    return make("span", {}, ...grades.map((text) => make("button", { type: "button", "aria-pressed": String(text === third), "aria-label": `grade ${text}`, onclick: () => pick(one, choice, text) }, text)));
  }
  const input = make("input", { value: third, "aria-label": `Another answer for ${one.id}`, placeholder: "another answer" });
  return make("form", { class: "row", onsubmit: (event) => { event.preventDefault(); pick(one, choice, input.value); } }, input, make("button", {}, "Save"));
}

async function pick(one, choice, answer) {
  const got = await step(() => ask("/api/pick", { case: one.id, id: choice.id, answer }));
  if (!got) return;
  all = got;
  draw();
  const left = all.cases.find((same) => same.id === one.id)?.points.filter((point) => point.picked === null).length;
  status(left ? `kept; ${left} more of this case` : `written to ${all.file}`);
  focusOn(current);
}

async function takeAgreed() {
  const got = await step(() => ask("/api/agreed"));
  if (!got) return;
  all = got;
  draw();
  status(`written to ${all.file}`);
}

// ---- the current difference

const cards = () => [...document.querySelectorAll(".result")];
const flat = () => all.cases.flatMap((one) => one.points.map((choice) => [one, choice]));

function focused(element) {
  current = cards().indexOf(element);
  point();
}

function point() {
  cards().forEach((element, index) => (index === current ? element.setAttribute("aria-current", "true") : element.removeAttribute("aria-current")));
}

function focusOn(index) {
  current = Math.max(0, Math.min(index, cards().length - 1));
  cards()[current]?.focus({ preventScroll: true });
  cards()[current]?.scrollIntoView({ block: "nearest" });
  point();
}

function nextOpen() {
  const list = flat();
  const order = [...list.keys()].slice(current + 1).concat([...list.keys()].slice(0, current + 1));
  const next = order.find((index) => list[index][1].picked === null);
  if (next === undefined) status("every difference is settled");
  else focusOn(next);
}

async function choose(side) {
  const [one, choice] = flat()[current] ?? [];
  if (!one) return;
  await pick(one, choice, choice.says[side]);
  nextOpen();
}

const keys = { 1: () => choose(0), 2: () => choose(1), j: () => focusOn(current + 1), ArrowDown: () => focusOn(current + 1), k: () => focusOn(current - 1), ArrowUp: () => focusOn(current - 1), Enter: nextOpen };

let queue = Promise.resolve();
document.addEventListener("keydown", (event) => {
  if (!all || event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input")) return;
  if (event.key === "Enter" && event.target.matches("button,a")) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  queue = queue.then(act);
});

/** Reads it anew; whoever types an answer meanwhile is left in peace. */
async function load() {
  all = await read("/api/differences");
  if (document.activeElement?.matches("input")) return;
  draw();
  focusOn(current);
}

step(load).then(() => listen((event) => (event.reload || event.systems ? void step(load) : undefined), () => step(load), () => {
  alert("the connection to autoresearch-skill label is lost: nothing is saved until it is back");
}));
