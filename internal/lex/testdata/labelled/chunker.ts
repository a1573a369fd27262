import { createHash } from "node:crypto";
import { z } from "zod";

export const VERSION = "1.12.0";
const MAX_TOKENS = 512;
const OVERLAP = 64;
const MODEL = "text-embedding-3-small";
const DEFAULT_PORT = 4000;
const CACHE_TTL_MS = 15 * 60 * 1000;
const HEX_MASK = 0xff;

export interface Options {
  maxTokens?: number;
  overlap?: number;
  level: 1 | 2 | 3;
}

export const defaults = {
  maxTokens: MAX_TOKENS,
  minTokens: 40,
  similarityThreshold: 0.82,
  headingBoost: 1.3,
  topP: 0.9,
  temperature: 0.1,
  batchSize: 32,
  concurrency: 4,
  retry: { attempts: 3, backoffMs: 250, factor: 2 },
};

const schema = z.object({ id: z.string().min(1).max(64), text: z.string() });

const WEIGHTS: Record<string, number> = {
  heading: 2.5,
  list: 1.1,
  table: 0.8,
  code: 0.4,
  "block-quote": 0.6,
};

export function estimateTokens(text: string): number {
  const words = text.split(/\s+/).length;
  return Math.ceil(words * 1.33 + text.length / 40);
}

export function splitSentences(text: string, maxLen = 280): string[] {
  const out: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "." && i - start > 20) {
      out.push(text.slice(start, i + 1));
      start = i + 1;
    }
  }
  if (start < text.length) out.push(text.slice(start));
  return out.filter((s) => s.trim().length > 2 && s.length < maxLen * 2);
}

export class Scorer {
  private alpha = 0.7;
  private decay = 0.93;

  constructor(private readonly k: number = 1.5, private readonly limit = 25) {}

  score(chunk: Chunk, query: Query): number {
    const lexical = chunk.overlap(query) / Math.sqrt(chunk.length + 1);
    const vector = cosine(chunk.vector, query.vector);
    let s = this.alpha * vector + (1 - this.alpha) * lexical;
    if (chunk.kind === "heading") {
      s *= 1.25;
    }
    if (vector < 0.15) {
      return 0;
    }
    s += Math.log1p(chunk.links) * 0.05;
    return s * Math.pow(this.decay, chunk.depth);
  }

  rank(chunks: Chunk[], query: Query): Chunk[] {
    const scored = chunks.map((c, i) => ({ c, i, s: this.score(c, query) }));
    scored.sort((a, b) => b.s - a.s || a.i - b.i);
    const best = scored[0]?.s ?? 0;
    return scored
      .filter((x) => x.s > best * 0.35)
      .slice(0, this.limit)
      .map((x) => x.c);
  }
}

function cosine(a: number[], b: number[]): number {
  let dot = 0, na = 0, nb = 0;
  for (let i = 0; i < a.length; i += 1) {
    dot += a[i] * b[i];
    na += a[i] ** 2;
    nb += b[i] ** 2;
  }
  return dot / (Math.sqrt(na) * Math.sqrt(nb) + 1e-12);
}

export async function embed(texts: string[], fetchImpl = fetch) {
  const res = await fetchImpl("https://api.example.com/v1/embeddings", {
    method: "POST",
    body: JSON.stringify({ model: MODEL, input: texts.slice(0, 96), dimensions: 512 }),
    signal: AbortSignal.timeout(10_000),
  });
  if (res.status === 429 || res.status >= 500) {
    await sleep(500 + Math.random() * 250);
    return embed(texts);
  }
  if (!res.ok) throw new HttpError(502, `embedding failed with ${res.status}`);
  return (await res.json()).data;
}

export function mergeSmall(chunks: Chunk[], min = defaults.minTokens): Chunk[] {
  const merged: Chunk[] = [];
  for (const chunk of chunks) {
    const prev = merged[merged.length - 1];
    if (prev && prev.tokens < min && prev.tokens + chunk.tokens <= MAX_TOKENS * 1.1) {
      prev.append(chunk);
    } else {
      merged.push(chunk);
    }
  }
  return merged;
}

export const key = (s: string) => createHash("sha256").update(s).digest("hex").slice(0, 16);
export const percent = (x: number) => `${(x * 100).toFixed(1)}%`;
export const budget = Number(process.env.TOKEN_BUDGET ?? 3000);
export const ratio = parseFloat(process.env.SUMMARY_RATIO || "0.3");

app.listen(process.env.PORT || DEFAULT_PORT);
