"""What is said, in writing: typed by staff line by line, or by a program that listens to a track."""
