"""Small talk: greetings, thanks, farewells, abuse, noise, and questions about the bot itself.

A message is small talk when nothing is left of it once the courtesies are taken out. General
English; nothing of any story.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from bot.search.analyzer import Token
from bot.search.verdict import Courtesy

_COURTESIES: Final[tuple[tuple[Courtesy, re.Pattern[str]], ...]] = tuple(
    (courtesy, re.compile(rf"\b(?:{pattern})\b"))
    for courtesy, pattern in (
        (
            Courtesy.IDENTITY,
            r"(?:are|r) (?:you|u) (?:really )?(?:an? |some )?(?:real |actual |live |human |chat)*"
            r"(?:person|human(?: being)?|robot|bot|machine|ai|computer|chatbot|gpt|chatgpt|alive|real|man|woman)"
            r"(?: or (?:an? )?(?:real |actual )*(?:person|human|robot|bot|machine|ai|computer|program))?"
            r"|(?:who|what) (?:are|r) (?:you|u)|who (?:made|built|created|programmed|runs|owns) (?:you|u|this bot)"
            r"|what(?: is| s|s)? (?:your|ur) name|what can (?:you|u) do|how do(?:es)? (?:you|this|it) work"
            r"|am i (?:talking|speaking|chatting) (?:to|with) (?:a |an )?(?:bot|robot|human|person|machine|real person)"
            r"|do you (?:sleep|have feelings|love me|like me|speak \w+)|how old (?:are|r) (?:you|u)",
        ),
        (
            Courtesy.ABUSE,
            r"(?:you|u|bot|this|what)(?: (?:are|r|is|re|s))?(?: (?:a|an|so|such|such a|really|just|the|totally))*"
            r" (?:useless|stupid|dumb|idiot\w*|moron\w*|trash|garbage|rubbish|crap|pathetic|worthless|shit\w*"
            r"|terrible|awful|joke|waste|fool|clown|suck\w*|liar)(?: \w+){0,2}"
            r"|shut up|fuck\w*(?: (?:off|you|u))?|f off|screw you|go to hell|piss off|get lost|i hate (?:you|u|this)"
            r"|useless|idiots?|morons?|stupid(?: \w+)?|dumb(?: \w+)?|crap|bullshit|wtf|stfu|damn(?: you| it)?"
            r"|(?:you|u|it|this) sucks?|worst bot(?: ever)?|bad bot|not (?:helpful|useful)",
        ),
        (
            Courtesy.THANKS,
            r"(?:many |much |no )?thank(?:s|z)?(?: you| u| a lot| a bunch| so much| very much| mate| man| again)*"
            r"|thx|thnx|tnx|tysm|ty|cheers(?: mate)?|much appreciated|appreciate (?:it|that|this|the help)|merci|gracias|danke"
            r"|(?:very |so |really |super )?(?:helpful|useful)|(?:good|great|nice|well) (?:job|work|done|bot|answer|one)"
            r"|(?:you|u)(?: (?:are|r|re))? (?:the best|great|awesome|amazing|brilliant|a star|a legend|a lifesaver|wonderful|so kind)"
            r"|love (?:you|u|this bot|it)|that helps(?: a lot)?|that was (?:quick|fast|helpful)|god bless(?: you)?",
        ),
        (
            Courtesy.FAREWELL,
            r"(?:good ?)?bye+(?: bye)?|see (?:you|ya|u)(?: (?:later|soon|around|tomorrow))?|cya|ttyl|good ?night|nite"
            r"|(?:talk|speak|chat|catch)(?: to| with)? (?:you|ya|u)(?: up)? (?:later|soon|tomorrow)|gtg|gotta (?:go|run)"
            r"|have a (?:nice|good|great|lovely) (?:day|evening|night|one|weekend)|take care|ciao|later",
        ),
        (
            Courtesy.GREETING,
            r"hi+(?: there)?|hello+(?: there)?|hey+(?: there)?|hiya|howdy|yo|sup|hola|bonjour|hallo|salut|namaste|privet|greetings"
            r"|good (?:morning|afternoon|evening|day)|morning|evening|welcome back|(?:is )?any(?:body|one) (?:there|here|home|alive)"
            r"|how (?:are|r) (?:you|u|things|ya)(?: doing| today| feeling)*|how(?: is| s|s)? it going"
            r"|what ?s up|wass?up|wh?at up|nice to meet (?:you|u)|long time no see|(?:are )?(?:you|u) (?:there|awake|online|here)"
            r"|how do you do|(?:how(?: is| s|s)? )?your day",
        ),
        (
            Courtesy.NOISE,
            r"o?k(?:ay)?+|k+|lol+|lmao|rofl|ha(?:ha)+|hehe|hm+|mm+|um+|uh+|wow|omg|cool|nice|great|fine|sure|yep|yeah|nope|nah"
            r"|never ?mind|nvm|whatever|test(?:ing)?|oops|wrong (?:chat|window|person|number)|sorry|my bad|got it|i see|understood|right"
            r"|good|perfect|awesome|interesting|really|no way|alright|all right|yes|no|tell me a joke|sing (?:me )?a song|i love you"
            r"|i(?: a)?m (?:bored|fine|good|tired|sad|happy|hungry|back|ok)|amen|ping|start|stop it|blah|meh|duh|boo|yay|bravo|congrats",
        ),
    )
)  # fmt: skip

_FILLERS: Final = frozenset(
    """bot robot dear sir madam friend mate man dude buddy bro everyone guys folks today tonight day lot
    bit help helping answer answers reply question bye well good nice kind time later soon u ur x xx xoxo
    lol ok please pls again mr mrs miss love""".split()
)


def recognise(
    tokens: Sequence[Token], is_word: Callable[[Token], bool]
) -> Courtesy | None:
    """Return what kind of small talk a message is, None where it asks or tells something.

    `is_word` says whether the story or English knows a word: a message without one is noise.
    """
    if not tokens:
        return Courtesy.NOISE
    rest = " ".join(token.word for token in tokens)
    found: Courtesy | None = None
    for courtesy, pattern in _COURTESIES:
        rest, times = pattern.subn(" ", rest)
        if times and found is None:
            found = courtesy
    left = set(rest.split())
    content = [token for token in tokens if token.content and token.word in left - _FILLERS]
    if found is not None and not content:
        return found
    if not any(is_word(token) for token in tokens):
        return Courtesy.NOISE
    return None
