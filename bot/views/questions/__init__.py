"""Questions that wait, readers' words, and saved questions, as readers and editors see them."""
