from django.db import migrations

# Name, level, characters of one player, macros of one character. Patreon's ids come with its first call (or the admin).
TIERS = [
    ("Fledgling", 1, 75, 75),
    ("Neonate", 2, 100, 100),
    ("Ancilla", 3, 150, 100),
    ("Elder", 4, 200, 150),
    ("Methuselah", 5, 300, 200),
]


def add(apps, schema_editor):
    tier = apps.get_model("patreon", "SupporterTier")
    if not tier.objects.exists():
        for name, level, characters, macros in TIERS:
            tier.objects.create(name=name, level=level, characters=characters, macros=macros)


class Migration(migrations.Migration):
    dependencies = [("patreon", "0001_supporters")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
