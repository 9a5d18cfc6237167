"""From bundle back to checkpoint: the weights that its graphs hold, by the names that they were trained under."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from watchword.core.errors import BundleError
from watchword.encoders.weights import numbers_of_graph, of_encoder, weights_of_graph
from watchword.recipes import recipes
from watchword.runtime.bundle import Bundle, manifest_of
from watchword.runtime.manifest import GRAPHS, Manifest
from watchword.training import checkpoints
from watchword.training.graphs import export_graphs
from watchword.training.model import CaptioningModel


def unpacked(bundle: str, folder: Path) -> str:
    """Write the captioner of a bundle into a folder as a checkpoint, and return the name of its recipe.

    Raises `BundleError` for a bundle of another kind, and where its settings or graphs are none of this version's.
    """
    if not isinstance(manifest_of(bundle), Manifest):
        raise BundleError(
            f"{bundle!r} is no captioner, and the graphs of other models hold their weights in another form: "
            "train on from the checkpoint that it was exported from"
        )
    opened = Bundle.open(bundle)
    manifest = opened.manifest
    recipe = recipes[manifest.recipe]
    try:
        settings = recipe.settings(**manifest.settings)
    except TypeError as problem:
        raise BundleError(f"{bundle!r}: this version cannot read its settings: {problem}") from None
    model = recipe.build(settings, opened.vocabulary)
    assert isinstance(model, CaptioningModel)
    fill(model, opened.graphs, bundle)
    description = {"recipe": recipe.name, "settings": dict(manifest.settings), "unpacked": bundle}
    description |= {"regions": manifest.regions} if manifest.regions else {}
    checkpoints.save(folder, model, description, opened.vocabulary)
    return recipe.name


def fill(model: CaptioningModel, graphs: Mapping[str, bytes], bundle: str) -> None:
    """Give a model the weights of the graphs of a bundle.

    What describing does not read (a discriminator, a baseline, counters of batch normalisation) is in no graph, and
    stays as it was built. That nothing else is missing is made sure of by exporting the model again.

    Raises `BundleError` where that does not give the same numbers.
    """
    looks, *speaks = GRAPHS
    try:
        model.encoder.single.load_state_dict(of_encoder(weights_of_graph(graphs[looks]), bundle), strict=False)
        for name in speaks:
            model.load_state_dict(weights_of_graph(graphs[name]), strict=False)
    except RuntimeError:  # of another shape
        raise _other(bundle) from None
    with TemporaryDirectory() as again:
        export_graphs(model, Path(again), half=False)
        if any(
            numbers_of_graph((Path(again) / name).read_bytes()) != numbers_of_graph(graphs[name]) for name in GRAPHS
        ):
            raise _other(bundle)


def _other(bundle: str) -> BundleError:
    return BundleError(
        f"{bundle!r}: its graphs are not those of its recipe and settings in this version; "
        "train on from the checkpoint that it was exported from"
    )
