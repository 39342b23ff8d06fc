"""Korean words that describe a face. They are split into those that are known and the particles and endings that follow
them, to the last syllable: 아이섀도 is not 아이 with something behind it, and 안경원 no pair of glasses.
"""

import re
from collections.abc import Mapping

from ml.faces.lexicon import Kind, Word, entries, of_hair, persons, things, traits

# Nouns of Korean; particles follow them
KOREAN_NOUNS: dict[str, Word] = {
    **things("안경 선글라스 썬글라스 돋보기 색안경", glasses=1),
    **things("수염", beard=1),
    **things("턱수염 콧수염 구레나룻 염소수염", is_narrow=True, beard=1),
    **things("앞머리", bangs=1),
    **things("이마", bangs=-1),
    **things("화장 화장기 메이크업", makeup=1),
    **things(
        "립스틱 아이섀도 아이섀도우 아이셰도 아이셰도우 아이라인 아이라이너 마스카라 볼터치 블러셔 색조",
        is_narrow=True,
        makeup=1,
    ),
    **things("미소 웃음 웃음기 눈웃음 함박웃음", smile=1),
    **things("눈물", smile=-1),
    **things("나이", age=1),
    **things("주름 주름살", is_narrow=True, age=1),
    **things("곱슬 곱슬머리 파마 파마머리 펌 웨이브 웨이브머리 뽀글머리 곱슬기", curls=1),
    **traits("생머리 직모 스트레이트", curls=-1),
    **traits("금발 금발머리 블론드 노란머리 노랑머리", blond=1),
    **traits("흑발 흑발머리 검은머리 까만머리 검정머리 갈색머리 갈발", blond=-1),
    **traits("백발 백발머리 흰머리 하얀머리 은발 새치", age=1),
    **traits("무표정 정색 울상", smile=-1),
    **traits("민낯 생얼 쌩얼 맨얼굴 노메이크업", makeup=-1),
    **persons(
        "남자 남성 신사 남학생 사내 아빠 아버지 오빠 형 삼촌 아들 남편 신랑 왕 왕자 미남 총각 남자애인 남친 그남자",
        gender=1,
    ),
    **persons(
        "여자 여성 숙녀 여학생 엄마 어머니 언니 누나 이모 고모 딸 아내 신부 여왕 공주 미녀 아가씨 처녀",
        gender=-1,
    ),
    **persons("여친 그녀 여인 부인 수녀", gender=-1),
    **persons("소년 남자아이 남자애 남아 사내아이", gender=1, age=-1),
    **persons("소녀 여자아이 여자애 여아 계집아이", gender=-1, age=-1),
    **persons("할아버지 할아범 할배 영감 아저씨", gender=1, age=1),
    **persons("할머니 할멈 할매 노파 아주머니 아줌마", gender=-1, age=1),
    **persons("노인 어르신 중년 노년 장년 노인네 늙은이 중장년", age=1),
    **persons(
        "청년 아이 아기 애기 꼬마 어린이 유아 청소년 젊은이 갓난아기 초등학생 중학생 고등학생 십대", age=-1
    ),
    **entries(Kind.HAIR, "머리 머리카락 머리칼 머릿결 헤어 머리색 머리카락색"),
    **of_hair("갈색 검은색 검정 검정색 까만색 흑색 밤색 진갈색", blond=-1),
    **of_hair("노란색 노랑 금색 황금색 노랑색", blond=1),
    **of_hair("흰색 하얀색 은색 회색", age=1),
    **entries(Kind.LOOK, "왼쪽 왼편 좌측 왼", edits={"pose": -1}),
    **entries(Kind.LOOK, "오른쪽 오른편 우측", edits={"pose": 1}),
    **entries(
        Kind.FACE,
        "사람 얼굴 사진 표정 모습 인물 분 초상화 초상 그림 정면 앞 친구 느낌 스타일 상태 이미지 입 입가 것 고개",
    ),
    **entries(Kind.AND, "그리고 및 그리고또"),
    **entries(Kind.OR, "또는 혹은"),
    **entries(Kind.STOP, "하지만 그러나 그런데 근데"),
    **entries(
        Kind.MUCH, "매우 아주 많이 활짝 엄청 무척 굉장히 정말 진짜 너무 꽤 몹시 방긋 크게 훨씬", much=1.5
    ),
    **entries(Kind.MUCH, "조금 약간 살짝 좀 조금만 은은 옅게 연하게 살며시 조금씩", much=0.5),
    **entries(Kind.MUCH, "더 더욱 좀더 별로 그다지 거의", much=1.0),
    **entries(Kind.HOW, "절대 절대로 아예 일부러 항상 결코 완전 자주"),
    **entries(Kind.NOT_DONE, "안 못 덜"),
    **entries(Kind.GONE, "없이 대신 삭제 제외 제거 금지 생략 미착용 불필요"),
    **entries(Kind.SILENT, "나 그 이 저 두 하나 하나도 전혀 같이 꼭 부탁 쪽 채 채로 상태로 제발 필요"),
}
# Stems of Korean verbs and adjectives, in each form to which an ending is joined; the ending follows
KOREAN_VERBS: dict[str, Word] = {
    **traits(
        "웃 행복하 행복한 행복해 기쁘 기쁜 기뻐 즐겁 즐거 즐거운 신나 신난 미소짓 미소지 유쾌하 유쾌한 웃음짓",
        smile=1,
    ),
    **traits(
        "진지하 진지한 진지해 슬프 슬픈 슬퍼 심각하 심각한 심각해 우는 울 울고 울먹이 화난 화나 화내 찡그리",
        smile=-1,
    ),
    **traits(
        "찡그린 찡그려 찌푸리 찌푸린 찌푸려 우울하 우울한 시무룩하 시무룩한 뚱하 뚱한 무뚝뚝하 무뚝뚝한 엄숙한",
        smile=-1,
    ),
    **traits("늙 나이들 나이든 나이드 나이많 늙수그레한 주름진 노숙한", age=1),
    **traits("젊 어리 어린 어려 어렸 어릴 앳되 앳된 앳돼", age=-1),
    **traits("남자다운 남자답 남성스러운 남성적인", gender=1),
    **traits("여자다운 여자답 여성스러운 여성스럽 여성적인", gender=-1),
    **traits("곱슬거리 곱슬거린 곱슬곱슬하 곱슬곱슬한 꼬불꼬불하 꼬불꼬불한 뽀글뽀글한 구불구불한", curls=1),
    **entries(Kind.SHAVED, "면도하 면도한 면도해 면도했", edits={"beard": -1}),
    **of_hair("검 까만 까맣 어둡 어두 어두운 짙 검은", blond=-1),
    **of_hair("노란 노랗 노래진", blond=1),
    **of_hair("흰 하얀 하얗 희 희끗희끗한 센", age=1),
    **of_hair("곧", curls=-1),
    **entries(Kind.LOOK, "밝 환한 환하", edits={"smile": 1}),
    **entries(Kind.MUCH, "진한 진하 풍성한 풍성하 덥수룩한 덥수룩하 두꺼운 굵은 무성한", much=1.5),
    **entries(
        Kind.GONE,
        "없 없애 없앤 없앴 않 아니 아닌 말고 말아 마 벗 벗기 벗긴 벗겨 깎 깍 민 밀어 밀고 지우 지운 지워 "
        "제거하 제거한 제거해 빼 뺀 뺐 뺌 지움 아님 사라지 사라진 사라져",
    ),
    **entries(
        Kind.GONE,
        "떼 뗀 치우 치워 그만 올린 올리 올려 넘기 넘긴 넘겨 가리 가린 가려 덮 적 못하 제외하 제외한 싫",
    ),
    **entries(
        Kind.WEAR,
        "쓰 쓴 써 썼 씌우 씌운 씌워 끼 낀 껴 꼈 끼우 끼운 끼워 착용하 착용한 착용해 하 한 해 "
        "했 할 있 난 나 났 기르 기른 "
        "길러 길렀 바르 바른 발라 칠하 칠한 칠해 넣 추가하 추가한 추가해 붙이 붙인 붙여 내리 내린 내려 드러내 드러낸 "
        "드러나 드러난 씀 낌 함 기름 바름 들 든 들어 띠 띤 띄 짓 지 지은 지어 머금 입 되 된 돼 많",
    ),
    **entries(
        Kind.SILENT,
        "보 보이 보인 보여 본 봐 봤 향하 향한 바라보 바라본 쳐다보 쳐다본 돌리 돌린 돌려 주 줘 "
        "그리 그린 그려 만들 만든 "
        "싶 원하 원한 살리 계시 계신 같",
    ),
}
PARTICLES = re.compile(
    r"(들|님|분)?(에서|에게|한테|으로|로|이랑|랑|하고|와|과|까지|처럼|같은|이나|나|이며|며|이고|고|이지만|지만|인|이다|다|입니다"
    r"|이에요|예요|이요|요|이야|야|인데|이면|밖에|이가|이는|이를|이|가|을|를|은|는|의|에|도|만|한|하게|적인|으로만|로만|조차|마저)?$"
)
LINKS = re.compile(r"(이랑|랑|하고|와|과|이나|나|이며|며|도|조차|마저)$")
ENDINGS = re.compile(
    r"(는|은|고|지|게|며|면|어서|아서|여서|으면서|면서|으며|으면|요|습니다|니다|는다|도록|자|세요|으세요|십시오|거나|지만|었|았|였|어|아|여|죠"
    r"|은데|는데|음|라|라서|도|되|던|네|주|줘|있|보이|보여|하|한|해|싶|수록|려고|으려고|ㄴ)*$"
)


