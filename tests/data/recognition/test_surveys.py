"""Answers of two survey systems, one column a question, whatever rows stand under the headers, become one row an answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prmkit.data.recognition import peek
from prmkit.data.recognition.fit import best_fit
from prmkit.engagement import load_engagement
from prmkit.proposing import look

QUALTRICS = (
    "StartDate,EndDate,Status,Progress,Duration (in seconds),Finished,RecordedDate,ResponseId,RecipientEmail,ExternalReference,"
    "DistributionChannel,UserLanguage,Q1,Q1_NPS_GROUP,Q2,Q2_TEXT,Q7\n"
    "Start Date,End Date,Response Type,Progress,Duration (in seconds),Finished,Recorded Date,Response ID,Recipient Email,"
    "External Data Reference,Distribution Channel,User Language,How likely are you to recommend us?,How likely - Group,"
    '"What worries you, if anything? [worry]",What worries you - Text,How well are leads shared? [driver:leads]\n'
    '"{""ImportId"":""startDate""}","{""ImportId"":""endDate""}","{""ImportId"":""status""}","{""ImportId"":""progress""}",'
    '"{""ImportId"":""duration""}","{""ImportId"":""finished""}","{""ImportId"":""recordedDate""}","{""ImportId"":""_recordId""}",'
    '"{""ImportId"":""recipientEmail""}","{""ImportId"":""externalDataReference""}","{""ImportId"":""distributionChannel""}",'
    '"{""ImportId"":""userLanguage""}","{""ImportId"":""QID1""}","{""ImportId"":""QID1G""}","{""ImportId"":""QID2""}",'
    '"{""ImportId"":""QID2T""}","{""ImportId"":""QID7""}"\n'
    "2025-05-01 09:00:00,2025-05-01 09:05:00,IP Address,100,300,True,2025-05-01 09:05:00,R_1,a@alpha.example,P1,email,EN,9,Promoter,Other,"
    '"=2+2; ""margins""",4 - Well\n'
    "2025-05-02 09:00:00,2025-05-02 09:05:00,IP Address,100,300,True,2025-05-02 09:05:00,R_2,b@beta.example,,email,EN,3,Detractor,,,\n"
)
SURVEYMONKEY = (
    "Respondent ID,Collector ID,Date Created,Date Modified,Email Address,Custom Data 1,How likely are you to recommend us?,"
    "What do you need most?,,Which of these apply?\n"
    ",,,,,,Response,Training,Leads,Open-Ended Response\n"
    "118,55,05/28/2025 10:00:00 AM,05/28/2025 10:05:00 AM,a@alpha.example,P1,10,Training,Leads,nothing\n"
    "119,55,05/29/2025 10:00:00 AM,05/29/2025 10:05:00 AM,b@beta.example,,7,,Leads,\n"
)


def _surveys(folder: Path, text: str, preset: str) -> list[tuple[Any, ...]]:
    (folder / "responses_final_v2.csv").write_text(text, encoding="utf-8")
    (folder / "partners.csv").write_text("partner_id,name,domain\nP1,Alpha,alpha.example\nP2,Beta,beta.example\n", encoding="utf-8")
    (folder / "sales.csv").write_text("date,partner_id,revenue\n2025-06-30,P1,10\n", encoding="utf-8")
    (folder / "engagement.yaml").write_text("client: Example\ndata: .\n", encoding="utf-8")
    fit = best_fit(peek(folder / "responses_final_v2.csv"))
    assert fit is not None
    assert (fit.preset, fit.rivals) == (preset, ())
    seen = look(load_engagement(folder), folder / "out" / ".check")
    assert seen.open == ()
    errors = [fault for fault in seen.inspection.faults if fault.severity == "error"]
    assert errors == []
    frame = seen.inspection.tables["surveys"][["response_id", "partner_id", "date", "question_id", "score", "text"]]
    frame = frame.assign(date=frame["date"].dt.date.astype(str)).astype(object)
    return sorted((tuple(row) for row in frame.where(frame.notna(), None).itertuples(index=False)), key=str)


def test_qualtrics(tmp_path: Path) -> None:
    assert _surveys(tmp_path, QUALTRICS, "qualtrics") == sorted(
        [
            ("R_1", "P1", "2025-05-01", "nps", 9.0, None),
            ("R_1", "P1", "2025-05-01", "worry", None, "Other"),
            ("R_1", "P1", "2025-05-01", "Q2", None, '=2+2; "margins"'),
            ("R_1", "P1", "2025-05-01", "driver:leads", 4.0, None),
            ("R_2", "beta.example", "2025-05-02", "nps", 3.0, None),
        ],
        key=str,
    )


def test_surveymonkey(tmp_path: Path) -> None:
    assert _surveys(tmp_path, SURVEYMONKEY, "surveymonkey") == sorted(
        [
            ("118", "P1", "2025-05-28", "nps", 10.0, None),
            ("118", "P1", "2025-05-28", "What do you need most?", None, "Training; Leads"),
            ("118", "P1", "2025-05-28", "Which of these apply?", None, "nothing"),
            ("119", "beta.example", "2025-05-29", "nps", 7.0, None),
            ("119", "beta.example", "2025-05-29", "What do you need most?", None, "Leads"),
        ],
        key=str,
    )
