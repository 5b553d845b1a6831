"""The words that record in one line, the daily nine and others, as full commands."""

from milepost_client import words
from milepost_client.cli.frame import Command, new_app
from milepost_client.cli.recording import command
from milepost_client.words.measures import DEFINE

app = new_app()

for _word in (*map(words.find, words.MODULES), DEFINE):
    app.command(_word.name, cls=Command)(command(_word))
