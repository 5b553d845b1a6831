"""How results look on a terminal: tables that fit from 60 to 200 columns."""
