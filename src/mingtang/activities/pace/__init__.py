"""Lost, slower, faster: what students say without a word about the page they look at. Counts alone, never names."""

lacks = ("Wall",)
