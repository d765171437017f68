"""Make a run depend on its seed alone."""

__all__ = ["draw_repeatably"]


def draw_repeatably() -> None:
    """Keep Hypothesis from mixing numbers out of source files into its draws.

    One draw in twenty is otherwise a constant from the source of some loaded module outside of
    site-packages: a search would depend on what else is loaded, so on the number of processes and
    on edits in unrelated files, and would leave a cache folder where it was run. There is no
    public switch, so the function that collects them is replaced by one that finds none.
    """
    from hypothesis.internal.conjecture import providers

    none = providers._local_constants  # noqa: SLF001 - see above; empty before the first draw
    providers._get_local_constants = lambda: none  # noqa: SLF001
