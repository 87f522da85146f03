"""What holds for every test.

Hypothesis profiles: `ci` by default, `deterministic` (`HYPOTHESIS_PROFILE`) to repeat a run.
"""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, settings

_SLOW_MACHINE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]

settings.register_profile(
    "ci", max_examples=100, deadline=None, suppress_health_check=_SLOW_MACHINE, print_blob=True
)
settings.register_profile(
    "deterministic", parent=settings.get_profile("ci"), derandomize=True, database=None
)
settings.register_profile("thorough", parent=settings.get_profile("ci"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# A suite started in the background of a shell inherits an ignored Ctrl-C, and so would every command
# that it interrupts on purpose.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
