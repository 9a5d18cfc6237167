"""Rules for words, for parts that a word is split into, and for markup."""

from watchword.metrics.treebank.names import either
from watchword.metrics.treebank.rule import Rule, as_token, give_back, joined, soft

WORDS = [
    Rule(r"c\+\+|(c|f)#"),
    Rule("cannot|'twas", give_back(3)),
    Rule(either("'tis gonna gotta lemme gimme wanna"), give_back(2)),
    Rule("{Tag}", joined),
    Rule("&(MD|mdash|ndash);|[\u0096\u0097\u2013-\u2015]", as_token("--")),
    Rule("&amp;", as_token("&")),
    Rule("&(HT|TL|UR|LR|QC|QL|QR|odq|cdq|#[0-9]+);"),
    Rule("{Word}", soft, before="{Clitic}"),
    Rule("[A-Za-z\u00ad]*[A-MO-Za-mo-z]\u00ad*", soft, before="n({AA})t"),
    Rule("{Word}", soft),
    Rule("({A})n({A})?|[LDJldj]({A})|Dunkin({A})|somethin({A})|ol({A})|({A})em"),
    Rule(r"[A-HJ-XZn]({AA})[\L][\L]+|({A})[2-9]0s|({A})till?"),
    Rule(r"[\L]+[aeiouyAEIOUY]({AA})[aeiouA-Z][\L]*"),
    Rule("({A})cause|" + either("cont'd.? nor'easter c'mon e'er s'mores ev'ry li'l nat'l")),
    Rule("O({AA})o"),
    Rule("y({A})", before=r"[\L]"),
]
