"""The report of a lesson as browsers and spreadsheets get it."""
