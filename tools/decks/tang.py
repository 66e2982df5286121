"""历史课，4:3，中文：唐代的科举与诗，年表、表格、地图式示意。"""

from __future__ import annotations

from tools.decks.paper import BLUE, GREY, HAIR, INK, RED, STONE, lines, page, table, title_page
from tools.pdf import Sheet, write

TITLE, PAGES = "唐代的科举与诗", 18

TEXTS = [
    (
        "从隋到唐：为什么要考试？",
        ["九品中正：出身决定官职", "隋炀帝设进士科（约 605 年）", "唐太宗扩大取士", "  “天下英雄入吾彀中矣”"],
    ),
    ("考什么", ["明经：背诵与解释经书", "进士：诗赋与时务策", "  “三十老明经，五十少进士”", "明法、明算：人数很少"]),
    ("一次考试要走多远", ["州县选拔，称为“乡贡”", "十月集于长安", "次年正月，礼部贡院", "二月放榜，曲江宴、雁塔题名"]),
    (
        "行卷：考试之前",
        ["把诗文写成卷，投给名人", "白居易谒见顾况的故事", "  “长安米贵，居大不易”", "公平吗？小组讨论两分钟"],
    ),
    ("为什么考诗", ["格律可以比较高下", "诗里看得出学问和眼界", "也有人反对：与治国何干？"]),
    ("律诗的规矩", ["八句四联：首、颔、颈、尾", "颔联、颈联必须对仗", "平仄相间，二四六分明", "押平声韵，一韵到底"]),
    (
        "读一首：《春望》",
        [
            "国破山河在，城春草木深。",
            "感时花溅泪，恨别鸟惊心。",
            "烽火连三月，家书抵万金。",
            "白头搔更短，浑欲不胜簪。",
        ],
    ),
    ("对仗在哪里？", ["感时 ↔ 恨别", "花 ↔ 鸟", "溅泪 ↔ 惊心", "  词性相同，意义相关或相反"]),
    ("边塞诗", ["王昌龄、岑参、高适", "从军是另一条出路", "  “忽如一夜春风来，千树万树梨花开”"]),
    ("田园诗", ["王维、孟浩然", "仕与隐：两种选择", "  “行到水穷处，坐看云起时”"]),
    ("落第的人", ["孟郊四十六岁才及第", "  “春风得意马蹄疾，一日看尽长安花”", "黄巢屡试不中", "罗隐：十上不第"]),
    ("科举改变了什么", ["寒门有了上升的路", "天下读同样的书", "文官代替门阀", "  代价：学问变窄"]),
    ("材料题", ["《通典》：“进士大抵千人得第者百一二”", "录取率是多少？", "与今天的考试比较，说明什么？"]),
    ("小结", ["科举：隋创、唐兴、清废（1905）", "诗赋取士，诗因此盛", "制度有得有失，要看当时"]),
]


def make() -> bytes:
    sheets: list[Sheet] = [title_page(TITLE, ["中国古代史 · 第十一讲"], square=True)]
    for heading, said in TEXTS[:2]:
        sheets.append(_text(heading, said, len(sheets) + 1))
    sheets.append(_years(len(sheets) + 1))
    for heading, said in TEXTS[2:7]:
        sheets.append(_text(heading, said, len(sheets) + 1))
    sheets.append(_tones(len(sheets) + 1))
    for heading, said in TEXTS[7:12]:
        sheets.append(_text(heading, said, len(sheets) + 1))
    sheets.append(_numbers(len(sheets) + 1))
    for heading, said in TEXTS[12:]:
        sheets.append(_text(heading, said, len(sheets) + 1))
    return write(sheets, TITLE)


def _text(heading: str, said: list[str], number: int) -> Sheet:
    sheet = page(heading, number, square=True)
    lines(sheet, said, size=44, step=104)
    return sheet


def _years(number: int) -> Sheet:
    sheet = page("年表", number, square=True)
    sheet.line(120, 480, 1100, 480, thick=4)
    for n, (year, what) in enumerate(
        [("605", "进士科"), ("618", "唐立"), ("690", "殿试"), ("755", "安史之乱"), ("845", "会昌"), ("907", "唐亡")]
    ):
        x = 150 + n * 180
        sheet.circle(x, 480, 12, fill=RED if year == "755" else BLUE)
        sheet.text(x, 440, year, 38, anchor="middle")
        sheet.text(x, 550 + n % 2 * 60, what, 36, GREY, anchor="middle")
    return sheet


def _tones(number: int) -> Sheet:
    sheet = page("平仄：五律一例", number, square=True)
    for r, row in enumerate(["仄仄平平仄", "平平仄仄平", "平平平仄仄", "仄仄仄平平"]):
        for c, tone in enumerate(row):
            x, y = 220 + c * 160, 260 + r * 140
            sheet.box(x, y, 110, 110, fill=STONE if tone == "平" else "#e3eaf5", line=HAIR)
            sheet.text(x + 55, y + 74, tone, 52, INK, anchor="middle")
    return sheet


def _numbers(number: int) -> Sheet:
    sheet = page("录取人数（约数）", number, square=True)
    rows = [
        ("时期", "应试", "进士"),
        ("贞观", "500", "9"),
        ("开元", "1000", "27"),
        ("大历", "1200", "25"),
        ("咸通", "1000", "30"),
    ]
    table(sheet, rows, 120, 240, 310, tall=84)
    sheet.text(120, 780, "每年百人中取一二人。", 40, GREY)
    return sheet
