// How well a place's name answers what somebody typed, from 0 up.

const GRAM = 4; // letters in a piece
const PIECES = 1.0; // weight of the share of pieces in common
const PREFIX = 0.1; // weight of letters in common at the beginning
const LENGTH = 0.4; // price of each letter that one has more than the other
const FIRST_LETTER = 0.1; // price of another first letter

/** The pieces of a text. */
function pieces(text) {
  const all = new Set();
  for (let i = 0; i + GRAM <= text.length; i++) all.add(text.slice(i, i + GRAM));
  return all;
}

function prefix(a, b) {
  let n = 0;
  while (n < a.length && n < b.length && a[n] === b[n]) n++;
  return n;
}

export function score(typed, name) {
  const a = typed.toLowerCase();
  const b = name.toLowerCase();
  const mine = pieces(a);
  const theirs = pieces(b);
  const common = [...mine].filter((piece) => theirs.has(piece)).length;
  let total = (PIECES * common) / Math.max(1, mine.size);
  total += (PREFIX * prefix(a, b)) / Math.max(1, a.length);
  total -= (LENGTH * Math.abs(a.length - b.length)) / 4;
  if (a[0] !== b[0]) total -= FIRST_LETTER;
  return total;
}
