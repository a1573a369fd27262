from django.db import models


class Article(models.Model):
    id = models.CharField(max_length=20, primary_key=True)
    title = models.TextField()
    body = models.TextField()
    tags = models.TextField()  # separated by |
    # Little-endian 32-bit floats. In PostgreSQL a column of type vector stands beside it (see vectors.py).
    embedding = models.BinaryField()
