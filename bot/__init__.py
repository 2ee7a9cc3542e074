"""Storydesk: a Telegram bot that answers questions about one news story from checked facts."""

import os

# One thread for each piece of linear algebra, before numpy is loaded: what a question needs is over
# before a second one is awake, and two that wait for each other cost twice the CPU. Learning a
# large story from nothing takes half as long again, once.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
