"""Made-up pairs that are hard to align, and a comparison of many of them with the Java program:

python -m tests.metrics.meteor.adversarial [pairs] [seed]
"""

import gzip
import random
import sys
from collections import defaultdict

FEW = ["a", "the", "dog", "dogs", "runs", "running"]
COMMON = """a a a the the of in on with and is are man men woman women dog dogs cat two people riding rides ride
    ridden bike bicycle bikes street road sits sitting sat seated stands standing next to front top large big small
    little red white black young old group holding holds walking walk walks playing plays play ball grass field
    water near beside train bus car cars table plate food photo picture image children kids boy boys girl girls
    snow skis skiing board surfing wave beach geese goose better best wolves busses happier driving driven"""
COMMON = COMMON.split()
ODD = """. .. ... , 1,000 10,000 ,x x, 's it's 'tis dogs' '90s o'clock '' `` " “a” ’s - -- – t-shirt a-b- -x u.s. u.s
    a.b. mr. no. no.5 pp. e.g. rev. v. x. 5. -lrb- -rrb- ( ) ? !? $5 # @ & / a/b _ a_b ao c1 chaos chc1s v1 café naïve
    日本語 привет İx ß ΣΣ 😀 a😀b \u00a0 \u00a01/2 a\u2009b a\u0007 \u0001 | || x|y ''' '.' .'. a.'b ,,, 1,,2 a,1,b"""
ODD = [word for word in ODD.replace("\n", " ").split(" ") if word]


class Maker:
    """Makes candidates and references; `phrases` are pairs that mean the same."""

    def __init__(self, seed, phrases):
        self.random = random.Random(seed)
        self.same = defaultdict(list)
        for phrase, other in phrases:
            self.same[phrase].append(other)
        self.phrases = list(self.same)

    def pair(self):
        """Return a candidate and a list of references."""
        kind = self.random.choices([self.caption, self.few, self.paraphrased, self.odd, self.long], [6, 2, 8, 2, 0.3])
        said, pool = kind[0]()
        return " ".join(said), [" ".join(self.changed(said, pool)) for _ in range(self.random.choice([1, 1, 1, 2]))]

    def words(self, pool, most, least=0):
        return self.random.choices(pool, k=self.random.randint(least, most))

    def caption(self):
        return self.words(COMMON, 14), COMMON

    def few(self):
        return self.words(FEW, 16), FEW

    def paraphrased(self):
        pool = self.words(self.phrases, 6, 2) if self.phrases else COMMON
        return self.words(pool + COMMON[:12], 8), pool

    def odd(self):
        return [self.random.choice(["", " "]).join(self.words(ODD + COMMON, 3, 1)) for _ in range(8)], ODD + COMMON

    def long(self):
        return self.words(COMMON, 110, 30), COMMON

    def changed(self, said, pool):
        """Return the words with some replaced by what means the same or not, some moved, left out or repeated."""
        words = []
        for word in said:
            what = self.random.random()
            if what < 0.45 and word in self.same:
                words.append(self.random.choice(self.same[word]))
            elif what < 0.7:
                words.append(word)
            elif what < 0.8:
                words.append(self.random.choice(pool))
            elif what < 0.9:
                words.insert(self.random.randint(0, len(words)), word)
            elif what < 0.95:
                words += [word, word]
        return words


def read_phrases(path, wanted, seed=0, triples=5_274_084):
    """Return about `wanted` pairs of the table's first `triples`, and many pairs of common words in them."""
    rng, pairs, common = random.Random(seed), [], set(COMMON)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for _ in range(triples):
            next(file)  # the probability
            phrase, other = next(file).strip(), next(file).strip()
            if rng.random() < wanted / triples or (phrase in common and rng.random() < 0.3):
                pairs.append((phrase, other))
    return pairs


def main(count=20_000, seed=1):
    """Print how many pairs come out the same."""
    from tests.metrics.meteor.jar import ask
    from watchword.metrics.meteor.packaged import find_packaged
    from watchword.metrics.meteor.scorer import Meteor, meteor_of, score

    maker = Maker(seed, read_phrases(find_packaged().paraphrases, 30_000, seed))
    candidates, references = zip(*[maker.pair() for _ in range(count)], strict=True)
    theirs, scores, total = ask(candidates, references)
    ours = Meteor(references).statistics(candidates)
    wrong = [n for n in range(count) if ours[n].tolist() != theirs[n]]
    for n in wrong[:10]:
        print(repr(candidates[n]), references[n], ours[n].tolist(), theirs[n], sep="\n    ")
    last = sum(a != b for a, b in zip(score(ours).tolist(), scores, strict=True))
    worst = max(abs(a - b) for a, b in zip(score(ours).tolist(), scores, strict=True))
    print(f"{count} pairs: {len(wrong)} with other statistics, {last} with another score, worst {worst:.1e}")
    print(f"set: {meteor_of(ours)!r} ours, {total!r} theirs")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
