"""Rules for abbreviations: which keep their period, and which give it back as well."""

from watchword.metrics.treebank.names import capitalised, either
from watchword.metrics.treebank.rule import Rule, acronym_at_end, joined_brackets, soft, with_period_twice

_STARTERS = capitalised(
    "About According Additionally After An A As At But Earlier He Her Here However If In It Last Many More Mr. Ms. "
    "Now Once One Other Our She Since So Some Such That The Their Then There These They This We When While What Yet You"
)
_MAY_END = (
    either(
        "Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec Mon Tue Tues Wed Thu Thurs Fri "
        "Ala Ariz [A]z [A]rk Calif Colo Conn Ct Dak [D]el Fla Ga [I]ll Ind Kan Kans Ky [L]a [M]ass Md Mich Minn [M]iss "
        "Mo Mont Neb Nev Okla [O]re [P]a Penn Tenn [T]ex Va Vt [W]ash Wis Wisc Wyo "
        "Inc Co Cos Corp Pp?t[ye]s? Ltd Plc Rt Bancorp Bhd Assn Univ Intl Sys tel est ext sq "
        "Jr Sr Bros Ed.D Ph.D Blvd Rd Esq etc al seq Bldg"
    )
    + "."
)
_TITLES = either(
    "Mr Mrs Ms [M]iss Drs? Profs? Sens? Reps? Attys? Lt Col Gen Messrs Govs? Adm Rev Maj Sgt Cpl Pvt Capt Ste? "
    "Ave Pres Lieut Hon Brig Cmdr Comdr Pfc Spc Supts? Det Mt Ft Adj Adv Asst Assoc Ens Insp Mlle Mme Msgr Sfc "
    "vs Alex Wm Jos Cie a.k.a cf TREAS Ph {Dotted} Invt Elec Natl M[ft]g Dept"
)
_KNOWN_FILES = either(
    "bat bmp c class cgi cpp dll doc docx exe gif gz h htm html jar java jpeg jpg mov mp3 pdf php pl png ppt ps py "
    "sql tar txt wav x xml zip"
)
_PHONE = (
    r"(\([0-9]{2,3}\){Gap}?|(\+\+?)?([0-9]{2,4}{Joint})?[0-9]{2,4}{Joint})[0-9]{3,4}{Joint}?[0-9]{3,5}"
    r"|(\+\+?[0-9]{2,4}.)?[0-9]{2,4}.[0-9]{3,4}.[0-9]{3,5}"
)

ABBREVIATIONS = [
    Rule("({Dotted}).", acronym_at_end, before=f"({{Blank}})+({_STARTERS}|{{Tag}})({{Blank}})"),
    Rule(either("ca figs? prop nos? art bldg pp op") + ".", before=r"({Blank})?[\D]"),
    Rule("(pte|pty|co).", before=r"[\S](ltd|lim)"),
    Rule(_MAY_END, with_period_twice, before=r"({Blank})(({Blank})|[\C]|{Tag})"),
    Rule(_MAY_END, before="[^][^]"),
    Rule(_MAY_END, with_period_twice),
    Rule(f"{_TITLES}."),
    Rule(_TITLES, before=r"[\S]"),
    Rule("{Dotted}", before="{Blank}"),
    Rule("({A})[0-9][0-9]", before="{Blank}"),
    Rule(rf"({{Letter}}|[\D])+(.({{Letter}}|[\D])+)*.{_KNOWN_FILES}", before="({Blank})|[.?!,]"),
    Rule("{Word}.", soft, before="[,;:\u3001]"),
    Rule(_PHONE, joined_brackets),
]
