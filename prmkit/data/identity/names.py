"""Names, addresses and ids without what two systems write differently: capitals, accents, legal forms, zeros in front."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from prmkit.data.identity.lexicon import FORMS, PUBLIC_MAIL, SPELT_OUT

_NOT_A_FORM_IN_FRONT = frozenset(
    {"me", "de", "is", "da", "se", "co", "company", "as", "ad", "too", "dd", "ou", "sc", "lp", "rt", "bt", "ky"}
)
_LETTERS = str.maketrans(
    {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "’": "'", "&": " and ", "+": " and "}
)
_AND = frozenset({"and", "und", "et", "e", "y", "en", "og", "och", "ja"})
_BRACKET = re.compile(r"\s*[(\[{]([^()\[\]{}]*)[)\]}]\s*$")
_SINGLE_LETTERS = re.compile(r"\b(?:\w[./]\s?){1,4}\w\b\.?")
_SPELT = re.compile(rf"\b(?:{'|'.join(sorted(SPELT_OUT, key=len, reverse=True))})\b")
_NOT_WORD = re.compile(r"[\W_]+")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_SALESFORCE = re.compile(r"[A-Za-z0-9]{15}(?:[A-Z0-5]{3})?")
_SHORT_FORM = 15
_CHECK = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "gob", "gouv"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name as compared: `core` without legal form, accents, punctuation and capitals; its words; the legal form it carried."""

    core: str
    words: tuple[str, ...]
    form: str

    @property
    def compact(self) -> str:
        """The core without spaces."""
        return self.core.replace(" ", "")


@lru_cache(maxsize=500_000)
def plain_text(text: str) -> str:
    """Lower case words of letters and digits with single spaces; accents taken off, '&' written out."""
    if text.isascii():
        bare = text.lower().translate(_LETTERS)
        return _words_of(bare)
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_LETTERS)
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return _words_of(bare)


def _words_of(bare: str) -> str:
    joined = _SINGLE_LETTERS.sub(lambda met: f" {_NOT_WORD.sub('', met[0])} ", bare.replace("'", ""))
    return _NOT_WORD.sub(" ", joined).strip()


@lru_cache(maxsize=500_000)
def name_of(text: str) -> Name:
    """The name in a text. A name that is nothing but a legal form keeps it as its core."""
    plain = plain_text(without_bracket(text))
    plain = _SPELT.sub(lambda met: SPELT_OUT[met[0]], plain)
    every = plain.split()
    words = [word for place, word in enumerate(every) if word not in _AND or place in (0, len(every) - 1)]
    start, end = 0, len(words)
    while end > 1 and words[end - 1] in FORMS:
        end -= 1
    while end - start > 1 and words[start] in FORMS - _NOT_A_FORM_IN_FRONT:
        start += 1
    kept = tuple(words[start:end]) or tuple(plain.split())
    return Name(" ".join(kept), kept, " ".join(sorted({*words[:start], *words[end:]})))


def bracketed(text: str) -> str:
    """What stands in brackets at the end of a name, such as an id; empty where nothing does."""
    found = _BRACKET.search(text)
    return found[1].strip() if found and text[: found.start()].strip() else ""


def without_bracket(text: str) -> str:
    """A name without an id in brackets at its end; other words in brackets stay."""
    inside = bracketed(text)
    return text[: text.rindex(inside)].rstrip("([{ \t") if inside and any(letter.isdigit() for letter in inside) else text


def domain_of(text: str) -> str:
    """The domain of a web or e-mail address, without www; empty for public mail services and what is no address."""
    bare = text.strip().casefold().rpartition("@")[2]
    bare = re.sub(r"^[a-z]+://", "", bare).partition("/")[0].partition("?")[0].partition(":")[0].rstrip(".")
    while bare.startswith("www."):
        bare = bare[4:]
    return bare if _DOMAIN.fullmatch(bare) and bare not in PUBLIC_MAIL else ""


def domain_word(domain: str) -> str:
    """The word of a domain that names its owner: `alpha-beta` of mail.alpha-beta.co.uk, without hyphens."""
    parts = domain.split(".")[:-1]
    if len(parts) > 1 and parts[-1] in _SECOND_LEVEL:
        parts = parts[:-1]
    return plain_text(parts[-1]).replace(" ", "") if parts else ""


def postal_key(text: str) -> str:
    """A postal code without spaces, punctuation, capitals and zeros in front; a ZIP+4 is cut to its first five digits."""
    bare = re.sub(r"^(\d{5})-\d{4}$", r"\1", text.strip())
    return _NOT_WORD.sub("", bare.casefold()).lstrip("0")


def id_key(text: str) -> str:
    """An id without capitals and zeros in front; a Salesforce id as its short form, in which capitals tell records apart."""
    bare = salesforce_short(text) or text.strip()
    mixed = _SALESFORCE.fullmatch(bare) and bare[:1].isdigit() and bare not in (bare.lower(), bare.upper())
    return bare if mixed and len(bare) == _SHORT_FORM else bare.casefold().lstrip("0") or "0"


def salesforce_long(short: str) -> str:
    """The 18-character form of a 15-character Salesforce id: three letters more that say which letters are capitals."""
    marks = (sum(1 << place for place, letter in enumerate(short[five : five + 5]) if letter.isupper()) for five in (0, 5, 10))
    return short + "".join(_CHECK[mark] for mark in marks)


def salesforce_short(text: str) -> str:
    """The 15-character form of an 18-character Salesforce id; empty where its last three letters are not what they must be."""
    text = text.strip()
    whole = len(text) == 18 and _SALESFORCE.fullmatch(text) and salesforce_long(text[:15]) == text
    return text[:15] if whole else ""
