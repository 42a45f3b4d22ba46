"""Everything in which the stand-in differs from moto, in one place."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID

from vedette.aws.stand_in import wire
from vedette.aws.stand_in.call import Answer, Call, Environ
from vedette.aws.stand_in.gaps import (
    accessanalyzer,
    account,
    cloudtrail,
    credential_report,
    ec2,
    functions,
    guardduty,
    iam,
    messaging,
    network,
    paging,
    rds,
    regions,
    s3,
    s3control,
    securityhub,
    smaller,
    tagging,
)
from vedette.aws.stand_in.gaps.exchange import Exchange, Gap, Guard, Mend
from vedette.aws.stand_in.gaps.state import Place, Root, RootMfa, State

GUARDS: tuple[Guard, ...] = (
    *regions.GUARDS,
    *iam.GUARDS,
    *network.GUARDS,
    *s3.GUARDS,
    *s3control.GUARDS,
)
GAPS: dict[str, Gap] = {
    **accessanalyzer.GAPS,
    **account.GAPS,
    **credential_report.GAPS,
    **ec2.GAPS,
    **functions.GAPS,
    **iam.GAPS,
    **messaging.GAPS,
    **rds.GAPS,
    **regions.GAPS,
    **s3.GAPS,
    **securityhub.GAPS,
    **smaller.GAPS,
}
MENDS: dict[str, Mend] = {
    **cloudtrail.MENDS,
    **ec2.MENDS,
    **functions.MENDS,
    **guardduty.MENDS,
    **iam.MENDS,
    **messaging.MENDS,
    **network.MENDS,
    **regions.MENDS,
    **s3.MENDS,
    **s3control.MENDS,
    **securityhub.MENDS,
    **smaller.MENDS,
    **tagging.MENDS,
}


class Gaps:
    """Answers calls through moto and the gaps, and sets state for which AWS has no API call.

    Where an API call exists (CreateAnalyzer, PutContactInformation, EnableSecurityHub …), use it.
    """

    def __init__(self) -> None:
        self._state = State()

    def clear(self) -> None:
        """Forget everything."""
        self._state = State()

    def answer(self, call: Call, forward: Callable[[Environ], Answer]) -> Answer:
        """Answer a call; `forward` is the way to moto."""
        exchange = Exchange(call, self._state, forward)
        for guard in GUARDS:
            refusal = guard(exchange)
            if refusal is not None:
                return refusal
        gap = GAPS.get(call.name)
        answer = gap(exchange) if gap else exchange.forward()
        return self._mend(exchange, answer) if answer.succeeded else answer

    def _mend(self, exchange: Exchange, answer: Answer) -> Answer:
        mend = MENDS.get(exchange.call.name)
        paged = paging.is_paged(exchange.call)
        if mend is None and not paged:
            return answer
        result = wire.result_of(exchange.call, answer)
        if mend is not None:
            mend(exchange, result)
        if paged:
            paging.cut_page(exchange.call, exchange.parameters, result, self._state.page_size)
        return exchange.reply(result)

    def set_analyzers(
        self, region: str, analyzers: Sequence[dict[str, Any]], *, account: str = DEFAULT_ACCOUNT_ID
    ) -> None:
        """Set a region's analyzers, each as ListAnalyzers describes it (say, one that FAILED)."""
        self._state.analyzers[Place(account, region)] = [dict(one) for one in analyzers]

    def set_root(
        self, *, mfa: RootMfa = "none", access_keys: int = 0, account: str = DEFAULT_ACCOUNT_ID
    ) -> None:
        """Set the root user's MFA device and its number of active access keys (0 to 2)."""
        self._state.roots[account] = Root(mfa, access_keys)

    def set_credentials(
        self, user: str, *, account: str = DEFAULT_ACCOUNT_ID, **columns: str | bool | datetime
    ) -> None:
        """Set columns of a user's row in the credential report, such as `password_last_used`.

        The user `<root_account>` is the root user. Raises ValueError for a column that the report
        does not have.
        """
        unknown = columns.keys() - set(credential_report.COLUMNS)
        if unknown:
            raise ValueError(f"the credential report has no column {', '.join(sorted(unknown))}")
        cells = {name: credential_report.cell(value) for name, value in columns.items()}
        self._state.credentials[account][user].update(cells)

    def set_recorder_status(
        self, region: str, status: str, *, account: str = DEFAULT_ACCOUNT_ID
    ) -> None:
        """Set how the delivery of a region's Config recorder went last (`Success`, `Failure`)."""
        self._state.recorder_statuses[Place(account, region)] = status

    def switch_on(self, region: str, *, account: str = DEFAULT_ACCOUNT_ID) -> None:
        """Switch a region on that is off by default, as account:EnableRegion does."""
        self._state.regions_opted_in[account].add(region)

    def set_page_size(self, size: int | None) -> None:
        """Cut every page to so many entries, to see that all pages are read (None: as AWS)."""
        self._state.page_size = size
