"""Rules for quotation marks, smileys, brackets, dots, joined words and everything left."""

from watchword.metrics.treebank.rule import Rule, ampersand, as_token, brackets, double_quote, drop, quotes, soft

_EYES = r"[\-\^x=~<>']"
_PART = "([dolDOL]({AA})[\\L\\D])?[\\L\\D]+"
_THING = f"{_PART}({{Hyphen}}{_PART})*"
_CAPITALS = "[A-Z]+(([+&]|&amp;)[A-Z]+)+"
_HYPHENED = "[A-Za-z0-9][A-Za-z0-9.,\u00ad]*(-([A-Za-z0-9\u00ad]+|({TwiceDotted}).))+"
_STOP = "[,;:\u3001]"

MARKS = [
    Rule('"|&quot;', double_quote("``"), before="[A-Za-z0-9$]"),
    Rule('"|&quot;', double_quote("''")),
    Rule("\u007f", drop),
    Rule("<|&lt;", as_token("<")),
    Rule(">|&gt;", as_token(">")),
    Rule(r"[<>]?[:;=][\-o*']?[()DPdpO\\\{@|\[\]]", brackets, before="[^A-Za-z0-9]"),
    Rule(rf"{_EYES}_{_EYES}|\({_EYES}[_.]?{_EYES}\)|\([\^x=~<>']-[\^x=~<>'`]\)", brackets),
    Rule(r"\{", as_token("-LCB-")),
    Rule(r"\}", as_token("-RCB-")),
    Rule(r"\[", as_token("-LSB-")),
    Rule(r"\]", as_token("-RSB-")),
    Rule(r"\(", as_token("-LRB-")),
    Rule(r"\)", as_token("-RRB-")),
    Rule("-|-----+"),
    Rule("--"),
    Rule("---|----", as_token("--")),
    Rule("...|....|.....|.{Gap}.{Gap}.({Gap}.){0,2}|[\u0085\u2026]", as_token("...")),
    Rule("@+|#+|_+"),
    Rule(r"\*+|(\\\*){1,3}"),
    Rule(_STOP),
    Rule(r"[?!]+"),
    Rule("[.\u00a1\u00bf=/]"),
    Rule(_HYPHENED + ".", soft, before=_STOP),
    Rule(_HYPHENED, soft),
    Rule(f"{_THING}.", soft, before=_STOP),
    Rule(_THING, soft),
    Rule(f"{_CAPITALS}.", ampersand, before=_STOP),
    Rule(_CAPITALS, ampersand),
    Rule("'", as_token("`"), before=r"[A-Za-z][^ \t\r\n\u00a0]"),
    Rule("{Clitic}", quotes),
    Rule("n({AA})t", quotes),
    Rule("{A}|''|[`\u2018\u2019\u201a-\u201f\u2039\u203a\u00ab\u00bb\u0091-\u0094]{1,2}", quotes),
    Rule("<<|>>"),
    Rule(r"[+%\Y]"),
    Rule("[\\S\u200b\u200e\u200f\ufeff]|[\\S]+|&nbsp;", drop),
]
LINE_END = Rule(r"\r\n|[\N]")
