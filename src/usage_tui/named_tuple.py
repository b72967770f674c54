"""`typing.NamedTuple` for classes that a start makes, at a third of its time.

To check the annotations, the standard library compiles each of them, though here they are never evaluated. A
first start makes some hundred classes. Generic ones need the standard library's.
"""

from __future__ import annotations

from collections import namedtuple

TYPE_CHECKING = False  # the start waits for nothing that is only named
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:

    class _Maker(type):
        def __new__(cls, name, bases, body):
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = body["__annotations__"]
            defaults = [body[field] for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])
            for key, value in body.items():
                if key not in fields:
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Maker):
        """A base in name alone: what is derived from it is a tuple."""
