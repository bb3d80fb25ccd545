"""Examples for the OpenAPI document: an invented patient, and the numbers of no real recording."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

from worker.ecg.rhythm import LabelledBeat, rhythm_dict, rhythm_measures

PATIENT_ID: Final = "5c4f0c4e-6f6e-4f5e-9d0b-0d7f7f1c2a11"
RECORDING_ID: Final = "0b7cbb3e-2f0a-4c1d-8f47-1f0a5b6f9d22"
STATUS_URL: Final = f"https://beatline.example/api/v1/recordings/{RECORDING_ID}/"

PATIENT_WRITE = OpenApiExample(
    "A patient",
    {"mrn": "4711-08", "family_name": "Vale", "given_name": "Iris", "birth_date": "1950-02-03", "sex": "female"},
    request_only=True,
)
SEARCH_QUERY = OpenApiExample("As people type it", {"query": "vale 1950"}, request_only=True)
SEARCH_MRN = OpenApiExample("By exact values", {"mrn": "4711-08", "birth_date": "1950-02-03"}, request_only=True)
UPLOADED = OpenApiExample(
    "One picture",
    {
        "id": RECORDING_ID,
        "status_url": STATUS_URL,
        "recordings": [{"id": RECORDING_ID, "page": 1, "status_url": STATUS_URL}],
    },
    response_only=True,
    status_codes=["200", "202"],
)
_RECORDING: Final[dict[str, Any]] = {
    "id": RECORDING_ID,
    "state": "queued",
    "reason": None,
    "kind": None,
    "patient": PATIENT_ID,
    "recorded_at": "2026-11-20",
    "recorded_precision": "day",
    "uploaded_at": "2026-11-22T09:30:00Z",
    "page": 1,
    "pages": 1,
    "withdrawn": None,
    "position": 3,
    "lead": "II",
    "speed_mm_s": 25.0,
    "gain_mm_mv": 10.0,
    "seconds_across": None,
    "content_type": "image/png",
    "size_bytes": 48211,
    "width_px": None,
    "height_px": None,
    "picture_url": None,
    "prediction": None,
    "correction": None,
    "readings": [],
}
RECORDING_QUEUED = OpenApiExample("Waiting", _RECORDING, response_only=True, status_codes=["200"])
RECORDING_DONE = OpenApiExample(
    "With its result",
    {
        **_RECORDING,
        "state": "done",
        "kind": "strip",
        "position": None,
        "width_px": 1200,
        "height_px": 300,
        "picture_url": f"{STATUS_URL}picture",
        "prediction": {
            "id": "9a1e52f4-79d5-4f4c-8f0e-6a0d4c1b7e33",
            "model": {"name": "context", "version": "1.0.0"},
            "summary": {"counts": {"N": 0, "S": 0, "V": 1, "F": 0, "Q": 0}, "rate_bpm": 72.0, "unsure": 0},
            "rhythm": rhythm_dict(rhythm_measures([LabelledBeat("V", 0.61, False)])),
            "beats": [
                {
                    "index": 0,
                    "aami_class": "V",
                    "probabilities": {"N": 0.02, "S": 0.01, "V": 0.95, "F": 0.01, "Q": 0.01},
                    "confidence": 0.95,
                    "unsure": False,
                    "lead": "II",
                    "box": [102, 40, 88, 210],
                    "r_peak_s": 0.61,
                }
            ],
        },
    },
    response_only=True,
    status_codes=["200"],
)
TRACING = OpenApiExample(
    "A strip",
    {
        "recording": RECORDING_ID,
        "prediction": "9a1e52f4-79d5-4f4c-8f0e-6a0d4c1b7e33",
        "layout": "rows-1",
        "quarter_turns": 0,
        "page": [[0.0, 0.0], [1200.0, 0.0], [1200.0, 300.0], [0.0, 300.0]],
        "grid": [[[40.0, 0.0], [40.0, 300.0]]],
        "leads": [
            {
                "lead": "II",
                "lead_source": "user",
                "row": 0,
                "column": 0,
                "start_s": 0.0,
                "fs": 400.0,
                "microvolts": [0, 4, None, 980],
                "heights": [],
                "quality": 92,
                "gap_fraction": 0.01,
                "answers": True,
                "line": [[12.0, 150.0], [146.0, 60.5]],
                "peaks": [{"at_s": 0.61, "point": [146.0, 60.5]}],
            }
        ],
    },
    response_only=True,
    status_codes=["200"],
)
TELL = OpenApiExample(
    "Turned by 90°, at 50 mm/s, one R peak missed",
    {
        "corners": [[0, 300], [0, 0], [1200, 0], [1200, 300]],
        "speed_mm_s": 50,
        "r_peaks_added": [[410.5, 88]],
    },
    request_only=True,
)
