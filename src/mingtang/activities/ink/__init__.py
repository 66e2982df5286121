"""Pen and marker on a page: strokes, erasing, undo. A page is named by the step that is drawn on."""
