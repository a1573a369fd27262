// Forms: the right answer of a case, a new case, a file of cases.
import { ask } from "./api.js";
import { at, make, status } from "./view.js";

/** What the systems answered, and the right answer typed or picked. */
export function answerForm(board, sheet, say) {
  const parts = [];
  for (const one of sheet.answers ?? []) {
    const first = one === sheet.answers[0];
    parts.push(make("h3", {}, `${one.system} answers`), make("div", { class: "answer" }, one.text),
      make("p", {}, make("button", { type: "button", "aria-pressed": String(sheet.labelled && sheet.label === one.label), onclick: () => say(one.label, true) },
        "Right as it is", first ? " " : null, first ? make("kbd", {}, "y") : null)));
  }
  if (!parts.length) parts.push(make("p", { class: "note" }, sheet.waiting ? "The system has not answered yet; you can label all the same." : "No system answered."));
  if (board.kind === "classification") parts.push(picks(sheet, say));
  parts.push(typed(board, sheet, say));
  if (sheet.labelled) parts.push(make("p", {}, make("button", { type: "button", onclick: () => say("", false) }, "Take the label away")));
  return make("div", {}, ...parts);
}

function picks(sheet, say) {
  const buttons = (sheet.classes ?? []).map((name, index) => make("button", {
    type: "button", "aria-pressed": String(sheet.label.trim() === name), onclick: () => say(name, true),
  }, index < 9 ? make("kbd", {}, String(index + 1)) : null, ` ${name}`));
  return make("div", { class: "row", role: "group", "aria-label": "Right class" }, ...buttons);
}

function typed(board, sheet, say) {
  const long = board.kind === "text";
  const input = make(long ? "textarea" : "input", { id: "right", autocomplete: "off", inputmode: board.kind === "regression" ? "decimal" : undefined });
  input.value = sheet.label;
  const send = (event) => {
    event.preventDefault();
    say(input.value, true);
  };
  input.addEventListener("keydown", (event) => {
    if (long && event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
  });
  const name = board.kind === "classification" ? "Right class, typed" : board.kind === "regression" ? "Right number" : "Right text (Ctrl+Enter saves)";
  return make("form", { onsubmit: send }, make("label", { for: "right" }, name, " ", make("kbd", {}, "e")), make("div", { class: "row" }, input, make("button", {}, "Save")));
}

/** Wires the dialogs; done is called when cases joined. */
export function wireForms(board, step, done) {
  at("add").addEventListener("click", () => {
    const names = [...board().inputs, ...(board().stratum ? ["stratum"] : [])];
    at("add-fields").replaceChildren(...names.map((name, index) =>
      make("label", {}, name, index < board().inputs.length ? make("textarea", { name: `in${index}`, rows: "2" }) : make("input", { name: "stratum", list: "strata-known" }))),
    make("datalist", { id: "strata-known" }, ...board().strata.map((name) => make("option", { value: name }))));
    at("add-box").showModal();
  });
  at("import").addEventListener("click", () => at("import-box").showModal());
  for (const button of document.querySelectorAll("dialog .cancel")) button.addEventListener("click", () => button.closest("dialog").close());
  submit("add", async (form) => {
    const inputs = Object.fromEntries(board().inputs.map((name, index) => [name, form.elements[`in${index}`].value]));
    const { id } = await ask("/api/add", { inputs, stratum: form.elements.stratum?.value ?? "" });
    await done(id);
    return `case ${id} added`;
  });
  submit("import", async (form) => {
    const file = form.querySelector("input[type=file]").files[0];
    const { added, skipped } = await ask("/api/import", { text: await file.text() });
    await done();
    return `${added} cases added, ${skipped} were there already`;
  });

  function submit(name, act) {
    const form = at(`${name}-form`);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const wrong = form.querySelector(".wrong");
      wrong.textContent = "";
      try {
        const says = await act(form);
        at(`${name}-box`).close();
        form.reset();
        status(says);
      } catch (problem) {
        wrong.textContent = problem.message;
      }
    });
  }
}
