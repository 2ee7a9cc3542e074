"""The Bot API on this machine: an HTTP server that behaves like Telegram's, and a terminal on it.

`server.RehearsalServer` is what tests and the terminal use: `people` is what people do,
`watching` what they see. State: `world` (people, chats, messages), `updates` (the queue),
`backend` (all of it). The methods a bot calls: `methods` (the table), `sending`, `editing`,
`queries`, `chats`, `profile`. What the Bot API accepts: `fields`, `contract`, `keyboards`,
`html`, `entities`; how it fails: `faults`. The terminal: `client`, `commands`, `console`,
`terminal`, `screen`.
"""
