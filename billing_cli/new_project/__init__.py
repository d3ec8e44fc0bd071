"""`billing init`: what a new project consists of, and how it gets into a folder without harm."""
