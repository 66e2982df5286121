"""Questions asked in writing at any time: wanted by others, merged, answered aloud or in text, hanging on a slide."""
