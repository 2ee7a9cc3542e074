"""The Bot API on this machine: an HTTP server that behaves like Telegram's, and a terminal on it.

`server.RehearsalServer` is what tests and the terminal use. People, chats and messages live in
`world`, what people do in `people`, the methods a bot calls in `methods`, `editing`, `queries`,
`chats`, `profile` and `files`; `contract` knows what the Bot API accepts, `faults` how it fails.
"""
