"""A trained model as a bundle: a folder or one .zip of ONNX graphs, vocabulary and manifest.

Nothing in a bundle executes; `docs/formats.md` gives the format and what is refused.
"""

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

from watchword.core.errors import BundleError, DataError, suggestion
from watchword.data.vocabulary import Vocabulary
from watchword.runtime.containers import LARGEST, Container, Folder, Zip
from watchword.runtime.graph_guard import check_graph
from watchword.runtime.legible import refuse_illegible
from watchword.runtime.manifest import GRAPHS, Entry, Manifest
from watchword.runtime.manifests import AnyManifest, parse_any
from watchword.runtime.shipped import MANIFEST_NAME, shipped

_LARGEST_MANIFEST = 4 << 20


class HasFiles(Protocol):
    """What every kind of manifest says: the files beside it."""

    @property
    def files(self) -> Mapping[str, Entry]:
        """Every file but `bundle.json` itself."""
        ...


Described = TypeVar("Described", bound=HasFiles)


@dataclass(frozen=True)
class Bundle:
    """A bundle whose every file was checked.

    name: of the shipped model, or the path given. graphs: the bytes of each ONNX file by its name.
    card: the model card, Markdown, or "". size: bytes of all files together.
    """

    name: str
    manifest: Manifest
    vocabulary: Vocabulary
    graphs: Mapping[str, bytes] = field(repr=False)
    card: str = field(repr=False)
    size: int

    @classmethod
    def open(cls, model: str | Path) -> "Bundle":
        """Read the bundle `model`: the name of a shipped one, or the path of a folder or .zip.

        A name that ships means the shipped model; write "./small" for a folder of that name.
        Raises `BundleError` if it is missing, damaged, hostile or from a newer version.
        """
        manifest, files, size = contents(model, Manifest.parse)
        return cls(
            name=str(model),
            manifest=manifest,
            vocabulary=vocabulary_of(files[manifest.vocabulary], str(model)),
            graphs={name: files[name] for name in GRAPHS},
            card=files.get("card.md", b"").decode("utf-8", "replace"),
            size=size,
        )


def contents(model: str | Path, parse: Callable[[bytes, str], Described]) -> tuple[Described, dict[str, bytes], int]:
    """Return the manifest of a bundle, the bytes of its files, each checked, and how many bytes they are together.

    parse: from the bytes of `bundle.json` and what to call it in messages.
    """
    path = find(model)
    with closing(Folder(path) if path.is_dir() else Zip(path)) as container:
        manifest = read_manifest(container, path, parse)
        files = {name: _read(container, entry, name, path) for name, entry in manifest.files.items()}
        size = sum(container.sizes().values())
    for name in files:
        if name.endswith(".onnx"):
            check_graph(name, files[name])
    return manifest, files, size


def manifest_of(model: str | Path) -> AnyManifest:
    """Return what a bundle of any kind says of itself; its other files are not looked at. Raises `BundleError`."""
    path = find(model)
    with closing(Folder(path) if path.is_dir() else Zip(path)) as container:
        return read_manifest(container, path, parse_any)


def shared_encoder(model: str, digest: str) -> bytes:
    """Return the encoder's graph of another model; `BundleError` where it is not the one that was meant."""
    graph = Bundle.open(model).graphs[GRAPHS[0]]
    if hashlib.sha256(graph).hexdigest() != digest:
        raise BundleError(f"the encoder of {model!r} is not the one that this model was made for: export it again")
    return graph


def find(model: str | Path) -> Path:
    """Return where the bundle `model` lies; `BundleError` if no such model ships and no bundle is there."""
    ships = shipped()
    if str(model) in ships:
        return ships[str(model)]
    path = Path(model)
    try:
        if (path / MANIFEST_NAME).exists() or (path.is_file() and zipfile.is_zipfile(path)):
            return path
        there = path.exists()
    except OSError:  # a name too long for a path, a folder that may not be entered
        there = False
    hint = (
        f"{str(model)!r} is no bundle; a checkpoint becomes one with: watchword export CHECKPOINT BUNDLE"
        if there
        else f"no model {str(model)!r}{suggestion(str(model), ships)}"
    )
    raise BundleError(
        f"{hint}. Give a shipped model ({', '.join(ships) or 'this installation has none'}) "
        f"or the path of a bundle: a folder with {MANIFEST_NAME}, or a .zip of one"
    )


def read_manifest(container: Container, path: Path, parse: Callable[[bytes, str], Described]) -> Described:
    """Return the checked manifest of the bundle in `container`; its list of files is the list of what is there."""
    sizes = container.sizes()
    if sizes.get(MANIFEST_NAME, _LARGEST_MANIFEST + 1) > _LARGEST_MANIFEST:
        raise BundleError(f"{path}: has no {MANIFEST_NAME} of at most {_LARGEST_MANIFEST >> 20} MB, so it is no bundle")
    manifest = parse(container.read(MANIFEST_NAME), str(path / MANIFEST_NAME))
    there = sizes.keys() - {MANIFEST_NAME}
    if missing := manifest.files.keys() - there:
        raise BundleError(f"{path}: {', '.join(sorted(missing))} missing; get or export the bundle again")
    if strange := there - manifest.files.keys():
        raise BundleError(f"{path}: {', '.join(sorted(strange))!r} not named in {MANIFEST_NAME}; take it out")
    if (total := sum(entry.size for entry in manifest.files.values())) > LARGEST:
        raise BundleError(f"{path}: declares {total} bytes; a bundle has at most {LARGEST}")
    return manifest


def _read(container: Container, declared: Entry, name: str, path: Path) -> bytes:
    """Return the bytes of one file once its size and its hash are those declared."""
    if (given := container.sizes()[name]) != declared.size:
        raise BundleError(f"{path}: {name!r} has {given} bytes, not the {declared.size} declared; get the bundle again")
    data = container.read(name)
    if hashlib.sha256(data).hexdigest() != declared.sha256:
        raise BundleError(f"{path}: {name!r} is not the file that was exported (SHA-256 differs); get the bundle again")
    return data


def vocabulary_of(data: bytes, path: str) -> Vocabulary:
    """Read the vocabulary: UTF-8, one word a line."""
    try:
        vocabulary = Vocabulary(tuple(data.decode("utf-8").removesuffix("\n").split("\n")))
    except (UnicodeDecodeError, DataError) as error:
        raise BundleError(f"{path}: its vocabulary cannot be read: {error}") from None
    refuse_illegible(vocabulary.words, f"{path}: its vocabulary")
    return vocabulary
