"""The words that hold English sentences together: a closed list. Every other word says what is in the photo.

Numbers from "two" on are not among them, nor are parts such as "top", "front" and "back": a sentence that gets them
wrong is wrong.
"""

_DETERMINERS = "a an the this that these those"
_QUANTIFIERS = (
    "all another any both each either every few lot lots many more most much neither no other others some several"
)
_PREPOSITIONS = """
    about above across after against ahead along alongside amid among amongst around as at away before behind
    below beneath beside besides between beyond by despite down during except for forward from in inside into like
    near nearby next of off on onto out outside over past per through throughout to together toward towards under
    underneath until up upon via with within without"""
_PRONOUNS = """
    he her hers herself him himself his i it its itself me mine my myself one ones our ours ourselves she someone
    something somewhere their theirs them themselves there they us we what whatever which who whom whose you your
    yours yourself"""
_AUXILIARIES = """
    am are be been being can could did do does doing done had has have having is may might must shall should was
    were will would"""
_CONJUNCTIONS = (
    "although and because but how if nor or since so than then though unless when where whereas whether while why"
)
_ADVERBS = "also almost apparently even here just not only quite rather really still too very"
_CONTRACTED = """
    's n't 're 've 'll 'd 'm ca wo ai arent cant couldnt didnt doesnt dont hasnt hes im isnt its shes thats theres
    theyre wasnt werent wont"""  # as tokenisers leave them

FUNCTION_WORDS = frozenset(
    " ".join(
        (_DETERMINERS, _QUANTIFIERS, _PREPOSITIONS, _PRONOUNS, _AUXILIARIES, _CONJUNCTIONS, _ADVERBS, _CONTRACTED)
    ).split()
)
