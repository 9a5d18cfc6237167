"""Patterns with a name, of which the rules are made."""

APOSTROPHE = "['\u0092\u2019]|&apos;"

NAMES = {
    "A": APOSTROPHE,
    "AA": rf"{APOSTROPHE}|[`\u0091\u2018\u201b]",
    "Letter": r"[\L\M\u00ad]|&[AEIOUaeiou](acute|grave|uml);",
    "Word": r"{Letter}({Letter}|[\D])*([.!?]{Letter}({Letter}|[\D])*)*",
    "Clitic": "({A})([msdMSD]|re|ve|ll)",
    "Blank": r"[\S]|\r\n|[\N]",  # one space, or the end of a line
    "Gap": "[ \u00a0]",
    "Joint": "[\\- \u00a0]",
    "Tag": "<({Declaration}|{Element}|/{TagName}) *>",
    "Declaration": r"[!?][A-Za-z\-][^>\r\n]*",
    "Element": "{TagName}( +{TagName}( *= *('[^']*'|\"[^\"]*\"))?)* */?",
    "TagName": r"[A-Za-z][A-Za-z0-9_:.\-]*",
    "Dotted": "[A-Za-z]|{TwiceDotted}",
    "TwiceDotted": "[A-Za-z](.[A-Za-z])+|(Canada|Sino|Korean|EU|Japan|non)-U.S|U.S.-(U.K|U.S.S.R)",
    "Hyphen": "[\\-_\u058a\u2010\u2011]",
}


def either(words: str) -> str:
    """Return the pattern of any of some words, written with spaces between them."""
    return f"({'|'.join(words.split())})"


def capitalised(words: str) -> str:
    """Return the pattern of any of some words, the first letter as it is written, the others in either case."""
    return either(" ".join(f"[{word[0]}]{word[1:]}" for word in words.split()))
