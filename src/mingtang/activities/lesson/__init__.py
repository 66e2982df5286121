"""The lesson itself: its title, its code, its beginning and end."""
