// How much a message looks like spam, from 0 to 1.

const WORDS = { free: 1, win: 1, winner: 1, money: 1, click: 1, offer: 1, urgent: 1, prize: 1, meeting: -1, thanks: -1 };
const BIAS = -1; // of a message without a sign
const SHOUT = 0; // weight of the share of capital letters
const LINK = 0; // weight of a link
const EXCLAIM = 0; // weight of each exclamation mark, three at most
const NUMBER = 0; // weight of a sum of money

function likelihood(text) {
  const letters = text.replace(/[^A-Za-z]/g, "");
  const capitals = letters.replace(/[a-z]/g, "").length / Math.max(1, letters.length);
  let z = BIAS + SHOUT * capitals;
  for (const word of text.toLowerCase().split(/[^a-z]+/)) z += WORDS[word] ?? 0;
  if (/https?:|www\./.test(text)) z += LINK;
  z += EXCLAIM * Math.min(3, (text.match(/!/g) ?? []).length);
  if (/[$€£]\s?\d|\d\s?(dollars|euros)/i.test(text)) z += NUMBER;
  return 1 / (1 + Math.exp(-z));
}

module.exports = { likelihood };
