"""Questions to the Hub in parallel, with a budget: what is not answered is counted, not raised."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from core.errors import UserFacingError
from core.progress import CancelToken, Progress, ProgressCallback, Step


class Inquiry:
    """Counts what was asked and what the Hub left unanswered."""

    def __init__(self, progress: ProgressCallback, cancel: CancelToken, budget: int, workers: int) -> None:
        self._workers = workers
        self._progress = progress
        self._cancel = cancel
        self._budget = budget
        self.asked = 0
        self.unanswered = 0

    def ask(self, questions: Sequence[Callable[[], None]], cost: int = 1) -> tuple[bool, ...]:
        """Ask as many as the budget allows, `workers` at a time; each costs `cost`. True for those that were answered.

        Raises `Cancelled`.
        """
        questions = questions[: max(0, self._budget - self.asked) // cost]
        if not questions:
            return ()
        answered: list[bool] = []
        total = self.asked + cost * len(questions)
        with ThreadPoolExecutor(self._workers, thread_name_prefix="identity") as pool:
            futures = [pool.submit(question) for question in questions]
            try:
                for future in futures:
                    self._cancel.check()
                    answered.append(self._outcome(future.result))
                    self.asked += cost
                    self._progress(Progress(Step.ORIGINAL, self.asked, total, "requests"))
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return tuple(answered)

    def allow(self, more: int) -> None:
        """Raise the budget."""
        self._budget += more

    def _outcome(self, result: Callable[[], None]) -> bool:
        try:
            result()
        except UserFacingError:
            self.unanswered += 1
            return False
        return True
