"""The client's table of Arabic letters is Unicode's own."""

import re
import unicodedata
from pathlib import Path

SOURCE = (
    Path(__file__).resolve().parents[2]
    / "unity_client/Packages/com.attune.xr/Runtime/Core/Visitor/ArabicForms.cs"
)
ORDER = ("<isolated>", "<final>", "<initial>", "<medial>")
# Presentation forms say nothing of it; it is written with the forms of heh and joins as dal does.
KURDISH_AE = ("\u06d5", ["\ufee9", "\ufeea"])


def _rows() -> dict[str, list[str]]:
    rows = re.findall(r'"((?:\\u[0-9A-F]{4}){3,5})"', SOURCE.read_text(encoding="utf-8"))
    texts = [row.encode("ascii").decode("unicode_escape") for row in rows]
    return {text[0]: list(text[1:]) for text in texts if text[1] < "\ufef5" or text[1] > "\ufefc"}


def _forms_of_unicode() -> dict[str, list[str]]:
    forms: dict[str, dict[str, str]] = {}
    for point in (*range(0xFB50, 0xFE00), *range(0xFE80, 0xFEF5)):
        kind, *letters = unicodedata.decomposition(chr(point)).split() or [""]
        if kind in ORDER and len(letters) == 1:
            forms.setdefault(chr(int(letters[0], 16)), {})[kind] = chr(point)
    return {
        letter: [of_kind[kind] for kind in ORDER if kind in of_kind]
        for letter, of_kind in forms.items()
        if "<final>" in of_kind
    }


def test_every_letter_has_the_forms_of_unicode() -> None:
    letter, forms = KURDISH_AE
    assert _rows() == {**_forms_of_unicode(), letter: forms}


def test_lam_and_every_alef_have_their_one_character() -> None:
    rows = re.findall(r'"((?:\\u[0-9A-F]{4}){3})"', SOURCE.read_text(encoding="utf-8"))
    pairs = [row.encode("ascii").decode("unicode_escape") for row in rows]
    pairs = [pair for pair in pairs if "\ufef5" <= pair[1] <= "\ufefc"]
    assert len(pairs) == 4
    for alef, alone, last in pairs:
        for kind, form in ((ORDER[0], alone), (ORDER[1], last)):
            assert unicodedata.decomposition(form) == f"{kind} 0644 {ord(alef):04X}"
