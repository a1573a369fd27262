from . import utils, vectors
from .embedding_service import embed_query, extract_metadata
from .models import Article


def search(query, limit=50):
    """The articles for a query, best first."""
    metadata = extract_metadata(query)
    near = vectors.nearest(embed_query(query), utils.POOL_SIZE)
    articles = Article.objects.in_bulk([id_ for id_, _ in near])
    candidates = [
        {
            "id": id_,
            "distance": distance,
            "title": articles[id_].title.lower(),
            "body": articles[id_].body.lower(),
            "tags": articles[id_].tags.lower().split("|"),
        }
        for id_, distance in near
    ]
    return [{"id": id_, "title": articles[id_].title} for id_ in utils.rank(candidates, metadata)[:limit]]
