"""What the models say of a query: its terms, from a small language model, and its vector."""

import hashlib
import json
import urllib.request

from django.conf import settings

from .redis_client import client

METADATA_MODEL = "anthropic.claude-3-haiku-20240307-v1:0"
EMBEDDING_MODEL = "cohere.embed-english-v3"

PROMPT = """You read search queries for a library of outdoor articles.
Answer with JSON: {"type": "location" | "activity" | "general", "location": [...], "activity": [...], "general": [...]}.
- location: the places that the query names.
- activity: what the reader wants to do, with a synonym or two.
- general: every other word that carries meaning.
Give at most 4 terms for each.
<query>%s</query>"""

redis = client()


def invoke(model, body):
    """Bedrock's InvokeModel: the answer as an object."""
    request = urllib.request.Request(
        f"{settings.AWS_ENDPOINT_URL_BEDROCK_RUNTIME}/model/{model}/invoke",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def extract_metadata(query):
    """The query's type and terms. Kept in Redis, since the model is slow."""
    key = "metadata:" + hashlib.sha256(query.encode()).hexdigest()
    kept = redis.get(key)
    if kept is not None:
        return json.loads(kept)
    body = {
        "anthropic_version": "bedrock-2023-05-31",
        "max_tokens": 300,
        "temperature": 0,
        "messages": [{"role": "user", "content": PROMPT % query}],
    }
    metadata = json.loads(invoke(METADATA_MODEL, body)["content"][0]["text"])
    redis.set(key, json.dumps(metadata))
    return metadata


def embed_query(query):
    """The query's vector, a list of floats of length one."""
    return invoke(EMBEDDING_MODEL, {"texts": [query], "input_type": "search_query"})["embeddings"][0]
