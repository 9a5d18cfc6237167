"""The interface for programs, under /api: JSON in, JSON out. `docs/formats.md` lists it."""

import os
from dataclasses import replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from watchword import __version__
from watchword.retrieval.filters import Where
from watchword.retrieval.fitting import best_of, fitting, hidden, likely, looked_at
from watchword.retrieval.searching import WAYS
from watchword.retrieval.strange import strange
from watchword.web import bodies
from watchword.web.abilities import Abilities, Question
from watchword.web.answers import answer
from watchword.web.photos import Photo, Photos
from watchword.web.pictures import LONGEST, Pictures
from watchword.web.refusals import ABSENT, BAD, MISSING, Refusal
from watchword.web.rows import aligned_row, hit_row, sentence_row, told_row
from watchword.web.turns import Places, Turns

MOST_HITS = 96
HITS = 24
UPLOADS = 4  # at a time
ASKED_OF_SEARCH = {
    "text": str, "photo": str, "folder": str, "since": str, "until": str, "labels": list, "least": float, "limit": int,
    "by": str,
}  # fmt: skip


class Api:
    """What is done for each request. It holds photos, small pictures, and the one turn of the models."""

    def __init__(self, abilities: Abilities, most_uploaded: int = bodies.MOST_UPLOADED) -> None:
        """abilities: what can be done. most_uploaded: bytes of a file."""
        self._can, self._most = abilities, most_uploaded
        self.photos, self._pictures = Photos(), Pictures()
        self._turns, self._uploads = Turns(), Places(UPLOADS)

    def routes(self) -> list[Route]:
        """Return what is answered, by path and method."""
        return [
            Route("/api/about", self.about),
            Route("/api/search", self.search, methods=["POST"]),
            Route("/api/photos", self.give, methods=["POST"]),
            Route("/api/photos/{id}/{size}.jpg", self.picture),
            Route("/api/photos/{id}/describe", self.describe, methods=["POST"]),
            Route("/api/photos/{id}/align", self.align, methods=["POST"]),
            Route("/api/photos/{id}/regions", self.regions, methods=["POST"]),
        ]

    async def about(self, request: Request) -> Response:
        """Return what can be done here."""
        missing = dict(await self._turns(self._can.missing))
        photos = None if "search" in missing else await self._turns(self._can.photos)
        row = {"version": __version__, "model": self._can.model, "photos": photos, "missing": missing}
        return answer(row | {"most_bytes": self._most})

    async def give(self, request: Request) -> Response:
        """Take a photo in, if it can be opened, and return its id."""
        with self._uploads.taken():
            photo = self.photos.handed_in(await bodies.file_of(request, self._most))
            await run_in_threadpool(self._pictures.jpeg, photo, "large")
            self.photos.keep(photo)
        return answer({"id": photo.id})

    async def picture(self, request: Request) -> Response:
        """Return a photo as JPEG, or that it is the one that the browser has."""
        size = request.path_params["size"]
        if size not in LONGEST:
            raise Refusal(ABSENT, f"no size {size[:40]!r}; there are: {', '.join(LONGEST)}")
        photo = self._photo(request.path_params["id"])
        tag = f'"{await run_in_threadpool(lambda: photo.version)}"'
        headers = {"Cache-Control": "private, no-cache", "ETag": tag}
        if tag in (known.strip().removeprefix("W/") for known in request.headers.get("if-none-match", "").split(",")):
            return Response(status_code=304, headers=headers)
        jpeg = await run_in_threadpool(self._pictures.jpeg, photo, size)
        return Response(jpeg, media_type="image/jpeg", headers=headers)

    async def describe(self, request: Request) -> Response:
        """Return the sentence of a photo."""
        photo = self._photo(request.path_params["id"])
        return answer(sentence_row(await self._turns(self._can.describe, photo), self._can.grid))

    async def align(self, request: Request) -> Response:
        """Return which words of a sentence name which part of a photo."""
        await self._need("align")
        photo = self._photo(request.path_params["id"])
        asked = await bodies.asked(request, {"sentence": str, "beta": float})
        beta = asked.get("beta", 0.0)
        if beta < 0:
            raise Refusal(BAD, f"beta={beta}: 0 or more")
        if "sentence" not in asked:
            raise Refusal(BAD, "there is no sentence to align; write one")
        return answer(aligned_row(await self._turns(self._can.align, photo, asked["sentence"], beta), beta))

    async def regions(self, request: Request) -> Response:
        """Return parts of a photo, each with a sentence."""
        await self._need("regions")
        photo = self._photo(request.path_params["id"])
        return answer({"regions": [told_row(told) for told in await self._turns(self._can.regions, photo)]})

    async def search(self, request: Request) -> Response:
        """Return the photos that fit a sentence or are like a photo; none, if the best hardly fits.

        None, too, if the model does not know most of the words that say what is meant. kept_back: how many hits are
        not shown for that. best: the probability that the best answers the search, if the model is calibrated. A
        `least` that is given shows what it allows, and best is then the probability that it fits. refused: why nothing
        is shown of what was found, see `docs/formats.md`; None where something is, or nothing was found.
        """
        await self._need("search")
        asked = await bodies.asked(request, ASKED_OF_SEARCH)
        question, given = self._question(asked), asked.get("least")
        if given is not None and not 0 <= given <= 1:
            raise Refusal(BAD, f"least={given}: a probability, from 0 to 1")
        unread = await self._turns(self._can.unread, question.text) if question.text else ()
        hits = await self._turns(self._can.search, replace(question, limit=looked_at(question.limit, question.by)))
        calibration = None if question.photo else await self._turns(self._can.calibration)
        least = given if given is not None else calibration.least if calibration else 0.0
        alike = question.photo is not None
        text, can = question.text or "", self._can
        unknown = strange(text, content=can.content, knows=can.knows, unread=len(unread))
        fits = fitting(hits, calibration) if given is None else [hit for hit in hits if likely(hit, given)]
        if given and calibration and question.by != "regions":  # by sentences the likeliest do not come first
            fits = list(await self._turns(self._can.search, replace(question, least=given)))
        wordless = bool(text) and unknown.most and given is None and question.by == "regions"
        if wordless:
            fits = []
        refused = None if fits or not hits else "unlikely" if not wordless else "unknown" if unknown.words else "empty"
        fits, first = fits[: question.limit], hits[: question.limit]
        rows = [hit_row(hit, self.photos.name(hit.path).id, self._can, alike=alike) for hit in fits]
        likeliest = best_of(hits)
        best = likeliest and (likeliest.answers if given is None else likeliest.probability)
        said = {"best": best, "least": least, "refused": refused, "unknown": unknown.words, "unread": list(unread)}
        return answer({"hits": rows, "kept_back": hidden(first, fits), **said})

    def _question(self, asked: dict[str, Any]) -> Question:
        if ("text" in asked) == ("photo" in asked):
            raise Refusal(BAD, "a search is for a sentence or with a photo; give one of them")
        limit = asked.get("limit", HITS)
        if not 1 <= limit <= MOST_HITS:
            raise Refusal(BAD, f"limit={limit}: from 1 to {MOST_HITS}")
        photo = self._photo(asked["photo"]) if "photo" in asked else None
        if asked.get("folder") and not os.path.isabs(asked["folder"]):
            how = "write it as the photos' names have it, from the root of the disk"
            raise Refusal(BAD, f"the folder {asked['folder'][:80]!r} does not say where it is; {how}")
        where = Where(asked.get("folder"), asked.get("since"), asked.get("until"), asked.get("labels", ()))
        by = asked.get("by", "regions")
        if by not in WAYS or (photo and by != "regions"):
            raise Refusal(BAD, f"by={by[:40]!r}: {', '.join(WAYS)}; for a photo regions alone")
        return Question(asked.get("text"), photo, where, limit, by)

    def _photo(self, id: str) -> Photo:
        photo = self.photos.get(id)
        if photo is None:
            raise Refusal(ABSENT, "this photo is no longer known here; search for it again, or hand it in again")
        return photo

    async def _need(self, ability: str) -> None:
        """Refuse what cannot be done, and say what to do about it."""
        missing = await self._turns(self._can.missing)
        if ability in missing:
            raise Refusal(MISSING, missing[ability])
