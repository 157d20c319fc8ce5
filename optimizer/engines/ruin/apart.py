"""Compiled functions that are called where they lie, rather than compiled into each function that calls them.

numba compiles into a function everything that it calls, however deep: in a tall building the lower floors are compiled
once more for each floor above. A function set apart is compiled once, and its callers know nothing but its name.
"""

# mypy: disable-error-code="no-untyped-def,no-untyped-call,misc,attr-defined"
from __future__ import annotations

import inspect
from ctypes import addressof, c_void_p
from functools import partial
from threading import Lock
from typing import Any

from numba import config, njit, typeof, types
from numba.core import cgutils
from numba.core.codegen import ll  # the LLVM that numba itself compiles with
from numba.extending import intrinsic

from optimizer.engines.ruin.borrow import Lent

INT, BOOL, INTS, BOOLS = types.int64, types.boolean, types.int64[::1], types.boolean[::1]
TWO_INTS, THREE_INTS = types.UniTuple(INT, 2), types.UniTuple(INT, 3)

_parts: list[tuple[Any, ...]] = []
_lent: dict[type, Lent] = {}
_lock = Lock()


def apart(*takes, returns=types.void):
    """Sets a function apart, for compiled callers only; a named tuple's class among `takes` stands for one lent."""

    def set_apart(function):
        if config.DISABLE_JIT:
            return function
        name, cell = f"{function.__module__}.{function.__name__}", c_void_p()
        ll.add_symbol(name, addressof(cell))
        _parts.append((name, cell, njit(cache=True, nogil=True)(function), takes, returns))

        def call(typing_context, *_):
            return returns(*_kinds(takes)), partial(_call, name)

        signature = inspect.signature(function)
        context = inspect.Parameter("typing_context", inspect.Parameter.POSITIONAL_ONLY)
        call.__signature__ = signature.replace(parameters=[context, *signature.parameters.values()])
        return intrinsic(call)

    return set_apart


def connect(*groups):
    """Fills in where the functions lie that are set apart, for named tuples like these: before any caller runs.

    Those compiled in an earlier process are read from numba's cache. Raises TypeError for a function that returns
    something else than it says.
    """
    with _lock:
        if config.DISABLE_JIT or all(cell.value for _, cell, *_ in _parts):
            return
        _lent.update({type(group): Lent(typeof(group)) for group in groups})
        for name, cell, function, takes, returns in _parts:
            function.compile(_kinds(takes))
            found = function.overloads[_kinds(takes)]
            if found.signature.return_type != returns:
                raise TypeError(f"{name} returns {found.signature.return_type}, not {returns}")
            cell.value = found.library.get_pointer_to_function(found.fndesc.llvm_func_name)


def _call(name, context, builder, signature, arguments):
    """Calls what the cell of this name points at, as numba calls its own functions."""
    kinds, result = signature.args, signature.return_type
    pointer = context.call_conv.get_function_type(result, kinds).as_pointer()
    cell = builder.module.globals.get(name) or cgutils.add_global_variable(builder.module, pointer, name)
    status, returned = context.call_conv.call_function(builder, builder.load(cell), result, kinds, arguments)
    with cgutils.if_unlikely(builder, status.is_error):
        context.call_conv.return_status_propagate(builder, status)
    return returned


def _kinds(takes):
    return tuple(_lent.get(kind, kind) for kind in takes)
