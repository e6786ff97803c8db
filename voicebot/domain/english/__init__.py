"""English values in speech: dates and times, figures and telephones, names, short answers."""
