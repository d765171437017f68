"""Settings of every test run: threads, plots, and how long Hypothesis searches.

The profile is named by ``HYPOTHESIS_PROFILE``; without it, ``ci`` where the environment says
``CI`` and ``dev`` elsewhere.
"""

import os
import tempfile

# Before NumPy is imported: the thread pools read these once, and one process per core is faster
# than threads on small matrices.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("MPLBACKEND", "Agg")
# A test sees no result of an earlier run. Processes that a test starts inherit this.
_CACHE = tempfile.TemporaryDirectory(prefix="scoreproof-tests-")
os.environ["XDG_CACHE_HOME"] = _CACHE.name

from hypothesis import HealthCheck, settings  # noqa: E402

# A deadline would measure the machine, not the code; slow draws are exact rationals at work.
settings.register_profile(
    "dev", deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "ci", parent=settings.get_profile("dev"), derandomize=True, database=None, print_blob=True
)
settings.register_profile("deep", parent=settings.get_profile("dev"), max_examples=2000)

settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev")
)
