from django.core.cache import cache
from django.db.models import F

from .models import Article
from .ranking import relevance


def search(question, limit=10):
    """The articles that may answer a question, best first. Answers are cached for an hour."""
    key = "search-" + question.encode().hex()[:200]
    found = cache.get(key)
    if found is None:
        articles = sorted(Article.objects.all(), key=lambda a: (-relevance(question, a.title, a.body), a.slug))
        found = [{"slug": a.slug, "title": a.title} for a in articles[:limit]]
        Article.objects.filter(slug=found[0]["slug"]).update(asked=F("asked") + 1)
        cache.set(key, found, 3600)
    return found
