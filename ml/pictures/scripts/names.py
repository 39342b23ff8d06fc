"""The scripts that a line of text is told by, and which letters each has."""

READ, HANDWRITING, NOTHING = "read", "handwriting", "nothing"
NAMES: dict[str, dict[str, str]] = {
    READ: {"en": "Korean or Latin", "ko": "한글이나 로마자"},
    "han": {"en": "Chinese", "ko": "한자"},
    "kana": {"en": "Japanese", "ko": "일본 문자"},
    "cyrillic": {"en": "Cyrillic", "ko": "키릴 문자"},
    "greek": {"en": "Greek", "ko": "그리스 문자"},
    "arabic": {"en": "Arabic", "ko": "아랍 문자"},
    "hebrew": {"en": "Hebrew", "ko": "히브리 문자"},
    "thai": {"en": "Thai", "ko": "태국 문자"},
    "devanagari": {"en": "Devanagari", "ko": "데바나가리 문자"},
    "bengali": {"en": "Bengali", "ko": "벵골 문자"},
    "tamil": {"en": "Tamil", "ko": "타밀 문자"},
    "georgian": {"en": "Georgian", "ko": "조지아 문자"},
    "armenian": {"en": "Armenian", "ko": "아르메니아 문자"},
    HANDWRITING: {"en": "handwriting", "ko": "손글씨"},
}
CLASSES = [*NAMES, NOTHING]  # the last: what a detector of lines takes for one
