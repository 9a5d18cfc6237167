import time

import pytest

from watchword.metrics.treebank.batch import tokenize_batch, tokenize_photos

# What the published tokeniser gives for each, alone in a file; "‿" is a no-break space.
WORDS = """
can't → ca n't | cannot → can not | don’t → do n't | gonna → gon na | wannabe → wannabe | d'ye → d'ye | y'all → y' all
o'clock → o'clock | 'tis → 't is | 'Twas → 't was | rock'n'roll → rock 'n' roll | dogs' → dogs | they'll → they ll
McDonald's → mcdonald 's | man`s → man s | isn‘t → is n`t | fo'c'sle → fo c sle | Hawai'i → hawai'i | 'em → 'em
'80s music → '80s music | 90's → 90 's | 5'10" → 5 10 | 12'x12' → 12 x12 | boo'ſ → boo ſ
U.S. → u.s. | U.S., → u.s. | Mr. Smith → mr. smith | 9 a.m. → 9 a.m. | etc... → etc. | Co. Ltd. → co. ltd. | no. → no
no. 5 → no. 5 | Sun. → sun | Ill. → ill. | ill. → ill | Dept. → dept. | T.V → t.v | U.S.-based → u.s.-based
vitamin C. The man → vitamin c the man | OK. → ok | word., → word. | 10:30am → 10:30 am | 1,000 → 1,000 | 50% → 50 %
1 1/2 → 1‿1/2 | 1½ → 1 1/2 | ⅛ → ⅛ | $5.99 → $ 5.99 | US$5 → us$ 5 | 5¢ → 5 cents | £5 → # 5 | €5 → $ 5 | ₹5 → 5
#tag1 → #tag 1 | (555) 123-4567 → -lrb-555-rrb-‿123-4567 | 2008 2009 → 2008 2009 | 555 123 4567 → 555‿123‿4567
H₂O → h ₂ o | v1.2.3 → v1 .2.3 | +-5 → + -5 | 3D → 3d | t-shirt → t-shirt | pre- and → pre and | pro- life → pro- life
a--b → a b | a–b → a b | ----- → ----- | and/or → and/or | w/ a → w / a | w/o → w/o | a//b → a / / b | AT&T → at&t
a&b → a & b | A+B → a+b | C++ → c++ | dog.The man → dog.the man | a... → a. | a . . . → a | ?! → ?!
(a) → -lrb- a -rrb- | [a] → -lsb- a -rsb- | "quoted" → quoted | „q“ → „ q | <unk> → <unk> | <br /> → <br‿/>
<a b=c> → < a b = c > | <3 → < 3
&amp; → & | it&apos;s → it 's | :) → -rrb- | :) x → :-rrb- x | ^_^ → ^_^ | www.example.com. → www.example.com
http://x.com, → http://x.com | x.py! → x.py | IMG_1.jpg → img_1 jpg | me@x.com → me@x.com | ftp://x.com → ftp / / x.com
café → café | 日本語 → 日本語 | dog😀cat → dog cat | http://x😀y → http://x😀y | a\u200bb → a b | co\u00adop → coop
ΑΣ ΑΣ1Α ΑΣ-Α → ας ασ1α ασ-α | http://ΑΣ.x → http://ασ.x | http://x\u2c2f → http://x\u2c2f | \ud800 a\ud800b → a?b
"""
_ESCAPES = {"‿": "\u00a0", "\\u200b": "\u200b", "\\u00ad": "\u00ad", "\\u2c2f": "\u2c2f", "\\ud800": "\ud800"}


def unescaped(text):
    for escape, character in _ESCAPES.items():
        text = text.replace(escape, character)
    return text.strip()


PAIRS = [tuple(map(unescaped, pair.split("→"))) for pair in WORDS.replace("\n", " | ").split(" | ") if pair]


@pytest.mark.parametrize(("caption", "words"), PAIRS)
def test_words_of_a_caption_alone(caption, words):
    assert tokenize_batch([caption]) == [words]


@pytest.mark.parametrize(
    ("caption", "following", "words"),
    [
        ("the letter C.", "A dog", "the letter c"),
        ("the letter C.", "a dog", "the letter c."),
        ("see fig.", "5 men", "see fig."),
        ("see fig.", "men", "see fig"),
        ("they'll", "go", "they 'll"),
        ("in '90", "men", "in '90"),
        (":)", "x", ":-rrb-"),
    ],
)
def test_the_next_caption_decides(caption, following, words):
    assert tokenize_batch([caption, following])[0] == words


def test_open_markup_swallows_the_next_captions_but_keeps_their_number():
    assert tokenize_batch(['a <b c="d', "e f", 'g"> h', "i"]) == ['a <b\u00a0c="d', "e\u00a0f", 'g"> h', "i"]


def test_line_ends_in_a_caption_are_spaces_in_a_batch():
    assert tokenize_batch(["a\rb", "c\r\nd\u2028e\n", "\vf", ""]) == ["a b", "c d e", "f", ""]


def test_line_ends_in_a_caption_move_words_as_the_wrapper_does():
    photos = {"one": ["a\rb", "c"], "none": [], "two": ["d\ne"], "three": ["f"]}
    assert tokenize_photos(photos) == {"one": ["a", "b"], "two": ["c"], "three": ["d e"]}


def test_nothing_gives_nothing():
    assert tokenize_batch([]) == []
    assert tokenize_batch(["", " ", "."]) == ["", "", ""]
    assert tokenize_photos({"one": []}) == {}


HOSTILE = [
    "<!a",
    "<a b='",
    "<a b='\" ",
    "A. ",
    "a@",
    "aei'",
    "www.a",
    "Σ",
    "Σ1",
    "1Σ",
    "😀",
    ". ",
    "1 ",
    "a-",
    "&",
    "\u00ad",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_long_captions_take_time_in_proportion(piece):
    def seconds(units):
        started = time.perf_counter()
        tokenize_batch([piece * (units // len(piece)), "dog"])
        return time.perf_counter() - started

    seconds(1_000)
    assert seconds(40_000) < 0.2 + 10 * seconds(10_000)  # four times, were it not for a busy machine


def test_many_captions_that_need_the_exact_way_take_time_in_proportion():
    started = time.perf_counter()
    assert len(tokenize_batch(["<a b='", '<c d="', "5 6"] * 2_000)) == 6_000
    assert time.perf_counter() - started < 10
