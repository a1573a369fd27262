import assert from "node:assert/strict";
import test from "node:test";
import { search } from "../lib/search.js";

test("an exact name is found first", async () => {
  assert.equal((await search("Portugal"))[0].id, "pt");
});

test("as many results as asked for", async () => {
  assert.equal((await search("an", 3)).length, 3);
});
