"""The languages that somebody who is served may be said to speak: codes alone, so that nothing typed travels."""

from enum import StrEnum


class Language(StrEnum):
    """What somebody speaks: ISO 639 codes, two letters where there are two. Source: iso639-3.sil.org.

    Members say theirs with any code; theirs is compared with these letter by letter.
    """

    ZH = "zh"
    YUE = "yue"
    WUU = "wuu"
    NAN = "nan"
    HAK = "hak"
    HSN = "hsn"
    GAN = "gan"
    CDO = "cdo"
    CJY = "cjy"
    UG = "ug"
    KK = "kk"
    KY = "ky"
    UZ = "uz"
    TG = "tg"
    TT = "tt"
    SJO = "sjo"
    MN = "mn"
    BO = "bo"
    ZA = "za"
    KO = "ko"
    II = "ii"
    RU = "ru"
    EN = "en"
    JA = "ja"
    AR = "ar"
    VI = "vi"
    CSL = "csl"


MOST_SPOKEN = 5
"""So many languages are kept of one person."""
