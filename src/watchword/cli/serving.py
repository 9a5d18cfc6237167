"""The work of `watchword serve`: models and index put behind the pages."""

import shlex
import sys
from collections.abc import Mapping, Sequence

from watchword.cli.index import USUAL
from watchword.cli.opening import captioner
from watchword.cli.opening import matcher as opened_matcher
from watchword.cli.printable import printable
from watchword.core.errors import WatchwordError
from watchword.metrics.content import content_stems
from watchword.retrieval.about import check_model
from watchword.retrieval.calibration import Calibration
from watchword.retrieval.hits import Hit
from watchword.retrieval.index import Index
from watchword.runtime.captioner import Captioner
from watchword.runtime.matcher import Matcher
from watchword.runtime.regions import telling
from watchword.web.abilities import Abilities, Question, Told
from watchword.web.aligning import Aligner
from watchword.web.photos import Photo

REGIONS = 8  # shown of a photo, the surest
SHIPPED = "matcher"


def run(place: str, model: str, matcher: str, host: str, port: int, *, browser: bool) -> None:
    """Open the models, then serve until Ctrl-C. Raises `WatchwordError` if that cannot begin."""
    try:
        from watchword.web.app import application
        from watchword.web.server import address_of, listen, run
    except ModuleNotFoundError as error:
        raise WatchwordError(
            f"the pages need {error.name}, which is not installed here; "
            "in the checkout of watchword: pip install '.[serve,search]'"
        ) from None
    with listen(host, port) as listening:
        app = application(abilities(place, model, matcher), host)
        address = address_of(listening)

        def ready() -> None:
            print(f"The pages are at {address} (Ctrl-C ends)", flush=True)
            if warning := exposed(host):
                print(f"watchword: {warning}", file=sys.stderr, flush=True)

        run(app, listening, browser=browser, ready=ready)


def exposed(host: str) -> str | None:
    """Return a warning if others can reach what listens at an address."""
    from watchword.web.hosts import is_local

    if is_local(host):
        return None
    return (
        f"anyone in the network who can reach {host} may now search your photos, see them and read their paths; "
        "--host 127.0.0.1 keeps them to this machine"
    )


def abilities(place: str, model: str, matcher: str) -> Abilities:
    """Return what the pages can do with these models and this index."""
    speaker, reader = captioner(model), opened_matcher(matcher)
    searcher = Searcher(place, reader)
    return Abilities(
        model=speaker.name,
        grid=speaker.manifest.shapes.grid,
        describe=lambda photo: speaker.describe([photo.source])[0],
        align=Aligner(reader, reader.vocabulary.__contains__),
        regions=lambda photo: regions_of(speaker, photo),
        search=searcher.search,
        photos=searcher.count,
        missing=searcher.missing,
        content=lambda word: bool(content_stems([word])),
        knows=reader.vocabulary.__contains__,
        unread=lambda text: reader.read([text])[0].unread,
        calibration=searcher.calibration,
        shown=printable,
    )


def regions_of(speaker: Captioner, photo: Photo) -> list[Told]:
    """Return parts of a photo, the surest sentence first."""
    found = telling(speaker.describe_regions(photo.source))[:REGIONS]
    return [Told(region.box, region.sentence.text, region.sentence.confidence) for region in found]


class Searcher:
    """An index, which may not be there yet, with its matcher."""

    def __init__(self, place: str, matcher: Matcher) -> None:
        """Point to the index at `place`; `RetrievalError` if it is there and of another matcher."""
        self._place, self._matcher = place, matcher
        self._index = Index(place, matcher)
        if about := self._index.about:
            check_model(about, matcher, repr(place))

    def missing(self) -> Mapping[str, str]:
        """Return what cannot be done, and which command helps."""
        if self._index.about is None:
            where = "" if self._place == USUAL else f" --index {shlex.quote(self._place)}"
            model = "" if self._matcher.name == SHIPPED else f" --model {shlex.quote(self._matcher.name)}"
            return {"search": f"There is no index of photos yet; make one with: watchword index FOLDER{where}{model}"}
        return {}

    def count(self) -> int:
        """Return how many photos there are."""
        return len(self._index)

    def calibration(self) -> Calibration | None:
        """Return what tells whether hits fit, of the index or the matcher."""
        return self._index.calibration

    def search(self, question: Question) -> Sequence[Hit]:
        """Return the photos that fit, best first."""
        image = question.photo.source if question.photo else None
        return self._index.search(
            question.text,
            image=image,
            limit=question.limit,
            where=question.where,
            by=question.by,
            least=question.least,
        )
