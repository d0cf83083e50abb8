"""Recognition: what a client's files are, told by their headers and by a look at their first rows; nothing is taken silently on a guess."""

from prmkit.data.recognition.peek import Peek, peek
from prmkit.data.recognition.recognise import Recognition, recognise

__all__ = ["Peek", "Recognition", "peek", "recognise"]
