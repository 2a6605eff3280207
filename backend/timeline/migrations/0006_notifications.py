"""The model is called by its plain name; its table stays as it is."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("timeline", "0005_letters")]

    operations = [migrations.RenameModel("Letter", "Notification")]
