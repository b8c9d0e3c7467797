"""Many runs of one notebook over a grid of parameters: what is planned, and what has become of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from tabulate import tabulate

from mnistlab.errors import ParameterError
from mnistlab.execution.parameters import Value, check_names
from mnistlab.execution.plan import Planner
from mnistlab.runs.record import RunState
from mnistlab.runs.run import Run
from mnistlab.runs.store import Store
from mnistlab.sweeps.grid import Values, draw_settings, grid_settings
from mnistlab.sweeps.outcome import Outcome, read_outcome
from mnistlab.system.formatting import count

MAX_ROWS = 30
"""Rows of the overview, at most."""


@dataclass(frozen=True)
class RandomSearch:
    """Settings drawn at random instead of all of the grid."""

    settings: int  # how many
    seed: int = 0


class Sweep:
    """Runs of one notebook over a grid of parameters.

    Parameters
    ----------
    notebook : str
        Name of a notebook in ``notebooks/``.
    grid : mapping of str to values
        The parameters to vary, as `mnistlab.sweeps.grid.grid_settings` takes them.
    parameters : mapping of str to value
        Other parameters, the same for all runs.
    search : RandomSearch, optional
        Draw settings at random; all of the grid if left out.
    store : str
        A URL that fsspec knows, where every run is copied when it has ended; empty where the workers
        share this machine's ``reports/``.

    Attributes
    ----------
    plans : dict of str to Plan
        By the run's name.
    outcomes : dict of str to Outcome
        What has become of each, as `refresh` found it or the sweep's execution recorded it.

    Raises
    ------
    ParameterError, DataNotFoundError, DataDamagedError, RunError
        If one of the runs cannot be planned. Nothing has been started then.
    """

    def __init__(
        self,
        notebook: str,
        grid: Mapping[str, Values],
        parameters: Mapping[str, Value] | None = None,
        search: RandomSearch | None = None,
        store: str = "",
    ) -> None:
        parameters = parameters or {}
        planner = Planner(notebook)
        check_names(planner.source.stem, planner.known, [*grid, *parameters])
        if twice := sorted(set(grid) & set(parameters)):
            raise ParameterError(f"{twice[0]} is given twice: once for all runs, and once to vary")
        if search:
            settings = draw_settings(planner.known, grid, search.settings, search.seed)
        else:
            settings = grid_settings(planner.known, grid)
        self.varied, self.search = list(grid), search
        self.plans = {plan.name: plan for plan in (planner.plan({**parameters, **setting}) for setting in settings)}
        self.store_url, self._store = store, Store(store) if store else None
        self.outcomes: dict[str, Outcome] = {}

    def setting(self, name: str) -> dict[str, Value]:
        """Return a run's values of the parameters that the sweep varies."""
        return {parameter: self.plans[name].parameters[parameter] for parameter in self.varied}

    def refresh(self) -> None:
        """Find out from disk and store what has become of each run."""
        copies = self._store.records() if self._store else {}
        for name, plan in self.plans.items():
            self.outcomes[name] = read_outcome(plan, copies.get(name))

    @property
    def missing(self) -> list[str]:
        """The names of the runs that are not complete."""
        return [name for name in self.plans if self.outcomes[name].state != RunState.COMPLETE]

    @property
    def is_complete(self) -> bool:
        """Whether every run is complete."""
        return not self.missing

    @property
    def replaces_mnist(self) -> bool:
        """Whether "auto" was asked for and MNIST was not available."""
        return any(plan.dataset is not None and plan.dataset.replaces_mnist for plan in self.plans.values())

    def run(self, name: str) -> Run:
        """Return one of its runs, copied from the store if it is not on this machine."""
        run = Run(self.plans[name].run_dir)
        if self._store and not run.exists:
            self._store.pull(run.path)
        return run

    def overview(self) -> str:
        """Return a table of the settings with their state, and a line that counts them."""
        values = {name: {plan.parameters[name] for plan in self.plans.values()} for name in self.varied}
        size = " x ".join(f"{len(different)} {name}" for name, different in values.items())
        if self.search:
            size = f"drawn at random: {', '.join(self.varied)}"
        rows = [(*self.setting(name).values(), name, outcome.state) for name, outcome in self.outcomes.items()]
        table = tabulate(rows[:MAX_ROWS], (*self.varied, "run", "state"), disable_numparse=True)
        more = f"\n... and {len(rows) - MAX_ROWS:,} more" if len(rows) > MAX_ROWS else ""
        missing = len(self.missing)
        counted = f"{count(len(rows), 'run')}, {len(rows) - missing:,} complete already, {missing:,} to do"
        return f"{table}{more}\n{size}: {counted}"
