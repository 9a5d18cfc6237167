"""Rules for addresses of the web and of people."""

from watchword.metrics.treebank.rule import Rule

_SPACE = r" \t\f\r\n"
_BREAK = _SPACE + '"<>|()'  # never inside an address
_TAIL = _BREAK + r".!?,{}\-"  # never the last of one
_PATH = f"(/[^{_BREAK}]+[^{_TAIL}])?"
_PERSON = _BREAK + r"{}\u00a0"

WEB = [
    Rule(f"https?://[^{_BREAK}{{}}]+[^{_TAIL}]"),
    Rule(f"www.([^{_BREAK}.!?,{{}}]+.)+[A-Za-z]{{2,4}}{_PATH}"),
    Rule(f"([^{_BREAK}.!?{{}},-_$'`]+.)+(com|net|org|edu){_PATH}"),  # ,-_ is a range: digits and capitals too
    Rule(f"(<|&lt;)?[A-Za-z0-9][^{_PERSON}]*@([^{_PERSON}.]+.)*[^{_PERSON}.]+(>|&gt;)?"),
    Rule("@[A-Za-z_][A-Za-z_0-9]*"),
    Rule("#({Letter})+"),
]
