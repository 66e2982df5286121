def text() -> str:
    return ""
