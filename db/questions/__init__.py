"""Questions that wait, readers' words, saved questions."""
