"""Lends arrays to compiled code without counting who holds them.

Compiled functions count references to every array of every tuple they are handed, with locked instructions: in
functions that take fractions of a microsecond that is most of the time. Whoever calls the kernel from outside holds
the arrays anyway, so inside they are lent.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc"
from __future__ import annotations

from numba.core import cgutils, types
from numba.extending import intrinsic


@intrinsic
def lent(typing_context, group):
    """The same tuple with arrays whose holders are not counted; it must not outlive the one given."""

    def generate(context, builder, signature, arguments):
        (kind,), (value,) = signature.args, arguments
        for position, member in enumerate(kind.types):
            if isinstance(member, types.Array):
                array = context.make_array(member)(context, builder, builder.extract_value(value, position))
                array.meminfo = cgutils.get_null_value(array.meminfo.type)
                array.parent = cgutils.get_null_value(array.parent.type)
                value = builder.insert_value(value, array._getvalue(), position)
        return value

    return group(group), generate
