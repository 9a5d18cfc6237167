"""`bundle.json` of a labeller: what it says besides what every bundle says. `docs/formats.md` describes every field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from watchword.core.errors import BundleError
from watchword.data.played import Playing
from watchword.runtime.fields import Fields
from watchword.runtime.legible import refuse_illegible
from watchword.runtime.manifest import Entry, check_format, check_kind, files_of, picture_size
from watchword.runtime.playing import playing_in
from watchword.runtime.sharing import Shared, shared_in

ENCODER, GRAPH = "encoder.onnx", "labels.onnx"
Looks = Literal["frames", "motion"]
_JSON_OBJECT = cast("type[dict[str, Any]]", dict)


@dataclass(frozen=True)
class LabelManifest:
    """`bundle.json` of a labeller, checked.

    recipe, settings, size, scores, licence, files: as `Manifest` has them. classes: names of the N that it tells
    apart. looks: at "frames" or at "motion". playing: how a clip is shown to the encoder, or None where it tells
    photos, or looks at motion. encoder: the model whose encoder it looks with, and the SHA-256 of that graph, or None
    where it has its own.
    """

    recipe: str
    settings: Mapping[str, Any]
    size: int
    classes: tuple[str, ...]
    looks: Looks
    playing: Playing | None
    encoder: Shared | None
    scores: Mapping[str, Any]
    licence: str
    files: Mapping[str, Entry]

    @classmethod
    def parse(cls, data: bytes, where: str) -> "LabelManifest":
        """Read the bytes of `bundle.json`; `where` names it in messages. Raises `BundleError`."""
        fields = Fields.parse(data, where)
        check_format(fields)
        check_kind(fields, "labeller")
        encoder = shared_in(fields)
        return cls(
            recipe=fields.take("recipe", str),
            settings=fields.take("settings", _JSON_OBJECT, {}),
            size=picture_size(fields.inside("preprocessing")),
            classes=_classes(fields),
            looks=_looks(fields),
            playing=playing_in(fields),
            encoder=encoder,
            scores=fields.take("scores", _JSON_OBJECT, {}),
            licence=fields.take("licence", str, ""),
            files=files_of(fields.inside("files"), (GRAPH,) if encoder else (ENCODER, GRAPH)),
        )


def _looks(fields: Fields) -> Looks:
    """Read what is looked at of a clip."""
    looks = fields.take("looks", str, "frames")
    if looks not in get_args(Looks):
        raise BundleError(f"'looks' in {fields.where} is {looks!r}; this version knows {' and '.join(get_args(Looks))}")
    if looks == "motion" and "frames" in fields:
        raise BundleError(f"{fields.where} has 'frames', which a labeller that looks at motion is not shown")
    return cast("Looks", looks)


def _classes(fields: Fields) -> tuple[str, ...]:
    """Read the names of the classes: two or more, all different."""
    classes = fields.take_list("classes", str)
    refuse_illegible(classes, f"'classes' in {fields.where}")
    if len(classes) < 2 or len(set(classes)) < len(classes):
        raise BundleError(f"'classes' in {fields.where} are to be two or more, and all different")
    return classes
