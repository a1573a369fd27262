import { readFileSync } from "node:fs";
import { score } from "./score.js";

const places = JSON.parse(readFileSync(new URL("../data/places.json", import.meta.url), "utf8"));

/** The places that a typed query may mean, best first. */
export async function search(query, limit = 10) {
  const scored = places.map(({ id, name }) => ({ id, name, score: score(query, name) }));
  scored.sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
  return scored.slice(0, limit);
}
