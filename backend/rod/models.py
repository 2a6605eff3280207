"""What the database knows of its own use."""

from django.db import models


class Installation(models.Model):
    """An environment that this database has served (`rod.start`). `reset_db` refuses to destroy one of production."""

    environment = models.CharField(max_length=20, unique=True)
    first_served_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "installations"
