"""一百二十页的总复习，16:9，中文：数据结构一学期的内容，每讲五页。"""

from __future__ import annotations

from tools.decks.paper import BLUE, GREY, STONE, WASH, lines, page, table, title_page
from tools.pdf import Sheet, write

TITLE, PAGES = "数据结构总复习", 120

TOPICS: list[tuple[str, str, str, str, str]] = [
    ("顺序表", "连续存放，下标直接到达", "O(1)", "O(n)", "随机访问多、插入少"),
    ("链表", "结点分散，用指针相连", "O(n)", "O(1)", "频繁插入删除"),
    ("栈", "后进先出，只动一端", "O(n)", "O(1)", "括号匹配、函数调用"),
    ("队列", "先进先出，两端各管一事", "O(n)", "O(1)", "排队、广度优先"),
    ("串与模式匹配", "KMP 不回头", "O(n)", "O(m)", "文本查找"),
    ("数组与矩阵压缩", "对称、稀疏各有存法", "O(1)", "O(n)", "科学计算"),
    ("递归", "大问题化为同样的小问题", "—", "—", "树、分治"),
    ("二叉树", "每个结点至多两个孩子", "O(h)", "O(h)", "表达式、编码"),
    ("遍历", "先序、中序、后序、层次", "O(n)", "—", "复制、求值、打印"),
    ("哈夫曼树", "带权路径长度最小", "—", "O(n log n)", "压缩"),
    ("二叉搜索树", "左小右大", "O(h)", "O(h)", "动态查找"),
    ("平衡树", "旋转保持高度", "O(log n)", "O(log n)", "最坏情形也快"),
    ("B 树", "一个结点一个磁盘块", "O(log n)", "O(log n)", "数据库索引"),
    ("散列表", "位置是算出来的", "O(1)", "O(1)", "字典、去重"),
    ("堆", "父不小于子", "O(1)", "O(log n)", "优先队列"),
    ("图的存储", "邻接矩阵与邻接表", "O(1)", "O(1)", "稠密、稀疏"),
    ("图的遍历", "深度优先与广度优先", "O(n+e)", "—", "连通、最短步数"),
    ("最小生成树", "普里姆与克鲁斯卡尔", "O(e log e)", "—", "铺线最省"),
    ("最短路径", "迪杰斯特拉与弗洛伊德", "O(n²)", "—", "导航"),
    ("拓扑排序", "没有回路才有次序", "O(n+e)", "—", "课程先后"),
    ("插入与希尔排序", "几乎有序时很快", "O(n²)", "—", "小数据"),
    ("快速排序", "选基准，分两边", "O(n log n)", "—", "平均最快"),
    ("归并与基数排序", "稳定；基数不比较", "O(n log n)", "—", "外部排序"),
]


def make() -> bytes:
    sheets = [title_page(TITLE, ["计算机学院 · 期末", "二十三个专题"]), _contents(2)]
    for number, topic in enumerate(TOPICS, 1):
        for draw in (_opening, _idea, _cost, _picture, _question):
            sheets.append(draw(number, topic, len(sheets) + 1))
    sheets += [_text("考试说明", ["两小时，闭卷", "选择、填空、画图、算法设计", "每个算法写出思想和代价"], 118)]
    sheets += [
        _text("答疑", ["周三 14:00，信息楼 305", "线上同时进行"], 119),
        _text("祝顺利", ["把位置算出来，不要到处找。"], 120),
    ]
    return write(sheets, TITLE)


def _text(heading: str, said: list[str], number: int) -> Sheet:
    sheet = page(heading, number)
    lines(sheet, said, size=48, step=116)
    return sheet


def _contents(number: int) -> Sheet:
    sheet = page("目录", number)
    for n, topic in enumerate(TOPICS):
        sheet.text(110 + n // 8 * 500, 260 + n % 8 * 74, f"{n + 1}. {topic[0]}", 36)
    return sheet


def _opening(n: int, topic: tuple[str, ...], number: int) -> Sheet:
    sheet = page(f"{n}. {topic[0]}", number)
    sheet.box(110, 300, 1380, 260, fill=STONE)
    sheet.text(800, 450, topic[1], 64, anchor="middle")
    sheet.text(800, 700, f"用在：{topic[4]}", 42, GREY, anchor="middle")
    return sheet


def _idea(n: int, topic: tuple[str, ...], number: int) -> Sheet:
    return _text(
        f"{topic[0]}：要点",
        [f"核心：{topic[1]}", f"查找 {topic[2]}，插入 {topic[3]}", "先想清不变的是什么", "再写循环"],
        number,
    )


def _cost(n: int, topic: tuple[str, ...], number: int) -> Sheet:
    sheet = page(f"{topic[0]}：代价", number)
    table(
        sheet,
        [("操作", "平均", "备注"), ("查找", topic[2], "按值"), ("插入", topic[3], "位置已知"), ("用途", "", topic[4])],
        110,
        240,
        450,
        92,
    )
    return sheet


def _picture(n: int, topic: tuple[str, ...], number: int) -> Sheet:
    sheet = page(f"{topic[0]}：图示", number)
    for cell in range(8):
        lit = (cell * 5 + n) % 8 < 3
        sheet.box(130 + cell * 165, 380, 150, 150, fill=WASH if lit else "#ffffff", line="#22211f")
        sheet.text(
            205 + cell * 165, 478, str((cell * 37 + n * 13) % 97), 54, BLUE if lit else "#22211f", anchor="middle"
        )
    sheet.text(130, 640, "蓝色：这一步要看的元素", 36, GREY)
    return sheet


def _question(n: int, topic: tuple[str, ...], number: int) -> Sheet:
    wrong = TOPICS[n % len(TOPICS)]
    return _text(
        f"{topic[0]}：自测",
        ["下面哪句话说的是它？", f"  A. {topic[1]}", f"  B. {wrong[1]}", "写下理由，再举手。"],
        number,
    )
