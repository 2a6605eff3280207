from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("chronicle", "0002_roles_of_a_chronicle_and_invites"),
    ]

    operations = [
        migrations.AddField(
            model_name="serverchannel",
            name="category",
            field=models.CharField(blank=True, help_text="What it stands under in Discord", max_length=100),
        ),
    ]
