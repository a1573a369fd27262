"""How well an article answers a question, by the words that both have."""

TITLE = 1.0  # weight of a word in the title
BODY = 1.0  # weight of a word in the body
PREFIX = 0.0  # weight of a word that only begins alike, of at least STEM letters
STEM = 4
COMMON = 1.0  # weight of a small word, as against another
SMALL = {"the", "a", "an", "i", "my", "to", "do", "is", "how", "can", "what", "of", "in", "it", "for", "and", "your", "you"}


def words(text):
    return "".join(c if c.isalnum() else " " for c in text.lower()).split()


def likeness(word, others):
    if word in others:
        return 1.0
    if len(word) >= STEM and any(o[:STEM] == word[:STEM] for o in others if len(o) >= STEM):
        return PREFIX
    return 0.0


def relevance(question, title, body):
    titles, bodies = set(words(title)), set(words(body))
    total = 0.0
    for word in words(question):
        weight = COMMON if word in SMALL else 1.0
        total += weight * (TITLE * likeness(word, titles) + BODY * likeness(word, bodies))
    return total
