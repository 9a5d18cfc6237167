import pytest

from watchword.cli.options import in_options, named_as_options
from watchword.core.errors import DataError, SearchError
from watchword.generation.constraints import Rules
from watchword.generation.options import SearchOptions


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"beam": 2, "n": 7}, "--n 7 sentences from --beam 2: .*; set --beam 7 or more, or --sample$"),
        ({"seed": -1}, "^--seed -1: 0 or more, or left out for a new one"),
        ({"draws": 2}, "^--draws 2: .* set --sample$"),
        ({"sample": True, "top_k": -1}, "^--top-k -1: "),
        ({"temperature": 0.0}, "^--temperature 0.0: more than 0; .* set --beam 1 and do not sample"),
        ({"beam": 3, "groups": 2}, "^--groups 2 of --beam 3: .*; set --beam 4"),
    ],
)
def test_what_makes_no_sense_is_called_by_its_option(options, said):
    with pytest.raises(SearchError, match=said), named_as_options():
        SearchOptions(**options)


def test_limits_of_sentences_too():
    with pytest.raises(SearchError, match=r"^--no-repeat -1: 0"), named_as_options():
        Rules(start=1, end=2, no_repeat_ngram=-1)
    listed = "max_words=3, min_words=0, no_repeat_ngram=2, must_include=((5,),); loosen one"
    assert in_options(listed) == "--max-words 3, --no-repeat 2, --must-include ((5,),); loosen one"
    assert in_options("must_include has '!'") == "--must-include has '!'"


def test_other_errors_pass():
    with pytest.raises(DataError, match="beam=2"), named_as_options():
        raise DataError("beam=2")
