"""METEOR 1.5 as its Java program does it, written to be read: one pair of sentences at a time."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from watchword.metrics.meteor.hashes import java_hash, places, word_keys
from watchword.metrics.meteor.normal import words_of
from watchword.metrics.meteor.paraphrases import extend
from watchword.metrics.meteor.stems import stem

EXACT, STEM, SYNONYM, PARAPHRASE = range(4)
SEARCH_WEIGHTS = (1.0, 0.5, 0.5, 0.5)
SUFFIXES = [("s", ""), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"), ("men", "man"),
            ("ies", "y"), ("s", ""), ("ies", "y"), ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"),
            ("ing", ""), ("er", ""), ("est", ""), ("er", "e"), ("est", "e")]  # fmt: skip


class Match(NamedTuple):
    module: int
    cand: int
    cand_words: int
    ref: int
    ref_words: int


@dataclass
class Path:
    used_cand: frozenset
    used_ref: frozenset
    matches: tuple = ()
    cand_total: int = 0
    ref_total: int = 0
    chunks: int = 0
    distance: int = 0
    last: int = -1  # where the open chunk would go on in the candidate

    def key(self):
        return -(self.cand_total + self.ref_total), self.chunks, self.distance

    def with_match(self, match):
        new_chunk = self.last not in (-1, match.cand)
        weight = SEARCH_WEIGHTS[match.module]
        return replace(
            self,
            used_cand=self.used_cand | set(range(match.cand, match.cand + match.cand_words)),
            used_ref=self.used_ref | set(range(match.ref, match.ref + match.ref_words)),
            matches=(*self.matches, match),
            cand_total=int(self.cand_total + match.cand_words * weight),
            ref_total=int(self.ref_total + match.ref_words * weight),
            chunks=self.chunks + new_chunk,
            last=match.cand + match.cand_words,
        )

    def skipping(self):
        return replace(self, chunks=self.chunks + (self.last != -1), last=-1)


class Naive:
    def __init__(self, lexicon):
        self.lexicon = lexicon

    def statistics(self, candidate, references):
        """Return the 23 figures for the best of the references."""
        best = None
        for reference in references:
            figures = self.pair(words_of(candidate, self.lexicon), words_of(reference, self.lexicon))
            if best is None or self.score(figures) > self.score(best):
                best = figures
        return best

    def pair(self, cand, ref):
        path = search(self.matches(cand, ref), len(cand), len(ref))
        function = [[word in self.lexicon.function_words for word in words] for words in (cand, ref)]
        figures = np.zeros(23)
        figures[:4] = len(cand), len(ref), sum(function[0]), sum(function[1])
        for match in path.matches:
            for side, (start, size) in enumerate(((match.cand, match.cand_words), (match.ref, match.ref_words))):
                holding = sum(function[side][start : start + size])
                figures[4 + 4 * match.module + side] += size - holding
                figures[6 + 4 * match.module + side] += holding
                figures[21 + side] += size
        figures[20] = path.chunks
        return figures

    def matches(self, cand, ref):
        """Return for each place in the reference the matches that start there."""
        found = [[] for _ in ref]

        def words(module, same):
            for j, theirs in enumerate(ref):
                found[j] += [Match(module, i, 1, j, 1) for i, ours in enumerate(cand) if same(ours, theirs)]

        def different(ours, theirs):
            return java_hash(ours) != java_hash(theirs)

        words(EXACT, lambda ours, theirs: not different(ours, theirs))
        if [java_hash(word) for word in cand] == [java_hash(word) for word in ref]:
            return found
        words(STEM, lambda ours, theirs: different(ours, theirs) and java_hash(stem(ours)) == java_hash(stem(theirs)))
        words(SYNONYM, lambda ours, theirs: different(ours, theirs) and self.synsets(ours) & self.synsets(theirs))
        mine, yours = list(self.phrases(cand)), list(self.phrases(ref))
        for number, j, size in yours:
            for other in self.paraphrases(number):
                found[j] += [Match(PARAPHRASE, i, words, j, size) for n, i, words in mine if n == other]
        for number, i, size in mine:
            for other in self.paraphrases(number):
                for n, j, words in yours:
                    if n == other:
                        found[j].append(Match(PARAPHRASE, i, size, j, words))
        return found

    def synsets(self, word):
        synonyms, bases = self.lexicon.synonyms, self.lexicon.bases
        own = row(synonyms, word)
        irregular = place(bases, word)
        if irregular < 0:
            return own | row(synonyms, self.base(word))
        numbers = bases.values[bases.ends[irregular] : bases.ends[irregular + 1]].tolist()
        return own.union(*(at(synonyms, number) for number in numbers))

    def base(self, word):
        if len(word) <= 2 or word.endswith("ss"):
            return word
        for suffix, instead in SUFFIXES:
            shorter = word.removesuffix(suffix) + instead
            if word.endswith(suffix) and place(self.lexicon.synonyms, shorter) >= 0:
                return shorter
        return word

    def phrases(self, words):
        """Yield number, place and words of all known phrases, by place, the shorter first."""
        keys = word_keys(words)
        for start in range(len(words)):
            key = np.zeros(1, np.uint64)
            for end in range(start, len(words)):
                key = extend(key, keys[end : end + 1])
                number = places(self.lexicon.paraphrases.keys, key)[0]
                if number < 0:
                    break
                yield number, start, end + 1 - start

    def paraphrases(self, number):
        table = self.lexicon.paraphrases
        return table.others[table.ends[number] : table.ends[number + 1]].tolist()

    def score(self, figures):
        """Return the score of the figures of one pair, or of a sum of pairs."""
        cand, ref, cand_function, ref_function = figures[:4]
        weights = (1.0, 0.6, 0.8, 0.6)
        totals = []
        for side in (0, 1):
            total = 0.0
            for module in range(4):
                total += figures[4 + 4 * module + side] * weights[module] * 0.75
            for module in range(4):
                total += figures[6 + 4 * module + side] * weights[module] * (1 - 0.75)
            totals.append(total)
        lengths = [0.75 * (a - b) + 0.25 * b for a, b in ((cand, cand_function), (ref, ref_function))]
        if not (totals[0] and totals[1]):
            return 0.0
        precision, recall = totals[0] / lengths[0], totals[1] / lengths[1]
        mean = 1 / ((1 - 0.85) / precision + 0.85 / recall)
        chunks, ours, theirs = figures[20:]
        perfect = ours == cand and theirs == ref and chunks <= 1
        fragments = 0.0 if perfect else chunks / ((ours + theirs) / 2)
        return mean * (1 - 0.6 * fragments**0.2)


def search(found, cand_words, ref_words, beam=40):
    """Return the best path through the matches."""
    cand_cover, ref_cover = [0] * cand_words, [0] * ref_words
    for match in (match for matches in found for match in matches):
        for i in range(match.cand, match.cand + match.cand_words):
            cand_cover[i] += 1
        for j in range(match.ref, match.ref + match.ref_words):
            ref_cover[j] += 1

    def alone(match):
        return all(cand_cover[i] == 1 for i in range(match.cand, match.cand + match.cand_words)) and all(
            ref_cover[j] == 1 for j in range(match.ref, match.ref + match.ref_words)
        )

    fixed = {matches[0].ref: matches[0] for matches in found if len(matches) == 1 and alone(matches[0])}
    paths = [Path(frozenset(), frozenset())]
    for place, matches in enumerate(found):
        paths.sort(key=Path.key)
        grown = []
        for path in paths[:beam]:
            if place in fixed:
                grown.append(path.with_match(fixed[place]))
                continue
            if place in path.used_ref:
                grown.append(path)
                continue
            for match in matches:
                taken = set(range(match.cand, match.cand + match.cand_words)) & path.used_cand
                taken |= set(range(match.ref, match.ref + match.ref_words)) & path.used_ref
                if not taken:
                    grown.append(path.with_match(match))
                    path.distance += abs(match.cand - match.ref)
            grown.append(path.skipping())
        paths = grown
    paths = [path.skipping() for path in sorted(paths, key=Path.key)[:beam]]
    return min(paths, key=Path.key)


def place(rows, word):
    """Return where the row of a word is, or -1."""
    return int(places(rows.keys, word_keys([word]))[0])


def at(rows, number):
    """Return the numbers of one row."""
    return set(rows.values[rows.ends[number] : rows.ends[number + 1]].tolist())


def row(rows, word):
    """Return the numbers in the row of a word; none where it has no row."""
    number = place(rows, word)
    return at(rows, number) if number >= 0 else set()
