from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("title", models.TextField()),
                ("body", models.TextField()),
                ("tags", models.TextField()),
                ("embedding", models.BinaryField()),
            ],
        ),
    ]
