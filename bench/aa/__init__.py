"""The instrument against itself: identical code many times over, and copies of it with planted costs."""
