"""The reading desk: pictures of returned pages in, hints out: code, seal, signature, sharpness.

Pure NumPy and Pillow. Knows where things stand on a printed sheet, but no notice and no reply; it never decides.
"""
