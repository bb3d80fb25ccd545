"""The networks that ours are compared with, each by its source.

Every module has one ``build`` of the same form: an image ``[n, height, width, channels]`` of ink (0 to 1) in,
logits ``[n, classes]`` out.  The sources end in a softmax; here the loss holds it, which is the same function.
"""
