"""The array types of this room."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int32]
"""Dictionary codes of a column, one a row; 0 is a missing value."""
Rows = npt.NDArray[np.int32]
"""Row numbers, ascending."""
Mask = npt.NDArray[np.bool_]
"""One truth value a row."""
Counts = npt.NDArray[np.int64]
"""Numbers of rows; where two-dimensional, one line a literal and one column a time bin."""
Floats = npt.NDArray[np.float64]
