// What the page asks of its server, and what the server tells on its own.

async function answer(response) {
  const said = response.headers.get("Content-Type") === "application/json" ? await response.json() : { error: await response.text() };
  if (!response.ok) throw new Error(said.error);
  return said;
}

async function reached(path, options) {
  try {
    return await fetch(path, options);
  } catch {
    throw new Error("the command behind this page has ended: nothing is saved from here on. Call autoresearch-skill label again; your labels so far are in the file");
  }
}

/** Reads something. */
export const read = async (path) => answer(await reached(path));

/** Asks for something to be done; what is done is on the disk when it returns. */
export const ask = async (path, body) =>
  answer(await reached(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body ?? {}) }));

/** Listens for what other windows and the running systems change. */
export function listen(onEvent, onOpen, onLost) {
  const source = new EventSource("/api/events");
  source.onmessage = (message) => onEvent(JSON.parse(message.data));
  source.onopen = onOpen;
  source.onerror = onLost;
}
