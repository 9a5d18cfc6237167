"""Lines made of pieces that the rules of the published tokeniser treat specially, put together at random."""

import random
import sys

_PIECES = r"""
c++ C# f# cannot 'twas 'tis gonna Gotta lemme gimme wanna <a> </a> <?xml &mdash; &MD; &ndash; &amp; &HT; &#39; &lt;
&gt; &quot; &apos; &eacute; &auml; caf don't isn't n't N'T can`t 's 'S 're 've 'd 'm O'Brien d'you l'a j' 'n' 'n
Dunkin' somethin' ol' 'em 'til 'till '80s '90 'cause cont'd cont'd. nor'easter c'mon e'er s'mores ev'ry li'l nat'l
O'o y'all Hawai'i x'y ae'b ae'a ae'B http://x.com/a https://a www.a.com www.a.b.co/xx a.com b.org/path a_b.net
x-y.edu me@x.com <me@x.com> a@b @user @u_1 #tag #1 12/25/2010 1-2-34 3.14 1,000 10:30 -5 +5 .5 +.5 1. 1:2:3 1/2
1-1/2 -RRB- -lrb- C.D.s pro- anti- S&P-500 S&amp;P-500 S&Ls Cap'n c'est and/or a/b/c/d a-b/c-d-e US$ $ us$ A$5 # A.
U.S. b.c. U.S Canada-U.S. U.S.-U.K. non-U.S. The After the Mr. Ms. mr. You ca. fig. figs. no. Nos. art. pp. op. pte.
pty. co. Ltd. lim ltd Limited Jan. Sept. Mon. Ariz. Az. az. Ill. ill. Wash. Miss. miss. Inc. Co. Corp. PPty. Ptys.
Jr. Ed.D. Ph.D. etc. al. seq. Bldg. Drs. Dr. St. Ste. Ave. vs. a.k.a. cf. TREAS. Invt. Mfg. Mtg. mfg. Dept. So. Sat.
oz. lbs. x.py a.tar.gz A.HTML b.c f.jpg word. 555-1234 ++44-1234-567890 555.123.4567 +1.555.123.4567
+44.555.123.4567 2008 2009 (12)345-6789 123 4567 '' `` ` ' :) :-) ;D =[ <:) :o( >:@ :{ ^_^ (^_^) (^.^) (^^) (-_-)
(^-^) ('-') x_x ~_~ { } [ ] ( ) - -- --- ---- ----- . .. ... .... ..... ...... @ @@ ## _ __ * *** , ; : ? ! ?! ?? =
/ a-b a-b. a.b-c 1-a a,b-c A-U.S. a_b o'-clock d'a-o'b l'x_y A+B AT&T A&amp;B a+b A+B&C they're www. .com www.a a.b.
x@ @x. <x@y gt; a.b.c.d. i.e. E.g. p.m. e &nbsp; << >> < > + % & ~ ^ dog Dog DOG a A I x in is n t s S K cat 3D 1st
x1 5k he B |
"""
# fmt: off
_ODD_PIECES = [
    "\u2019twas", "<a b='c'>", '<a b="c d">', "<br />", "<!doc x>", "<a b = 'c' >", "<a b c>", "<a b=c>", "\u2013",
    "\u2014", "\u2019ll", "Y\u2019all", "#\xe9", "\xb2", "\u207b\xb2", "\u2082", "\u208a\u2082", "1 1/2", "12\\/3",
    "1\u20442", "\xbd", "\u2153", "\u215b", "a\\/b", "\xa2", "\xa3", "\u20ac", "\xa4", "\xa5", "(555) 123-4567",
    "555 123 4567", "+1 555 123 4567", '"', "\u2018", "\u2019", "\u201c", "\u201d", "\u201e", "\u201f", "\u2039",
    "\u203a", "\xab", "\xbb", "\u201a", "\u201b", ". . .", ". . . .", "\u2026", "\\*", "\\*\\*", "\u3001", "\xa1",
    "\xbf", "\u0663\u0664", "1/\u0663", "\u0663/2", "\u0663 \u0663/\u0664", "\u0663\u0664-\u0663\u0664\u0663\u0664",
    "'\u0663\u0664", "'\u06630s", "#\u0663", "a\u0663", "\xe9-\u0663", "\xe9.", "\xc9.b.", "a.\xe9", "\xe9.txt",
    "\xe9'a", "\xf1's", "a - b", "a -", "- b", "\u24b6", "\xdf", "\\", "\xa6", "\xa7", "\u2122", "\u2605", "\xe9",
    "\xc9", "\xf1", "\u65e5\u672c", "\u03a3", "\u0391\u03a3", "\u0130", "\u0663", "\u0301", "\u01c5", "\U0001f600",
    "\U0001f44d\U0001f3fd", " ", "\u3000", "\u200b", "\xad", "co\xadop", "\xad\xad", "\ufeff", "\x7f", "\x00",
    "\x01", "\x85", "\x92", "\x93", "\x91", "\t",
]
# fmt: on
PIECES = [*_PIECES.split(), *_ODD_PIECES]
LINE_ENDS = ["\r", "\r\n", "\n", "\v", "\f", "\u2028", "\u2029", "<a b='", '<a b="', "'>", '">']
_GLUE = ["", " ", " ", "", " ", "", ".", ",", ". ", "-", "'"]
_LETTERS = "aAeEnNtTsSdDlLoOyYxXcCkKmMrRiIvu019 23.,;:!?'`\"()[]{}<>=/\\-_+*&#@$%^~|  ..''--" + "".join(
    "\u00a0\u00ad\u2019\u2018\u201c\u201d\u00ab\u00bb\u2026\u2013\u0085\u0091\u0092\u00e9\u0663\u0301\u00bd\u00b2\u20ac\u3000\u200b\u017f\u0130"
)


def hard_lines(seed, count, pieces=PIECES):
    """Return lines of a few pieces each; every second one with some letters changed."""
    rng = random.Random(seed)
    lines = []
    for number in range(count):
        line = "".join(rng.choice(pieces) + rng.choice(_GLUE) for _ in range(rng.choice([0, 1, 2, 2, 3, 3, 4, 6, 8])))
        lines.append(changed(line, rng) if number % 2 else line)
    return lines


def changed(line, rng):
    letters = list(line)
    for _ in range(rng.randint(1, 3)):
        place = rng.randrange(len(letters) + 1)
        letters[place : place + rng.randint(0, 1)] = rng.choice(["", *_LETTERS])
    return "".join(letters)


def main(count, seed):
    """Print how many lines come out otherwise than from the published tokeniser and its wrapper."""
    from tests.metrics.treebank.published import published
    from watchword.metrics.treebank.batch import tokenize_photos

    lines = {number: [line] for number, line in enumerate(hard_lines(seed, count))}
    ours, theirs = tokenize_photos(lines), published(lines)
    wrong = [number for number in lines if ours.get(number) != theirs.get(number)]
    for number in wrong[:10]:
        print(ascii(lines[number]), ascii(ours.get(number)), ascii(theirs.get(number)), sep="\n    ")
    print(f"{count} lines, {len(wrong)} tokenised otherwise")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
