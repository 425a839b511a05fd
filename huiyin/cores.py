"""How the numeric libraries use the machine's cores while residents are served."""

from threadpoolctl import threadpool_limits


def leave_cores_to_messages() -> None:
    """Let each small product of matrices run in the thread that asks for it, from now on.

    Messages are the parallel work. A message's products are too small to be shared: the
    threads of OpenBLAS cost a third more processor time than they saved, and at eight residents
    at once 63 messages/s instead of 89 (benchmarks/end_to_end.py). The numeric libraries have
    to be imported before.
    """
    threadpool_limits(limits=1, user_api="blas")
