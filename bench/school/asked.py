"""What is asked in these lessons: questions of every form, with how hard they are and what people write."""

from __future__ import annotations

from typing import Any, NamedTuple

NAMES = {
    "zh": [
        "王伟", "李娜", "张敏", "刘洋", "陈静", "杨帆", "赵磊", "黄蕾", "周涛", "吴倩", "徐浩", "孙悦", "胡军",
        "朱琳", "高翔", "林欣", "何平", "郭颖", "马超", "罗丹", "梁宇", "宋佳", "郑凯", "谢雨桐", "韩梓涵",
        "唐一诺", "冯浩然", "于思远", "董子轩", "萧雅婷",
    ],
    "en": [
        "Ada", "Ben", "Chloe", "Dev", "Elif", "Femi", "Grace", "Hugo", "Ines",
        "Jonas", "Kofi", "Lena", "Mateo", "Nora", "Omar", "Priya", "Quinn", "Rosa",
        "Sven", "Tara", "Umar", "Vera", "Wen", "Xenia", "Yusuf", "Zoe", "Aiko",
        "Bela", "Carlos", "Dilan",
    ],
}  # fmt: skip


class Poll(NamedTuple):
    """`hard` in logits: at 0 a middling student is right every second time. `said` is what people type or choose."""

    question: dict[str, Any]
    hard: float = 0.0
    rounds: int = 1
    said: tuple[Any, ...] = ()


class Peer(NamedTuple):
    question: dict[str, Any]
    hard: float = 0.6


def polls(lang: str) -> list[Poll]:
    return _ZH if lang == "zh" else _EN


def peers(lang: str) -> list[Peer]:
    return [
        Peer({"text": text, "options": options, "right": right}, hard) for text, options, right, hard in _PEER[lang]
    ]


def _poll(form: str, text: str, hard: float = 0.0, rounds: int = 1, said: tuple[Any, ...] = (), **more: Any) -> Poll:
    return Poll({"form": form, "text": text, **more}, hard, rounds, said)


_EN = [
    _poll("rating", "How well do you know hash tables?", scale=5, said=("1", "2", "2", "3", "3", "3", "4", "5")),
    _poll("single", "Looking a key up in a hash table costs, on average …", -0.6, right=["a"],
          options=["constant time", "log n", "n", "n log n"], limit=60),
    _poll("truefalse", "Two different keys can have the same hash.", -1.2, right=["true"]),
    _poll("multiple", "Which of these make a good hash function?", 0.7, right=["a", "c"], anonymous=False,
          options=["It spreads keys evenly", "It is secret", "It is quick", "It keeps the order of keys"]),
    _poll("number", "8 buckets, 12 keys: what is the load factor?", 0.1, right=1.5, tolerance=0.01,
          said=(1.5, 1.5, 1.5, 0.67, 12, 20, 1.4, 96, 0.5)),
    _poll("text", "What is it called when two keys meet in one bucket?", -0.2, right="collision",
          said=("collision", "Collision", "a clash", "overflow", "hash conflict", "bucket full", "collision.")),
    _poll("cloud", "Where have you met a dictionary today?", said=(["phone"], ["phone", "Python"], ["library"],
          ["Python", "JSON"], ["cache"], ["contacts"], ["DNS", "cache"], ["compiler"], ["Redis"])),
    _poll("single", "The load factor is 0.9. What now?", 0.4, rounds=2, right=["c"],
          options=["Nothing", "Delete keys", "Double and rehash", "Sort the buckets"], limit=45),
]  # fmt: skip
_ZH = [
    _poll("rating", "你对哈希表有多熟悉？", scale=5, said=("1", "2", "2", "3", "3", "3", "4", "5")),
    _poll("single", "在哈希表里查一个键，平均代价是……", -0.6, right=["a"],
          options=["常数时间", "log n", "n", "n log n"], limit=60),
    _poll("truefalse", "两个不同的键可能有相同的哈希值。", -1.2, right=["true"]),
    _poll("multiple", "好的哈希函数应当满足哪几条？", 0.7, right=["a", "c"], anonymous=False,
          options=["把键均匀散开", "保密", "算得快", "保持键的顺序"]),
    _poll("number", "8 个桶，12 个键，装填因子是多少？", 0.1, right=1.5, tolerance=0.01,
          said=(1.5, 1.5, 1.5, 0.67, 12, 20, 1.4, 96, 0.5)),
    _poll("text", "两个键落进同一个桶，叫什么？", -0.2, right="冲突",
          said=("冲突", "哈希冲突", "碰撞", "冲突。", "溢出", "重叠", "撞桶")),
    _poll("cloud", "今天你在哪里用过“字典”？", said=(["手机"], ["手机", "Python"], ["图书馆"], ["缓存"], ["通讯录"],
          ["编译器"], ["数据库", "缓存"], ["输入法"], ["选课系统"])),
    _poll("single", "装填因子到了 0.9，接下来该怎么办？", 0.4, rounds=2, right=["c"],
          options=["不用管", "删掉一些键", "加倍并重新散列", "给桶排序"], limit=45),
]  # fmt: skip
_PEER = {
    "en": [
        ("Every key falls into one bucket. A search now costs …",
         ["still constant time", "about log n", "about n", "n squared"], "c", 0.9),
        ("We double the table and move all keys. An insert costs, on average over many, …",
         ["n", "log n", "constant time"], "c", 1.1),
        ("Chains are kept sorted. What becomes cheaper?",
         ["inserting", "looking up a missing key", "rehashing", "nothing"], "b", 0.5),
    ],
    "zh": [
        ("所有键都落进同一个桶，这时查找的代价是……", ["仍是常数", "约 log n", "约 n", "n 的平方"], "c", 0.9),
        ("表满了就加倍并搬走所有键，平均到每次插入，代价是……", ["n", "log n", "常数"], "c", 1.1),
        ("把每条链保持有序，什么会变便宜？", ["插入", "查一个不存在的键", "重新散列", "都不会"], "b", 0.5),
    ],
}  # fmt: skip
ASKED = {
    "en": [
        "Why not simply take a bigger table from the start?", "Is the hash the same on every run?",
        "What happens to the old table after doubling?", "Does the order of inserting matter?",
        "How is this done in Python's dict?", "Could you show the last slide again?",
        "What if the keys are floating-point numbers?", "Is linear probing in the exam?",
        "Why 0.75 and not 0.8?", "How does a cuckoo table avoid chains?",
    ],
    "zh": [
        "为什么不一开始就用大一点的表？", "每次运行哈希值都一样吗？", "加倍之后旧表怎么办？", "插入的顺序有影响吗？",
        "Python 的 dict 是怎么做的？", "能再放一下上一页吗？", "键是浮点数怎么办？", "线性探测会考吗？",
        "为什么是 0.75 而不是 0.8？", "布谷鸟哈希怎么避免长链？",
    ],
}  # fmt: skip
TALK = {
    "en": ["I said c, you?", "why not a?", "because all of them are in one chain", "ok that makes sense", "draw it",
           "average over many inserts!", "so it is n", "hm", "I change my mind", "same"],
    "zh": ["我选 c，你呢？", "为什么不是 a？", "因为都在一条链上", "有道理", "画一下看看", "是平均下来的！", "那就是 n",
           "嗯", "我改主意了", "一样"],
}  # fmt: skip
