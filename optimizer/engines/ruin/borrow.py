"""Lends groups of arrays to compiled code, without copying them and without counting who holds them.

Compiled functions are handed a tuple array by array, and count references to each with locked instructions: in
functions that take fractions of a microsecond that is most of the time. Whoever calls the kernel from outside holds
the arrays anyway, so inside one address stands for the whole tuple.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,override,attr-defined"
from __future__ import annotations

from numba import config
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, register_model


class Lent(types.Type):
    """The address of a named tuple that somebody else holds."""

    def __init__(self, group):
        self.group = group
        super().__init__(name=f"Lent({group})")


@register_model(Lent)
class LentModel(models.PrimitiveModel):
    """One pointer."""

    def __init__(self, manager, kind):
        super().__init__(manager, kind, cgutils.voidptr_t)


@infer_getattr
class LentFields(AttributeTemplate):
    """A lent tuple has the fields of the tuple."""

    key = Lent

    def generic_resolve(self, lent_type, name):
        """The type of a field."""
        group = lent_type.group
        return group.types[group.fields.index(name)] if name in group.fields else None


@lower_getattr_generic(Lent)
def load_field(context, builder, kind, value, name):
    """Loads one field; of an array nobody is noted as holding it."""
    position = kind.group.fields.index(name)
    group = builder.bitcast(value, context.get_value_type(kind.group).as_pointer())
    field = builder.load(cgutils.gep_inbounds(builder, group, 0, position))
    member = kind.group.types[position]
    if isinstance(member, types.Array):
        array = context.make_array(member)(context, builder, field)
        array.meminfo = cgutils.get_null_value(array.meminfo.type)
        array.parent = cgutils.get_null_value(array.parent.type)
        field = array._getvalue()
    return field


@intrinsic
def _lend(typing_context, group):
    """Lends a named tuple to functions called from here; it must not outlive this call."""
    if isinstance(group, Lent):
        return None

    def generate(context, builder, signature, arguments):
        address = cgutils.alloca_once_value(builder, arguments[0])
        return builder.bitcast(address, cgutils.voidptr_t)

    return Lent(group)(group), generate


def _give(group):
    """The tuple itself: in plain Python, for stepping through the kernel with a debugger, nothing needs lending."""
    return group


lent = _give if config.DISABLE_JIT else _lend