# What is part of other words, and means this where it stands alone: 노 안경, 쓴 적 없는 (적은 수염 is little)
ALONE = {"노": Kind.NOT, "적": Kind.SILENT, "적이": Kind.SILENT}
LONGEST_WORD = max(map(len, (*KOREAN_NOUNS, *KOREAN_VERBS)))
LONGEST_TAIL = 12  # syllables of particles or endings


def korean_words(text: str) -> list[Word]:
    """What a word that is written in one piece consists of; the word as one that says nothing where it does not."""
    return split_korean(text) or [Word(text, unknown_kind(text))]


def unknown_kind(text: str) -> Kind:
    if text in ALONE:
        return ALONE[text]
    if text[0] in "없않":  # no other words begin so: 없슴
        return Kind.GONE
    return Kind.HOW if text[-1] in "히게" else Kind.OTHER


def split_korean(text: str) -> list[Word] | None:
    """From its end to its beginning, so that each part of a long one is worked out once."""
    rest: dict[int, list[Word]] = {len(text): []}  # by the place from which on these are the words
    for at in reversed(range(len(text))):
        if found := words_from(text, at, rest):
            rest[at] = found
    return rest.get(0)


def words_from(text: str, at: int, rest: Mapping[int, list[Word]]) -> list[Word] | None:
    """The longest known word there with its longest particles or endings, and whatever known ones follow."""
    for length in range(LONGEST_WORD, 0, -1):
        start = text[at : at + length]
        for words, tails in ((KOREAN_NOUNS, PARTICLES), (KOREAN_VERBS, ENDINGS)):
            known = words.get(start) if len(start) == length else None
            # A noun of one syllable behind others would be found in names of what is no part of a face
            if known and (not at or length > 1 or tails is ENDINGS or known.kind is Kind.NOT_DONE):
                for end in range(at + length + LONGEST_TAIL, at + length - 1, -1):
                    tail = text[at + length : end]
                    if end in rest and is_tail_of(known, tail, tails):
                        return [with_tail(known, tail, tails), *rest[end]]
    return None


def is_tail_of(known: Word, tail: str, tails: re.Pattern[str]) -> bool:
    return bool(tails.match(tail)) and bool(tail or tails is PARTICLES or stands_alone(known.text))


def with_tail(known: Word, tail: str, tails: re.Pattern[str]) -> Word:
    links = tail.endswith("지도") or (tails is PARTICLES and bool(LINKS.search(tail)))
    return Word(known.text + tail, known.kind, known.edits, known.much, links, known.is_narrow)


def stands_alone(form: str) -> bool:
    """Of a form of a verb, whether it is whole without an ending: 쓴, 써, 해, but not 쓰. By the vowel and the last
    consonant of a syllable, as Unicode counts them (3.12, Hangul)."""
    syllable = ord(form[-1]) - ord("가")
    vowel, last = syllable // 28 % 21, syllable % 28
    return (
        last in (4, 16)  # ㄴ, ㅁ
        or (not last and vowel in (1, 4, 6, 9, 10, 14))
        or form in ("우는", "울고", "밀고", "말고", "마", "그만", "채")
    )
