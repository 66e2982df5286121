"""Questions as other programs write them: GIFT, Aiken and Moodle XML. Pure: bytes in, questions out, and back."""
