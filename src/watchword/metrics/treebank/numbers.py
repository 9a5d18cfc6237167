"""Rules for clitics that stand alone, numbers, dates, fractions and money."""

from watchword.metrics.treebank.names import either
from watchword.metrics.treebank.rule import Rule, ampersand, as_token, joined, quotes, soft

NUMBERS = [
    Rule("{Clitic}", quotes, before="[^A-Za-z]"),
    Rule("n({AA})t", quotes, before="[^A-Za-z]"),
    Rule(r"[\D]{1,2}[\-/][\D]{1,2}[\-/][\D]{2,4}"),
    Rule("[+\\-]?([\\D]+|[\\D]*([.:,\u00ad\u066b\u066c][\\D]+)+)", soft),
    Rule("[\u207a\u207b\u208a\u208b]?([\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+|[\u2080-\u2089]+)"),
    Rule("([\\D]{1,4}[\\- \u00a0])?[\\D]{1,4}(\\\\?/|\u2044)[\\D]{1,4}", joined),
    Rule("\u00bc", as_token("1/4")),
    Rule("\u00bd", as_token("1/2")),
    Rule("\u00be", as_token("3/4")),
    Rule("\u2153", as_token("1/3")),
    Rule("\u2154", as_token("2/3")),
    Rule("[\u2155-\u215e]"),
    Rule(either("-RRB- -LRB- -RCB- -LCB- -RSB- -LSB- C.D.s pro- anti-")),
    Rule("Cap({A})n|c({A})est"),
    Rule("S(&|&amp;)P-500|S(&|&amp;)Ls", ampersand),
    Rule(r"[A-Za-z0-9]+(-[A-Za-z]+){0,2}(\\?/[A-Za-z0-9]+(-[A-Za-z]+){0,2}){1,2}"),
    Rule(r"[A-Z]*$|#"),
    Rule("\u00a2", as_token("cents")),
    Rule("\u00a3", as_token("#")),
    Rule("[\u0080\u00a4\u20a0\u20ac]", as_token("$")),
    Rule("[\u00a5\u060b\u0e3f\u20a4\uffe0\uffe1\uffe5\uffe6]"),
]
