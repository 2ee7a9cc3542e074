"""Questions that editors answer, save and look into."""
