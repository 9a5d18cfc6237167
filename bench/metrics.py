"""How fast our scorers are beside the published ones: `python bench/metrics.py [photos]`.

Both score the same made-up sentences in one run, five references a photo; each time is the best of some
runs. "prepared" is what every further set of candidates costs once the references are counted, which the
published scorers cannot do. No Java is involved: the sentences are tokenised already.
"""

import random
import sys
import time

from pycocoevalcap.bleu.bleu import Bleu as PublishedBleu
from pycocoevalcap.cider.cider import Cider as PublishedCider
from pycocoevalcap.rouge.rouge import Rouge as PublishedRouge
from rich.console import Console
from rich.table import Table

from watchword.metrics.bleu import Bleu, bleu
from watchword.metrics.cider import Cider
from watchword.metrics.prepared import References
from watchword.metrics.rouge import rouge_l_scores

REFERENCES = 5
RUNS = 5


def made_up(photos, seed=0):
    """Return candidates and references of about caption length, words as frequent as in real text (Zipf)."""
    rng = random.Random(seed)
    words = [f"word{number}" for number in range(3000)]
    weights = [1 / (number + 5) for number in range(3000)]

    def sentence(topic):
        count = rng.randint(7, 15)
        pairs = zip(rng.choices(topic, k=count), rng.choices(words, weights, k=count), strict=True)
        return " ".join(map(rng.choice, pairs))

    topics = [rng.choices(words, weights, k=12) for _ in range(photos)]
    references = [[sentence(topic) for _ in range(REFERENCES)] for topic in topics]
    return [sentence(topic) for topic in topics], references


def seconds(work):
    """Return the shortest time that `work` took in some runs."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def measure(photos):
    """Yield name, published seconds, our seconds, our seconds with prepared references."""
    said, references = made_up(photos)
    theirs, ours = dict(enumerate(references)), {photo: [words] for photo, words in enumerate(said)}
    prepared = References(references)
    cider, plain, scorer = Cider(prepared), Cider(prepared, robust=False), Bleu(prepared)
    published = seconds(lambda: PublishedCider().compute_score(theirs, ours))
    yield "CIDEr-D", published, seconds(lambda: Cider(references).scores(said)), seconds(lambda: cider.scores(said))
    yield (
        "CIDEr",
        None,
        seconds(lambda: Cider(references, robust=False).scores(said)),
        seconds(lambda: plain.scores(said)),
    )
    published = seconds(lambda: PublishedBleu().compute_score(theirs, ours, verbose=0))
    fresh = seconds(lambda: bleu(Bleu(references).statistics(said)))
    yield "BLEU-1 to 4", published, fresh, seconds(lambda: bleu(scorer.statistics(said)))
    rouge = seconds(lambda: rouge_l_scores(said, references))
    yield "ROUGE-L", seconds(lambda: PublishedRouge().compute_score(theirs, ours)), rouge, rouge


def main():
    """Print the table."""
    photos = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    table = Table(title=f"{photos} photos x {REFERENCES} references, ms")
    for heading in ("", "published", "ours", "ratio", "prepared", "ratio"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, published, fresh, prepared in measure(photos):
        ratios = ["-" if published is None else f"{published / ours:.0f}x" for ours in (fresh, prepared)]
        shown = "-" if published is None else f"{published * 1000:.0f}"
        table.add_row(name, shown, f"{fresh * 1000:.0f}", ratios[0], f"{prepared * 1000:.1f}", ratios[1])
    Console().print(table)


if __name__ == "__main__":
    main()
