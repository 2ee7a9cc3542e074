"""Files wait with their proposals and are forgotten with them."""

from datetime import timedelta

from db.desk import proposals
from db.engine import Database
from db.files import uploads
from db.records.desk import ProposalKind, Upload
from tests.samples import AT


async def test_a_file_comes_back_as_it_was_kept(database: Database) -> None:
    async with database.writing() as session:
        made = await proposals.make(
            session,
            chat_id=7,
            thread_id=None,
            editor=7,
            kind=ProposalKind.IMPORT,
            step="file",
            at=AT,
        )
        kept = Upload(proposal_id=made.id, name="a.csv", data=b"\x00\xff")
        await uploads.keep(session, kept, at=AT)
    async with database.reading() as session:
        assert await uploads.of_proposal(session, made.id) == kept
        assert await uploads.of_proposal(session, made.id + 1) is None
        assert (await uploads.count_of(session, 7), await uploads.count_of(session, 8)) == (1, 0)
        assert await uploads.older(session, AT) == []
        assert await uploads.older(session, AT + timedelta(seconds=1)) == [made.id]
    async with database.writing() as session:
        await uploads.drop(session, made.id)
    async with database.reading() as session:
        assert await uploads.of_proposal(session, made.id) is None
