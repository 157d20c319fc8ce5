"""How the tests of cells ask why a reader refuses."""

import pytest

from data.importers.result import BadValue


def refused(read, *arguments):
    """The complaint of a reader that refuses; there is always an advice as well."""
    with pytest.raises(BadValue) as caught:
        read(*arguments)
    assert caught.value.mend
    return caught.value.what
