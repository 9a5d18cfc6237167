import pytest

from watchword.metrics.porter import measure, stem

# The words of the paper's examples, step by step, each with its stem after all five steps.
EXAMPLES = """
    caresses caress, ponies poni, ties ti, caress caress, cats cat,
    feed feed, agreed agre, plastered plaster, bled bled, motoring motor, sing sing,
    conflated conflat, troubled troubl, sized size, hopping hop, tanned tan, falling fall, hissing hiss,
    fizzed fizz, failing fail, filing file, happy happi, sky sky,
    relational relat, conditional condit, rational ration, valenci valenc, hesitanci hesit, digitizer digit,
    conformabli conform, radicalli radic, differentli differ, vileli vile, analogousli analog,
    vietnamization vietnam, predication predic, operator oper, feudalism feudal, decisiveness decis,
    hopefulness hope, callousness callous, formaliti formal, sensitiviti sensit, sensibiliti sensibl,
    triplicate triplic, formative form, formalize formal, electriciti electr, electrical electr, hopeful hope,
    goodness good, revival reviv, allowance allow, inference infer, airliner airlin, gyroscopic gyroscop,
    adjustable adjust, defensible defens, irritant irrit, replacement replac, adjustment adjust,
    dependent depend, adoption adopt, homologou homolog, communism commun, activate activ, angulariti angular,
    homologous homolog, effective effect, bowdlerize bowdler, probate probat, rate rate, cease ceas,
    controll control, roll roll, generalizations gener, oscillators oscil"""


@pytest.mark.parametrize("pair", EXAMPLES.split(","))
def test_the_papers_examples(pair):
    word, expected = pair.split()
    assert stem(word) == expected


@pytest.mark.parametrize(
    "words",
    [
        "connect connected connecting connection connections",
        "run runs running",
        "dog dogs",
        "play plays played playing",
    ],
)
def test_forms_of_one_word_share_a_stem(words):
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize(
    ("m", "words"),
    [(0, "tr ee tree y by"), (1, "trouble oats trees ivy"), (2, "troubles private oaten orrery")],
)
def test_the_papers_measure(m, words):
    assert {measure(word) for word in words.split()} == {m}


@pytest.mark.parametrize(("word", "expected"), [("Is", "is"), ("as", "as"), ("", ""), ("3", "3"), ("RUNNING", "run")])
def test_short_words_stay_and_capitals_go(word, expected):
    assert stem(word) == expected


def test_y_is_a_consonant_after_a_vowel_and_at_the_start():
    assert [stem(word) for word in ("toys", "yes", "crying", "playing", "enjoy")] == [
        "toi",
        "ye",
        "cry",
        "plai",
        "enjoi",
    ]
